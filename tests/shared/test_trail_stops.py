"""Reading stops after so many rows, however few of them are theirs, and says where to go on."""

from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from services.mediation.use_cases.trail.sources import Found, gather
from shared.clock import Clock
from shared.trail import Chain, Doer, Said, note
from shared.trail.question import Question
from shared.trail.reading import Lines, read
from shared.vault import Vault
from shared.work import Database
from tests.shared.trails import LIN, trail_on

STRANGER = Doer("stranger")
OF_MAIN = Question(bodies=["main"], staff=[UUID(int=7)])


@pytest.fixture
async def database(engine: AsyncEngine, clock: Clock, vault: Vault) -> Database:
    return await trail_on(engine, clock, vault)


async def refused(database: Database, doer: Doer, count: int = 1) -> None:
    for _ in range(count):
        async with database.work() as work:
            await note(work, Chain("refused", "intake"), doer, Said("code.wrong"))


def asking(limit: int, most: int, before: UUID | None = None) -> Question:
    return OF_MAIN.model_copy(update={"limit": limit, "most_opened": most, "before": before})


async def opened_one_by_one(database: Database) -> list[Lines]:
    """Every answer until there is no more."""
    answers = [await read(database, asking(2, 5))]
    while answers[-1].stopped:
        answers.append(await read(database, asking(2, 5, answers[-1].stopped)))
    return answers


async def test_among_the_refusals_of_strangers_reading_stops_after_so_many_rows(
    database: Database,
) -> None:
    await refused(database, LIN)
    await refused(database, STRANGER, 11)
    first, second, third = await opened_one_by_one(database)
    assert (first.items, second.items) == ([], [])
    assert [line.seq for line in third.items] == [1]
    every = (await read(database, Question())).items
    assert (first.stopped, second.stopped) == (every[4].id, every[9].id)


async def test_where_nothing_more_follows_or_the_page_is_full_nothing_says_that_it_stopped(
    database: Database,
) -> None:
    await refused(database, STRANGER, 3)
    await refused(database, LIN, 2)
    full, rest = await read(database, asking(2, 5)), await read(database, asking(5, 6))
    assert [(len(one.items), one.stopped) for one in (full, rest)] == [(2, None), (2, None)]


async def test_what_others_have_further_back_waits_for_the_page_that_goes_on(
    database: Database,
) -> None:
    """One trail stops among refusals; rows of another that are older stand on the next page."""
    await refused(database, LIN)
    await refused(database, STRANGER, 6)
    await refused(database, LIN)
    every = (await read(database, Question())).items

    async def stopping(asked: Question) -> Lines:
        return await read(database, asked)

    async def whole(asked: Question) -> Lines:
        older = [one for one in every if asked.before is None or one.id < asked.before]
        return Lines(items=[one for one in older if one.seq in {1, 4, 8}][: asked.limit])

    async def page(before: UUID | None) -> Found:
        return await gather({"a": [stopping], "b": [whole]}, asking(9, 3, before), 9)

    found = await page(None)
    assert [(one.service, one.seq) for one in found.lines] == [("a", 8), ("b", 8)]
    assert found.next == every[2].id
    found = await page(found.next)
    assert [(one.service, one.seq) for one in found.lines] == [("b", 4)]
    found = await page(found.next)
    assert [(one.service, one.seq) for one in found.lines] == [("a", 1), ("b", 1)]
    assert found.next is None or not (await page(found.next)).lines
