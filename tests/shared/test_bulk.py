"""Very many rows by the driver's own way, on both databases."""

import asyncpg
import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from shared import bulk
from shared.vault import Vault
from shared.work import table_of
from tests.conftest import NOON
from tests.shared.things import ThingRow, open_things, thing

THINGS = table_of(ThingRow)


async def test_rows_copied_in_are_those_that_were_given(engine: AsyncEngine, vault: Vault) -> None:
    database = await open_things(engine, vault)
    async with database.work() as work:
        await bulk.copy(work.session, THINGS, [])
        await bulk.copy(work.session, THINGS, [thing(vault, str(n)) for n in range(500)])
    async with database.reading() as session:
        rows = (await session.scalars(select(ThingRow))).all()
    assert {row.name for row in rows} == {str(n) for n in range(500)}
    assert {(row.number, row.at) for row in rows} == {(7, NOON)}
    assert all(row.words and vault.open_text(row.words, row.id) == row.name for row in rows)
    await database.close()


async def test_a_taken_key_among_copied_rows_leaves_the_whole_transaction_undone(
    engine: AsyncEngine, vault: Vault
) -> None:
    database = await open_things(engine, vault)
    taken = thing(vault, "a")
    async with database.work() as work:
        await bulk.copy(work.session, THINGS, [taken])
    with pytest.raises((IntegrityError, asyncpg.UniqueViolationError)):
        async with database.work() as work:
            await bulk.copy(work.session, THINGS, [thing(vault, "b"), taken])
    async with database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(ThingRow)) == 1
    await database.close()


async def test_plain_text_is_not_copied_into_a_sealed_column(
    engine: AsyncEngine, vault: Vault
) -> None:
    database = await open_things(engine, vault)
    with pytest.raises(Exception, match=r"takes only what was sealed for it"):
        async with database.work() as work:
            await bulk.copy(work.session, THINGS, [thing(vault, "a") | {"words": "plain"}])
    async with database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(ThingRow)) == 0
    await database.close()
