"""Whoever asks for the tree while units are being changed has the new one once they are."""

from collections.abc import Awaitable, Callable

import pytest

from services.mediation.use_cases.people.doing import CONSOLE
from services.mediation.use_cases.people.importing import UNIT_COLUMNS, import_units, lines_of
from services.mediation.use_cases.people.units import Wished, change_unit, end_unit, make_unit
from services.mediation.use_cases.tree import tree_for
from shared.sheets import sheet_of
from shared.work import Database, Work
from tests.mediation.people import a_unit
from tests.mediation.things import a_case

NEW = Wished("new", "新的部门")


async def codes(database: Database) -> set[str]:
    """The units that are not ended, as whoever asks now is given them."""
    tree = await tree_for(database, database.clock())
    return {one.code for one in tree.units if not one.ended}


async def renamed(database: Database, work: Work) -> None:
    unit = next(iter((await tree_for(database, work.now)).units))
    await change_unit(work, unit.id, Wished("other", "新的名称"), CONSOLE)


async def ended(database: Database, work: Work) -> None:
    unit = next(iter((await tree_for(database, work.now)).units))
    await end_unit(work, unit.id, CONSOLE)


async def made(_database: Database, work: Work) -> None:
    await make_unit(work, "main", NEW, CONSOLE)


async def imported(_database: Database, work: Work) -> None:
    sheet = sheet_of("代码,名称,上级代码,行政区划\nnew,新的部门,,\n".encode(), "units.csv")
    await import_units(work, "main", lines_of(sheet, UNIT_COLUMNS), CONSOLE)


@pytest.mark.parametrize(
    ("change", "after"),
    [
        (made, {"ward", "new"}),
        (imported, {"ward", "new"}),
        (renamed, {"other"}),
        (ended, set[str]()),
    ],
)
async def test_who_asks_before_the_commit_is_given_the_old_tree_and_after_it_the_new_one(
    database: Database,
    change: Callable[[Database, Work], Awaitable[None]],
    after: set[str],
) -> None:
    await a_unit(database, "ward")
    assert await codes(database) == {"ward"}
    async with database.work() as work:
        await change(database, work)
        assert await codes(database) == {"ward"}
    assert await codes(database) == after


async def test_a_unit_that_is_taken_back_leaves_the_tree_as_it_was(database: Database) -> None:
    await a_unit(database, "ward")

    async def taken_back() -> None:
        async with database.work() as work:
            await make_unit(work, "main", NEW, CONSOLE)
            raise KeyError

    with pytest.raises(KeyError):
        await taken_back()
    assert await codes(database) == {"ward"}


async def test_a_case_begins_at_once_in_the_unit_that_was_made_for_its_region(
    database: Database,
) -> None:
    assert (await a_case(database, region="510903")).unit is None
    async with database.work() as work:
        new = await make_unit(work, "main", Wished("new", "新的部门", None, "510903"), CONSOLE)
        assert await codes(database) == set()
    assert (await a_case(database, region="510903")).unit == new.id
