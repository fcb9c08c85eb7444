"""Rows of a spreadsheet as lines with named cells; columns in Chinese or English."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from shared.sheets import Sheet
from shared.sheets.cells import Cell, line_of
from shared.sheets.headers import header_key
from shared.sheets.problems import FileRefusedError, Several

SEARCHED = 20
"""Rows among which the names of the columns are looked for."""
MOST_LINES = 20_000


@dataclass(frozen=True)
class Columns:
    """The columns of a kind of file: field, and the names it may have; the first one is ours."""

    names: Mapping[str, tuple[str, ...]]
    required: frozenset[str]


STAFF_COLUMNS = Columns(
    {
        "name": ("账号", "name", "account", "登录名"),
        "display": ("姓名", "display", "display name"),
        "unit": ("部门代码", "unit", "unit code", "部门"),
        "roles": ("角色", "roles", "role"),
        "phone": ("电话", "phone", "办公电话"),
        "first_on": ("生效日期", "from", "first_on"),
        "last_on": ("失效日期", "to", "last_on"),
    },
    frozenset({"name"}),
)
UNIT_COLUMNS = Columns(
    {
        "code": ("代码", "code", "部门代码"),
        "name": ("名称", "name", "部门名称"),
        "parent": ("上级代码", "parent", "parent code"),
        "region": ("行政区划", "region", "行政区划代码"),
    },
    frozenset({"code"}),
)


@dataclass(frozen=True)
class Line:
    """One row: the number the spreadsheet shows, and its cells as text; empty ones are missing."""

    row: int
    cells: Mapping[str, str]

    def cell(self, field: str) -> str:
        """The text of a cell; empty where there is none."""
        return self.cells.get(field, "")

    def as_json(self) -> list[Any]:
        """For a hidden field or a socket; `lines_from` reads it."""
        return [self.row, dict(self.cells)]


def lines_from(said: Iterable[Sequence[Any]]) -> list[Line]:
    """Read what `Line.as_json` wrote. Raises ValueError for anything else."""
    found = [Line(row, cells) for row, cells in said]
    if not all(isinstance(one.row, int) and plain(one.cells) for one in found):
        raise ValueError("These are no lines of ours.")
    return found


def plain(cells: Any) -> bool:
    return isinstance(cells, dict) and all(isinstance(one, str) for one in cells.values())


def lines_of(sheet: Sheet, columns: Columns) -> list[Line]:
    """All rows below the names of the columns that hold anything.

    Raises FileRefusedError where a column is missing, or there are too many rows.
    """
    at, places = header_of(sheet, columns)
    found: list[Line] = []
    for number, row in sheet.rows[at + 1 :]:
        cells = {field: text_in(row, index) for field, index in places.items()}
        if held := {field: text for field, text in cells.items() if text}:
            found.append(Line(number, held))
    if len(found) > MOST_LINES:
        raise FileRefusedError(
            "表里有{n}行，一次最多{most}行；请分成几个文件。", n=len(found), most=MOST_LINES
        )
    return found


def header_of(sheet: Sheet, columns: Columns) -> tuple[int, dict[str, int]]:
    """Where the names of the columns stand, and which field each column is."""
    for at, (_, row) in enumerate(sheet.rows[:SEARCHED]):
        keys = [header_key(line_of(cell)) for cell in row]
        places = {
            field: keys.index(key)
            for field, names in columns.names.items()
            for key in [next((one for one in map(header_key, names) if one in keys), None)]
            if key is not None
        }
        if columns.required <= places.keys():
            return at, places
    wanted = Several("/".join(columns.names[one]) for one in sorted(columns.required))
    raise FileRefusedError(
        "“{sheet}”缺少列：{wanted}；请照模板写列名。", sheet=sheet.name, wanted=wanted
    )


def text_in(row: Sequence[Cell], index: int) -> str:
    cell = row[index] if index < len(row) else None
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return line_of(cell)
