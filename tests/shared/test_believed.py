"""What was read is believed for a while, but never what was read before somebody changed it."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from shared.believed import Believed
from shared.vault import Vault
from shared.work import Database, Work
from tests.conftest import NOON
from tests.shared.things import ThingRow, open_things, thing

LIFE = timedelta(seconds=20)
LATER = NOON + timedelta(seconds=21)


@pytest.fixture
async def database(engine: AsyncEngine, vault: Vault) -> AsyncGenerator[Database]:
    made = await open_things(engine, vault)
    yield made
    await made.close()


class Things:
    """How many things there are, and how often they were counted."""

    def __init__(self) -> None:
        self.read = 0
        self.known = Believed(self.count, LIFE)
        self.counted, self.go_on = asyncio.Event(), asyncio.Event()
        self.go_on.set()

    async def count(self, session: AsyncSession) -> int:
        self.read += 1
        found = await session.scalar(select(func.count()).select_from(ThingRow)) or 0
        self.counted.set()
        await self.go_on.wait()
        return found

    async def add(self, work: Work, name: str) -> None:
        await work.insert(ThingRow, [thing(work.vault, name)])
        self.known.changed(work)


async def test_a_thing_is_read_once_and_again_when_its_time_is_over(database: Database) -> None:
    things = Things()
    assert [await things.known.of(database, NOON) for _ in range(3)] == [0, 0, 0]
    async with database.work() as work:
        assert await things.known.within(work) == 0
    assert things.read == 1
    assert await things.known.of(database, LATER) == 0
    assert things.read == 2


async def test_who_reads_between_a_change_and_its_commit_is_not_believed_after_it(
    database: Database,
) -> None:
    things = Things()
    async with database.work() as work:
        await things.add(work, "a")
        assert await things.known.of(database, NOON) == 0
    assert await things.known.of(database, NOON) == 1


async def test_who_began_to_read_before_the_commit_is_not_believed_after_it(
    database: Database,
) -> None:
    things = Things()
    things.go_on.clear()
    reading = asyncio.create_task(things.known.of(database, NOON))
    await things.counted.wait()
    async with database.work() as work:
        await things.add(work, "a")
    things.go_on.set()
    assert await reading == 0
    assert await things.known.of(database, NOON) == 1
    assert things.read == 2


async def test_what_is_taken_back_was_never_there(database: Database) -> None:
    things = Things()

    async def taken_back() -> None:
        async with database.work() as work:
            await things.add(work, "a")
            assert await things.known.within(work) == 1
            raise KeyError

    with pytest.raises(KeyError):
        await taken_back()
    assert await things.known.of(database, NOON) == 0
