"""What a file is, its content says; which column feeds which field, the map says."""

from pathlib import Path

import pytest

from deploy.imports.layout import layout_of
from deploy.imports.mapping import load_map, shipped_maps
from shared.sheets import open_sheet
from tests.deploy.files import MAILBOX, a_message, a_workbook

CSV = '留言编号,留言时间,留言详情\n7,2026/5/2,“镕”字打不出来\n8,2026/5/3,"两行\n的话"\n'


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
        ("utf-16", "utf-16"),
    ],
)
def test_a_text_file_is_read_in_the_encoding_it_has(
    tmp_path: Path, encoding: str, named: str
) -> None:
    path = tmp_path / "留言.csv"
    path.write_bytes(CSV.encode(encoding))
    sheet = open_sheet(path)
    assert sheet.encoding == named
    assert sheet.rows == [
        (1, ["留言编号", "留言时间", "留言详情"]),
        (2, ["7", "2026/5/2", "“镕”字打不出来"]),
        (3, ["8", "2026/5/3", "两行\n的话"]),
    ]


def test_a_semicolon_or_a_tab_may_separate(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    for separator in ";\t":
        path.write_text(separator.join(["编号", "内容"]) + "\n")
        assert open_sheet(path).rows == [(1, ["编号", "内容"])]


def test_rows_keep_the_numbers_the_spreadsheet_shows(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "a.xlsx", [MAILBOX, a_message(1)], above=3)
    sheet = open_sheet(path)
    assert [number for number, row in sheet.rows if any(row)] == [4, 5]


def test_columns_nobody_knows_are_told_not_dropped_silently(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "a.xlsx", [["编号", "投诉内容 *", "颜色"], ["1", "内容", "红"]])
    layout = layout_of(open_sheet(path), load_map("ledger"))
    assert layout.places == {"external.id": (0, "编号"), "matter.text": (1, "投诉内容 *")}
    assert layout.unused == ("颜色",)


def test_every_shipped_map_is_valid() -> None:
    assert shipped_maps() == ["ledger", "mayor-mailbox"]
    assert [load_map(name).name for name in shipped_maps()] == shipped_maps()
