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


async def test_rows_that_are_put_are_new_or_change_what_was_named(
    engine: AsyncEngine, vault: Vault
) -> None:
    database = await open_things(engine, vault)
    first, second = thing(vault, "a"), thing(vault, "b")
    async with database.work() as work:
        assert await bulk.put(work.session, THINGS, [], ()) == []
        [row] = await bulk.put(work.session, THINGS, [first], ())
        assert (row.id, row.name, row.number, row.at) == (first["id"], "a", 7, NOON)
    changed = first | {"name": "c", "number": 8}
    async with database.work() as work:
        rows = await bulk.put(work.session, THINGS, [changed, second], ("number",))
        assert [(row.name, row.number) for row in rows] == [("a", 8), ("b", 7)]
        rows = await bulk.put(work.session, THINGS, [changed | {"number": 9}], ())
        assert [(row.name, row.number) for row in rows] == [("a", 8)], "taken, and left as it is"
    async with database.reading() as session:
        found = (await session.scalars(select(ThingRow).order_by(ThingRow.name))).all()
    assert [(row.name, row.number) for row in found] == [("a", 8), ("b", 7)]
    await database.close()
