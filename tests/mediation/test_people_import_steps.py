"""Who waits for an import of people or units hears of each part of it, and may end it there."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from services.mediation.tables import GrantRow, StaffRow, UnitRow
from services.mediation.use_cases.people.doing import CONSOLE
from services.mediation.use_cases.people.importing import Line, import_staff, import_units
from services.mediation.use_cases.people.importing.plans import Went
from shared.trail.tables import AuditRow
from shared.work import Database
from tests.mediation.people import count

Import = Callable[[Database, Went], Awaitable[Any]]


async def people(database: Database, went: Went, many: int = 250) -> None:
    """So many people with two roles each."""
    cells = ({"name": f"u{n}", "display": "王芳", "roles": "调解员、登记员"} for n in range(many))
    lines = [Line(row, one) for row, one in enumerate(cells, 2)]
    async with database.work() as work:
        await import_staff(work, "main", lines, CONSOLE, went)


async def tree(database: Database, went: Went, many: int = 250) -> None:
    """So many units below one of them."""
    cells = ({"code": f"u{n}", "name": "部门", "parent": "u0" * (n > 0)} for n in range(many))
    lines = [Line(row, one) for row, one in enumerate(cells, 2)]
    async with database.work() as work:
        await import_units(work, "main", lines, CONSOLE, went)


@pytest.mark.parametrize("bring", [people, tree])
async def test_each_hundred_rows_are_told_when_they_are_done(
    database: Database, bring: Import
) -> None:
    steps: list[tuple[int, int]] = []
    await bring(database, lambda *step: steps.append(step))
    assert steps == [(0, 250), (100, 250), (200, 250), (250, 250)]


@pytest.mark.parametrize("bring", [people, tree])
async def test_rows_that_change_nothing_are_done_from_the_start(
    database: Database, bring: Callable[..., Awaitable[Any]]
) -> None:
    await bring(database, lambda *_: None, 200)
    steps: list[tuple[int, int]] = []
    await bring(database, lambda *step: steps.append(step), 250)
    assert steps == [(200, 250), (250, 250)]


class HungUpError(Exception):
    """Whoever waited is gone."""


@pytest.mark.parametrize("bring", [people, tree])
async def test_who_hangs_up_in_the_middle_brings_nobody_in(
    database: Database, bring: Import
) -> None:
    def went(done: int, of: int) -> None:
        if done == 200:
            raise HungUpError

    with pytest.raises(HungUpError):
        await bring(database, went)
    kept = [await count(database, table) for table in (StaffRow, GrantRow, UnitRow, AuditRow)]
    assert kept == [0, 0, 0, 0]
