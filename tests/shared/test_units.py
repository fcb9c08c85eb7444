"""How sisters follow the units: the newest word counts, whatever comes late or twice."""

from collections.abc import AsyncGenerator
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.events import UnitChanged
from shared.messaging import tables
from shared.rights import Action, Grant, Rights, Role
from shared.units import Place, Tree, note_units, path_of, sight_of, tree_for
from shared.units.tables import Base
from shared.vault import Vault
from shared.work import Database
from tests.conftest import StandingClock

TOP, WARD, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)
ME = UUID(int=9)


@pytest.fixture
async def database(
    engine: AsyncEngine, clock: StandingClock, vault: Vault
) -> AsyncGenerator[Database]:
    async with engine.begin() as connection:
        for metadata in (tables.Base.metadata, Base.metadata):
            await connection.run_sync(metadata.create_all)
    made = Database(engine, clock, vault)
    yield made
    await made.close()


def told(  # noqa: PLR0913 - what an event says
    unit: UUID,
    clock: StandingClock,
    version: int = 1,
    parent: UUID | None = None,
    code: str = "u",
    *,
    ended: bool = False,
) -> UnitChanged:
    above = path_of("", parent) if parent else ""
    return UnitChanged(
        occurred_at=clock(),
        unit_id=unit,
        version=version,
        body="main",
        parent=parent,
        path=path_of(above, unit),
        code=code,
        ended=ended,
    )


async def tree_after(database: Database, *events: UnitChanged) -> Tree:
    async with database.work() as work:
        await note_units(work, events)
    return await tree_for(database, database.clock())


async def test_units_are_known_as_they_are_told(database: Database, clock: StandingClock) -> None:
    tree = await tree_after(database, told(TOP, clock, code="city"), told(WARD, clock, parent=TOP))
    assert tree.by_id[TOP].code == "city"
    assert tree.by_id[WARD].parent == TOP
    assert tree.under("main", path_of("", TOP)) == {TOP, WARD}


async def test_of_several_words_on_a_unit_the_newest_counts(
    database: Database, clock: StandingClock
) -> None:
    tree = await tree_after(
        database,
        told(TOP, clock, 3, code="third"),
        told(TOP, clock, 1, code="first"),
        told(TOP, clock, 2, code="second"),
    )
    assert tree.by_id[TOP].code == "third"


async def test_what_comes_late_or_twice_changes_nothing(
    database: Database, clock: StandingClock
) -> None:
    await tree_after(database, told(TOP, clock, 2, code="new", ended=True))
    tree = await tree_after(database, told(TOP, clock, 1, code="old"))
    assert (tree.by_id[TOP].code, tree.by_id[TOP].ended) == ("new", True)
    tree = await tree_after(database, told(TOP, clock, 2, code="new", ended=True))
    assert len(tree.units) == 1
    assert len((await tree_after(database)).units) == 1


async def test_a_unit_that_moves_takes_its_place_with_the_next_word(
    database: Database, clock: StandingClock
) -> None:
    await tree_after(database, told(TOP, clock), told(WARD, clock, parent=TOP))
    tree = await tree_after(database, told(WARD, clock, 2, parent=OTHER), told(OTHER, clock))
    assert tree.under("main", path_of("", TOP)) == {TOP}
    assert tree.under("main", path_of("", OTHER)) == {OTHER, WARD}


async def test_the_tree_is_read_anew_after_twenty_seconds(
    database: Database, clock: StandingClock
) -> None:
    before = await tree_after(database, told(TOP, clock))
    assert await tree_for(database, clock()) is before
    clock.move(seconds=21)
    again = await tree_for(database, clock())
    assert again is not before
    assert again == before


async def test_who_asks_before_the_commit_has_the_new_tree_after_it(
    database: Database, clock: StandingClock
) -> None:
    await tree_after(database, told(TOP, clock))
    async with database.work() as work:
        await note_units(work, [told(WARD, clock, parent=TOP)])
        assert set((await tree_for(database, clock())).by_id) == {TOP}
    assert set((await tree_for(database, clock())).by_id) == {TOP, WARD}


def test_a_thing_in_several_hands_is_its_owners_each() -> None:
    rights = Rights((Grant(Role.PARTNER, ME, ""),))
    sees = sight_of(rights, Action.CASE_READ, Tree())
    assert sees.admits(Place("main", None, (None, ME)))
    assert not sees.admits(Place("main", None, (None, OTHER)))
