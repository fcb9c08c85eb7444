"""Many rows at once, on both databases."""

import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.database import is_postgres
from shared.events import decode
from shared.hot import Keep, hot_of
from shared.messaging.bus import Message
from shared.messaging.relay import relay
from shared.messaging.tables import OutboxRow
from shared.vault import Vault
from shared.work import Database, waiting
from tests.conftest import NOON
from tests.shared.things import ThingRow, open_things, received, thing


class Heard:
    """A bus that remembers."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    async def publish(self, messages: Sequence[Message]) -> None:
        self.messages.extend(messages)


async def count(database: Database, table: type[object]) -> int:
    async with database.reading() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def test_only_the_rows_whose_keys_are_free_come_back(
    engine: AsyncEngine, vault: Vault
) -> None:
    database = await open_things(engine, vault)
    first, second = thing(vault, "a"), thing(vault, "b")
    async with database.work() as work:
        assert len(await work.insert_new(ThingRow, [first], ["id"])) == 1
    async with database.work() as work:
        fresh = await work.insert_new(ThingRow, [first, thing(vault, "a"), second], ["id", "name"])
    assert [tuple(row) for row in fresh] == [(second["id"], "b")]
    async with database.reading() as session:
        rows = (await session.scalars(select(ThingRow).order_by(ThingRow.name))).all()
    assert [(row.name, row.number, row.at) for row in rows] == [("a", 7, NOON), ("b", 7, NOON)]
    assert [vault.open_text(row.words, row.id) for row in rows if row.words] == ["a", "b"]
    await database.close()


async def test_a_row_and_its_event_are_kept_together_or_not_at_all(
    engine: AsyncEngine, vault: Vault
) -> None:
    database = await open_things(engine, vault)
    hot = hot_of(database)
    said = [waiting(received(), NOON) for _ in range(3)]
    one, two = thing(vault, "a"), thing(vault, "b")
    assert await hot.keep(ThingRow, [Keep(one, said[0])]) == {one["id"]}
    kept = await hot.keep(ThingRow, [Keep(thing(vault, "a"), said[1]), Keep(two, said[2])])
    assert kept == {two["id"]}
    assert await count(database, ThingRow) == 2
    assert [row.id for row in await hot.oldest(10)] == [said[0]["id"], said[2]["id"]]
    await database.close()


async def test_what_waits_for_the_end_of_a_transaction_is_done_after_its_commit(
    engine: AsyncEngine, vault: Vault
) -> None:
    database = await open_things(engine, vault)
    done: list[str] = []
    async with database.work() as work:
        work.when_over(lambda: done.append("kept"))
        await work.insert(ThingRow, [thing(vault, "a")])
        assert done == []
    assert done == ["kept"]

    async def taken_back() -> None:
        async with database.work() as work:
            work.when_over(lambda: done.append("taken back"))
            await work.insert(ThingRow, [thing(vault, "b")])
            raise KeyError

    with pytest.raises(KeyError):
        await taken_back()
    assert done == ["kept", "taken back"]
    assert await count(database, ThingRow) == 1
    await database.close()


async def test_the_relay_carries_everything_once_in_order_and_forgets_it(
    engine: AsyncEngine, vault: Vault
) -> None:
    database = await open_things(engine, vault)
    events = [received() for _ in range(5)]
    async with database.work() as work:
        for event in events:
            work.announce(event)
    bus = Heard()
    assert await relay(database, bus, "x") == 5
    assert await relay(database, bus, "x") == 0
    assert [decode(message.body) for message in bus.messages] == events
    assert {message.topic for message in bus.messages} == {"intake-events"}
    assert await count(database, OutboxRow) == 0
    await database.close()


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_only_one_relay_carries_an_outbox_at_a_time(
    engine: AsyncEngine, vault: Vault
) -> None:
    database = await open_things(engine, vault)
    other = Database(engine, database.clock, vault)
    async with database.work() as work:
        work.announce(received())
    assert len(await hot_of(database).oldest(10)) == 1
    assert await hot_of(other).oldest(10) == []
    await hot_of(database).close()
    assert len(await hot_of(other).oldest(10)) == 1
    await hot_of(other).close()
    await database.close()


async def test_those_who_come_together_are_committed_together_and_answered_alone(
    engine: AsyncEngine, vault: Vault
) -> None:
    database = await open_things(engine, vault)
    groups: list[int] = []

    async def keep_all(database: Database, names: Sequence[str]) -> list[str | Exception]:
        groups.append(len(names))
        if "bad" in names and len(names) == 1:
            raise ValueError(names)
        async with database.work() as work:
            await work.insert(ThingRow, [thing(vault, name) for name in names])
            if "bad" in names:
                raise ValueError(names)
        return [name.upper() for name in names]

    asked = [database.together(keep_all, name) for name in ("a", "b", "bad", "c")]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert answers[:2] + answers[3:] == ["A", "B", "C"]
    assert isinstance(answers[2], ValueError)
    assert await count(database, ThingRow) == 3
    assert groups == [4, 1, 1, 1, 1]
    await database.close()


async def test_while_one_group_is_written_the_next_is_made_and_the_others_gather(
    engine: AsyncEngine, vault: Vault
) -> None:
    database = await open_things(engine, vault)
    groups: list[list[int]] = []
    on_their_way, most = 0, 0

    async def note(_database: Database, numbers: Sequence[int]) -> list[int | Exception]:
        nonlocal on_their_way, most
        groups.append(list(numbers))
        on_their_way += 1
        most = max(most, on_their_way)
        for _ in range(30):
            await asyncio.sleep(0)
        on_their_way -= 1
        return list(numbers)

    async def later(number: int) -> int:
        for _ in range(number):
            await asyncio.sleep(0)
        return await database.together(note, number)

    assert await asyncio.gather(*map(later, range(20))) == list(range(20))
    assert most == (2 if is_postgres(engine) else 1)
    assert sorted(number for group in groups for number in group) == list(range(20))
    assert len(groups) < 6
    await database.close()


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
async def test_only_what_is_done_again_anyway_does_not_wait_for_the_disk(
    engine: AsyncEngine, vault: Vault
) -> None:
    database = await open_things(engine, vault)
    asked = text("SELECT source, setting FROM pg_settings WHERE name = 'synchronous_commit'")
    found = []
    for redone in (False, True, False):
        async with database.work(redone=redone) as work:
            found.append(tuple((await work.session.execute(asked)).one()))
    assert found[1] == ("session", "off")
    assert found[0] == found[2]
    assert found[0][0] != "session"
    await database.close()


async def test_whoever_comes_the_moment_a_group_was_answered_is_not_left_waiting(
    engine: AsyncEngine, vault: Vault
) -> None:
    database = await open_things(engine, vault)

    async def at_once(_database: Database, numbers: Sequence[int]) -> list[int | Exception]:
        return list(numbers)

    async def again_and_again(first: int) -> list[int]:
        return [await database.together(at_once, first + n) for n in range(50)]

    async with asyncio.timeout(10):
        answers = await asyncio.gather(*map(again_and_again, (0, 100, 200)))
    assert answers == [list(range(first, first + 50)) for first in (0, 100, 200)]
    await database.close()
