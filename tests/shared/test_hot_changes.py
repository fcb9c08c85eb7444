"""Rows that are read by their keys, and changed only if they still are as seen; both databases."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.hot import hot_of
from shared.hot_changes import Change, change, found
from shared.ids import uuid7
from shared.messaging.tables import OutboxRow
from shared.vault import Vault
from shared.work import Database, Work, waiting
from tests.conftest import NOON
from tests.shared.things import DeedMarkRow, DeedRow, open_things, received

NAMES = ("id", "name", "version", "facts", "done_at")


async def deeds(database: Database, *names: str) -> list[UUID]:
    ids = sorted(uuid7() for _ in names)
    rows = [
        {"id": key, "name": name, "version": 1, "facts": {"好": [1]}, "done_at": None}
        for key, name in zip(ids, names, strict=True)
    ]
    async with database.work() as work:
        await work.insert(DeedRow, rows)
    return ids


def a_change(database: Database, deed: UUID, name: str, seen: int = 1) -> Change:
    mark = {
        "deed_id": deed,
        "seq": seen + 1,
        "words": database.vault.seal(name, "deed_marks.words", deed),
    }
    columns = {"name": name, "version": seen + 1, "facts": {"was": seen}, "done_at": NOON}
    return Change(deed, seen, columns, waiting(received(deed), NOON), {DeedMarkRow: [mark]})


async def everything(database: Database) -> tuple[Any, ...]:
    async with database.reading() as session:
        rows = await session.execute(select(DeedRow.name, DeedRow.version).order_by(DeedRow.id))
        marks = list(await session.scalars(select(DeedMarkRow).order_by(DeedMarkRow.deed_id)))
        said = await session.scalars(select(OutboxRow.aggregateid).order_by(OutboxRow.sequence))
        words = [database.vault.open_text(m.words, m.deed_id) for m in marks if m.words]
        return [tuple(row) for row in rows], words, list(said)


async def test_rows_are_found_by_either_key(engine: AsyncEngine, vault: Vault) -> None:
    database = await open_things(engine, vault)
    hot = hot_of(database)
    one, two, _ = await deeds(database, "one", "two", "three")
    rows = await found(hot, DeedRow, {"id": [one, uuid7()], "name": ["two", "none"]}, NAMES)
    assert [(row["id"], row["name"], row["version"], row["done_at"]) for row in rows] == [
        (one, "one", 1, None), (two, "two", 1, None),
    ]  # fmt: skip
    assert rows[0]["facts"] == {"好": [1]}
    assert await found(hot, DeedRow, {"id": [], "name": ["none"]}, NAMES) == []
    assert await found(hot, DeedRow, {"id": []}, NAMES) == []
    await database.close()


async def test_what_still_is_as_seen_changes_with_all_that_belongs_to_it(
    engine: AsyncEngine, vault: Vault
) -> None:
    database = await open_things(engine, vault)
    hot = hot_of(database)
    one, two, three = await deeds(database, "one", "two", "three")
    bell = database.announced.bell()
    changes = [a_change(database, one, "eins"), a_change(database, three, "drei")]
    assert await change(hot, DeedRow, changes, "deed_id") == {one, three}
    assert bell.is_set()
    assert await everything(database) == (
        [("eins", 2), ("two", 1), ("drei", 2)], ["eins", "drei"], [str(one), str(three)],
    )  # fmt: skip
    (row,) = await found(hot, DeedRow, {"id": [one]}, NAMES)
    assert (row["facts"], row["done_at"]) == ({"was": 1}, NOON)
    assert await change(hot, DeedRow, [a_change(database, two, "zwei")], "deed_id") == {two}
    await database.close()


async def test_what_was_changed_meanwhile_stays_and_its_neighbour_is_unharmed(
    engine: AsyncEngine, vault: Vault
) -> None:
    database = await open_things(engine, vault)
    hot = hot_of(database)
    one, two = await deeds(database, "one", "two")
    await change(hot, DeedRow, [a_change(database, one, "eins")], "deed_id")
    changes = [a_change(database, one, "uno"), a_change(database, two, "due")]
    assert await change(hot, DeedRow, changes, "deed_id") == {two}
    assert await change(hot, DeedRow, [a_change(database, one, "uno")], "deed_id") == set()
    assert await everything(database) == (
        [("eins", 2), ("due", 2)], ["eins", "due"], [str(one), str(two)],
    )  # fmt: skip
    await database.close()


async def test_of_many_changes_at_once_to_one_row_exactly_one_is_done(
    engine: AsyncEngine, vault: Vault
) -> None:
    database = await open_things(engine, vault)
    others = [database, *(Database(engine, database.clock, vault) for _ in range(3))]
    (one,) = await deeds(database, "one")
    done = await asyncio.gather(
        *(
            change(hot_of(other), DeedRow, [a_change(other, one, f"as {n}")], "deed_id")
            for n, other in enumerate(others * 3)
        )
    )
    assert sorted(map(len, done)) == [0] * 11 + [1]
    rows, marks, said = await everything(database)
    assert (rows[0][1], len(marks), len(said)) == (2, 1, 1)
    for other in others[1:]:
        await hot_of(other).close()
    await database.close()


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_those_who_wait_for_each_other_crosswise_are_both_done(
    engine: AsyncEngine, vault: Vault
) -> None:
    database = await open_things(engine, vault)
    hot = hot_of(database)
    one, _, three = await deeds(database, "one", "two", "three")
    async with database.work() as work:
        await touch(work, three)
        changes = [a_change(database, key, name) for key, name in ((one, "eins"), (three, "drei"))]
        changing = asyncio.create_task(change(hot, DeedRow, changes, "deed_id"))
        while not await waits(database):
            await asyncio.sleep(0.01)
        await touch(work, one)
    assert await changing == {one, three}
    assert (await everything(database))[0] == [("eins", 2), ("two", 1), ("drei", 2)]
    await database.close()


async def touch(work: Work, deed: UUID) -> None:
    """Lock a row."""
    await work.session.execute(update(DeedRow).where(DeedRow.id == deed).values(name=DeedRow.name))


async def waits(database: Database) -> bool:
    """Whether somebody waits for a lock."""
    async with database.reading() as session:
        return bool(await session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))
