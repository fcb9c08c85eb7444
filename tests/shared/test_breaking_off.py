"""Whoever is broken off in the middle of writing holds nobody up."""

import asyncio
import gc
import random
from collections.abc import Generator, Sequence

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import QueuePool

from shared.hot import Hot
from shared.vault import Vault
from shared.work import Database
from tests.shared.things import ThingRow, open_things, thing


@pytest.fixture
def nothing_is_collected() -> Generator[None]:
    """Whatever is left lying stays there: nobody else may need it gone."""
    gc.disable()
    yield
    gc.enable()


async def written(database: Database, vault: Vault, name: str) -> None:
    async with database.work() as work:
        for number in range(20):
            await work.insert_new(ThingRow, [thing(vault, f"{name}{number}")], ["id"])
            (await work.session.scalars(select(ThingRow))).all()


@pytest.mark.usefixtures("nothing_is_collected")
async def test_nobody_waits_for_the_lock_of_a_write_that_was_broken_off(
    engine: AsyncEngine, vault: Vault
) -> None:
    database = await open_things(engine, vault)
    dice = random.Random(7)  # noqa: S311 - a test's dice
    broken_off = 0
    for number in range(60):
        writing = asyncio.create_task(written(database, vault, "x"))
        await asyncio.wait([writing], timeout=dice.random() / 50)
        broken_off += writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
        async with database.work() as work:
            await work.session.execute(text("DELETE FROM things"))
            await work.insert(ThingRow, [thing(vault, f"y{number}")])
    assert broken_off > 0
    async with database.reading() as session:
        assert [one.name for one in await session.scalars(select(ThingRow))] == ["y59"]
    await database.close()


@pytest.mark.usefixtures("nothing_is_collected")
async def test_what_is_committed_together_is_kept_and_let_go_of_though_nobody_waits_for_it(
    engine: AsyncEngine, vault: Vault
) -> None:
    database = await open_things(engine, vault)
    pool, begun = engine.sync_engine.pool, asyncio.Event()
    assert isinstance(pool, QueuePool)

    async def keep(database: Database, names: Sequence[str]) -> list[str | Exception]:
        begun.set()
        async with database.work() as work:
            await work.insert(ThingRow, [thing(vault, name) for name in names])
        return list(names)

    asking = asyncio.create_task(database.together(keep, "a"))
    await begun.wait()
    asking.cancel()
    await database.close()
    assert pool.checkedout() == 0
    async with database.reading() as session:
        assert [one.name for one in await session.scalars(select(ThingRow))] == ["a"]
    await database.close()


@pytest.mark.usefixtures("nothing_is_collected")
@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_who_is_broken_off_while_it_begins_to_carry_an_outbox_leaves_it_to_others(
    engine: AsyncEngine, vault: Vault
) -> None:
    database = await open_things(engine, vault)
    dice = random.Random(7)  # noqa: S311 - a test's dice
    broken_off = 0
    for _ in range(60):
        hot = Hot(database)
        looking = asyncio.create_task(hot.oldest(1))
        await asyncio.wait([looking], timeout=dice.random() / 50)
        broken_off += looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)
        await hot.close()
    assert broken_off > 0
    async with asyncio.timeout(20):  # the server notices in its own time that we hung up
        while await others(database):
            await asyncio.sleep(0.05)
    await database.close()


async def others(database: Database) -> int:
    """How many more are connected than who asks."""
    asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    async with database.reading() as session:
        return int(await session.scalar(text(f"{asked} AND pid <> pg_backend_pid()")))
