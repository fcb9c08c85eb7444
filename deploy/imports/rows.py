"""One row becomes one complaint in the JSON of the API, or a sentence about the cell at fault."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deploy.imports.columns import Column, Value, columns_of
from deploy.imports.layout import Layout, cell_at
from deploy.imports.mapping import ImportMap
from deploy.imports.problems import Problem
from shared.clock import SHANGHAI
from shared.i18n import N_
from shared.sheets import cells
from shared.sheets.cells import Cell, is_empty
from shared.sheets.problems import CellRefusedError, Remark
from shared.sheets.sheet import Sheet

LONGEST_SHOWN = 60
TOO_WIDE = Remark(N_("这一行的格子比列名多；内容里若有分隔符，请给那一格加上引号。"))


@dataclass(frozen=True)
class Row:
    """What became of one row: a complaint, or a problem that refuses it; notes may go with both."""

    number: int
    complaint: dict[str, Any] | None
    problems: tuple[Problem, ...] = ()
    cells: Sequence[Cell] = ()
    """As they stand in the file."""


def rows_of(sheet: Sheet, layout: Layout, chosen: ImportMap, now: datetime) -> Iterator[Row]:
    """Every row below the header that holds anything, in order; none is left out silently."""
    columns = columns_of(layout, chosen)
    width = len(sheet.rows[layout.header_at][1])
    for number, row in sheet.rows[layout.header_at + 1 :]:
        if all(is_empty(cell) for cell in row):
            continue
        if len(row) > width and (more := shown(" ".join(map(cells.line_of, row[width:])))):
            yield Row(number, None, (Problem(number, None, more, TOO_WIDE),), row)
        else:
            yield mapped(number, row, columns, chosen.source, now)


def mapped(
    number: int, row: Sequence[Cell], columns: Sequence[Column], source: str, now: datetime
) -> Row:
    complaint: dict[str, Any] = {"external": {"source": source}}
    problems: list[Problem] = []
    for column in columns:
        cell = cell_at(row, column.index)
        try:
            value, note = read(column, cell)
            check(column.target, value, now)
        except CellRefusedError as error:
            problems.append(Problem(number, column.title, shown(cell), error.remark))
            continue
        if note:
            problems.append(Problem(number, column.title, shown(cell), note, refused=False))
        put(complaint, column.target, value)
    if any(one.refused for one in problems):
        return Row(number, None, tuple(problems), row)
    finish(complaint)
    return Row(number, complaint, tuple(problems), row)


def shown(cell: Cell) -> str:
    """The cell in a report: one line, shortened."""
    line = cells.line_of(cell)
    return line if len(line) <= LONGEST_SHOWN else line[: LONGEST_SHOWN - 1] + "…"


def read(column: Column, cell: Cell) -> Value:
    """The value of one field and a remark on how it was read."""
    if not is_empty(cell):
        return column.read(cell)
    if column.required and column.default is None:
        raise CellRefusedError("这一栏没有填；请补上。")
    return column.default, None


def check(target: str, value: Any, now: datetime) -> None:
    if target == "external.received_at" and isinstance(value, datetime) and value > now:
        raise CellRefusedError("这个时间还没有到；请核对年份。")


def put(complaint: dict[str, Any], target: str, value: Any) -> None:
    """Set `matter.text` and the like; nothing for an empty value."""
    if value is None or value in ("", []):
        return
    if isinstance(value, datetime):
        value = value.astimezone(SHANGHAI).isoformat()
    outer, _, inner = target.partition(".")
    if inner:
        complaint.setdefault(outer, {})[inner] = value
    else:
        complaint[outer] = value


def finish(complaint: dict[str, Any]) -> None:
    """Claims in the form of the API; a row without a number of its own is named by its content."""
    if claims := complaint.pop("claims", None):
        amount = {"amount_fen": claims["amount_fen"]} if "amount_fen" in claims else {}
        complaint["claims"] = [{"kind": kind} | amount for kind in claims.get("kind", ["other"])]
    external = complaint["external"]
    if "id" not in external:
        content = json.dumps(complaint, ensure_ascii=False, sort_keys=True)
        external["id"] = "sha256-" + hashlib.sha256(content.encode()).hexdigest()[:32]
