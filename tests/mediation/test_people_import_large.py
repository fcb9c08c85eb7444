"""Large spreadsheets: what is wrong with thousands of rows, and who waits while they are read."""

import io
import threading
from typing import Any

from starlette.datastructures import FormData, UploadFile

from services.mediation.pages.people.imports import lines_in
from services.mediation.use_cases.people.doing import CONSOLE
from services.mediation.use_cases.people.importing import (
    UNIT_COLUMNS,
    Columns,
    Line,
    Outcome,
    import_staff,
    import_units,
    plan_staff,
    plan_units,
)
from services.mediation.use_cases.people.importing.unit_lines import planned
from shared.clock import local_day
from shared.work import Database

MOST = 20_000
TOO_DEEP, NO_PARENT = "部门最多64级。", "没有上级代码「{}」：请先写上级那一行，或者改正代码。"


class Watched(dict[str, Any]):
    """Cells or columns that know in which threads they were read."""

    def __init__(self, *known: Any) -> None:
        super().__init__(*known)
        self.threads: set[int] = set()

    def get(self, key: str, default: Any = None) -> Any:
        if key in {"display", "code"}:
            self.threads.add(threading.get_ident())
        return super().get(key, default)

    def items(self) -> Any:
        self.threads.add(threading.get_ident())
        return super().items()


def a_chain(first: str, rows: int) -> list[Line]:
    """Units each below the one before; the first one below this code."""
    above = [first, *(f"u{n}" for n in range(rows))]
    cells = ({"code": f"u{n}", "name": "部门", "parent": above[n]} for n in range(rows))
    return [Line(n, one) for n, one in enumerate(cells, 2)]


def refusals(lines: list[Line]) -> list[str]:
    return [
        one.remarks[0].in_words("zh")
        for one in planned(lines, {}).rows
        if one.outcome is Outcome.REFUSED
    ]


def test_of_a_chain_of_thousands_only_the_upper_levels_come_in() -> None:
    assert refusals(a_chain("", MOST)) == [TOO_DEEP] * (MOST - 64)


def test_of_a_chain_below_nothing_nobody_comes_in() -> None:
    expected = [NO_PARENT.format("nowhere"), *(NO_PARENT.format(f"u{n}") for n in range(62))]
    assert refusals(a_chain("nowhere", MOST)) == [*expected, *[TOO_DEEP] * (MOST - 63)]


def test_who_stands_below_a_loop_reads_that_there_is_no_parent() -> None:
    lines = [
        Line(2, {"code": "a", "name": "甲", "parent": "b"}),
        Line(3, {"code": "b", "name": "乙", "parent": "a"}),
        Line(4, {"code": "c", "name": "丙", "parent": "b"}),
    ]
    loop = "上级绕成了圈：「{}」最后又归到自己下面。"
    assert refusals(lines) == [loop.format("a"), loop.format("b"), NO_PARENT.format("b")]


async def test_a_file_is_not_read_where_everybody_else_is_answered() -> None:
    names = Watched(UNIT_COLUMNS.names)
    file = UploadFile(io.BytesIO("代码,名称\nsn,遂宁\n".encode()), filename="units.csv")
    form = FormData([("file", file)])
    [line] = await lines_in(form, Columns(names, UNIT_COLUMNS.required))
    assert line == Line(2, {"code": "sn", "name": "遂宁"})
    assert names.threads
    assert threading.get_ident() not in names.threads


async def test_rows_are_not_compared_where_everybody_else_is_answered(database: Database) -> None:
    unit = Watched({"code": "sn", "name": "遂宁"})
    person = Watched({"name": "wang", "display": "王芳", "roles": "调解员"})
    units, people = [Line(2, unit)], [Line(2, person)]
    async with database.reading() as session:
        await plan_units(session, "main", units)
        await plan_staff(session, "main", people, CONSOLE, local_day(database.clock()))
    async with database.work() as work:
        await import_units(work, "main", units, CONSOLE)
        await import_staff(work, "main", people, CONSOLE)
    assert unit.threads
    assert person.threads
    assert threading.get_ident() not in unit.threads | person.threads
