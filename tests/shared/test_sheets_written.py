"""Tables that grow row by row: the same text in Excel and in CSV, and never a formula."""

import csv
import stat
import tempfile
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from shared.sheets.formulas import FORMULA
from shared.sheets.writing import Column, Csv, Excel, Value, growing, temporary

COLUMNS = [Column("名称", 30), Column("金额"), Column("日期")]
FIRST: list[Value] = ["安澜禾木家居", 32.5, date(2026, 6, 23)]


def in_excel(path: Path) -> list[list[tuple[object, str]]]:
    """Each cell with its type, as Excel has it."""
    sheet = load_workbook(path).active
    assert sheet is not None
    return [[(cell.value, cell.data_type) for cell in row] for row in sheet.iter_rows()]


def in_csv(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def names_in(folder: Path) -> list[str]:
    return [one.name for one in folder.iterdir()]


def test_text_numbers_and_days_of_an_excel_file_stay_what_they_are(tmp_path: Path) -> None:
    table = Excel(tmp_path / "a.xlsx", COLUMNS, "台账", fixed=1)
    table.add([FIRST])
    table.add([["", None, None], ["=1+1", 1, None]])
    table.close()
    sheet = load_workbook(tmp_path / "a.xlsx").active
    assert sheet is not None
    assert (sheet.title, sheet.freeze_panes) == ("台账", "B2")
    assert sheet.column_dimensions["A"].width == pytest.approx(30, abs=1)
    head, first, empty, last = in_excel(tmp_path / "a.xlsx")
    assert head == [("名称", "s"), ("金额", "s"), ("日期", "s")]
    assert [kind for _, kind in first] == ["s", "n", "d"]
    assert [value for value, _ in empty] == [None, None, None]
    assert last[:2] == [("=1+1", "s"), (1, "n")]


@pytest.mark.parametrize("first", FORMULA)
def test_what_begins_like_a_formula_is_text_in_both(tmp_path: Path, first: str) -> None:
    typed = f'{first}HYPERLINK("https://evil.example")'
    tables = Csv(tmp_path / "a.csv", COLUMNS), Excel(tmp_path / "a.xlsx", COLUMNS)
    for table in tables:
        table.add([[typed, 1, None]])
        table.close()
    assert in_csv(tmp_path / "a.csv") == [["名称", "金额", "日期"], [f"'{typed}", "1", ""]]
    assert in_excel(tmp_path / "a.xlsx")[1][0][1] == "s"


async def test_a_temporary_table_is_its_owners_alone_and_stays_for_the_caller() -> None:
    async with temporary("csv") as path:
        async with growing(lambda: Csv(path, COLUMNS)) as table:
            table.add([FIRST])
        assert in_csv(path)[1] == ["安澜禾木家居", "32.5", "2026-06-23"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.unlink()


async def test_a_table_that_fails_halfway_leaves_no_file_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    async def halfway() -> None:
        async with temporary("xlsx") as path, growing(lambda: Excel(path, COLUMNS)) as table:
            table.add([FIRST])
            assert path.name in names_in(tmp_path)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        await halfway()
    assert names_in(tmp_path) == []
