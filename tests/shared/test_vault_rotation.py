"""Everything sealed is found, sealed anew in lots, and nobody who writes meanwhile loses a word."""

import asyncio
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, Uuid, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from deploy.processes import free_port
from shared.columns import Encrypted
from shared.database import open_engine
from shared.ids import uuid7
from shared.runtime.distributed import look_back
from shared.runtime.embedded import Embedded
from shared.runtime.rotation import (
    Companion,
    Holdings,
    Lot,
    UnboundColumnError,
    prove,
    sealed_tables,
)
from shared.runtime.rotation.columns import FIRST_LOT, LOT
from shared.trail import Chain, Deed, Doer, Said, note
from shared.vault import (
    Cipher,
    FileKeys,
    KeyMissingError,
    Ring,
    Sealed,
    UnknownKeyError,
    Vault,
    WrongKeyError,
    new_ring,
    new_vault,
)
from shared.vault.vault import ASK_AGAIN, TRUSTED
from shared.work import Database, Work
from tests.conftest import NOON
from tests.shared.things import Base, DeedMarkRow, ThingRow, open_things

WORDS = "things.words"
MANY = LOT + 50


class Ticks:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Source:
    """Keys that somebody else changes."""

    name = "The source"
    at_hand = True

    def __init__(self, ring: Ring) -> None:
        self.ring: Ring | None = ring
        self.asked = 0

    def load(self) -> Ring:
        self.asked += 1
        if self.ring is None:
            raise KeyMissingError("The source is shut.")
        return self.ring


@pytest.fixture
async def source() -> Source:
    return Source(new_ring())


@pytest.fixture
async def things(engine: AsyncEngine, source: Source) -> Database:
    return await open_things(engine, Vault(source.load(), None, source))


async def keep(database: Database, words: Mapping[UUID, str | None]) -> None:
    """Rows with these words, sealed with the active key, and a mark of each."""
    vault = database.vault
    rows = [
        {
            "id": one,
            "name": str(one),
            "words": vault.seal(text, WORDS, one) if text is not None else None,
            "at": NOON,
            "number": 7,
        }
        for one, text in words.items()
    ]
    marks = [
        {"deed_id": one, "seq": at, "words": vault.seal(f"{at}", "deed_marks.words", one)}
        for one in words
        for at in (1, 2)
    ]
    async with database.work() as work:
        await work.insert(ThingRow, rows)
        await work.insert(DeedMarkRow, marks)


async def read(database: Database) -> dict[UUID, str | None]:
    async with database.reading() as session:
        rows = (await session.execute(select(ThingRow.id, ThingRow.words))).all()
    return {
        one.id: database.vault.open_text(one.words, one.id) if one.words else None for one in rows
    }


def holdings(database: Database, companion: Companion | None = None) -> Holdings:
    companions = {WORDS: companion} if companion else {}
    return Holdings(database, sealed_tables([Base.metadata], companions))


def next_key(source: Source, database: Database, cipher: Cipher = Cipher.AES) -> None:
    assert source.ring is not None
    source.ring = source.ring.with_next(cipher, NOON)
    database.vault.look()


async def renewed(of: Holdings, most: int | None = None) -> list[Lot]:
    """Seal anew; stop after so many lots, as somebody who breaks off."""
    lots: list[Lot] = []
    async with aclosing(of.renew()) as each:
        async for _, lot in each:
            lots.append(lot)
            if len(lots) == most:
                break
    return lots


async def test_everything_is_sealed_anew_and_says_the_same(
    things: Database, source: Source
) -> None:
    words: dict[UUID, str | None] = {uuid7(): f"话{at}" for at in range(MANY)} | {uuid7(): None}
    await keep(things, words)
    all_of_it = holdings(things)
    before = {"things": {"k1": MANY}, "deed_marks": {"k1": 2 * MANY + 2}}
    assert await all_of_it.counts() == before
    assert await all_of_it.old() == 0

    next_key(source, things, Cipher.SM4)
    assert await all_of_it.counts() == before
    assert await all_of_it.old() == 3 * MANY + 2
    lots = await renewed(all_of_it)
    assert sum(one.seen for one in lots) == 3 * MANY + 2
    assert max(one.seen for one in lots) == LOT
    assert await all_of_it.counts() == {"things": {"k2": MANY}, "deed_marks": {"k2": 2 * MANY + 2}}
    assert await all_of_it.old() == 0
    assert await read(things) == words
    assert await renewed(all_of_it) == []


async def test_large_values_come_in_small_lots(things: Database, source: Source) -> None:
    await keep(things, {uuid7(): "长" * 200_000 for _ in range(FIRST_LOT + 9)})
    next_key(source, things)
    seen = [one.seen for one in await renewed(holdings(things))]
    assert seen == [FIRST_LOT, 2 * 9 + FIRST_LOT, FIRST_LOT, 3, 3, 3]
    assert await holdings(things).old() == 0


async def test_another_cipher_alone_is_reason_enough(things: Database, source: Source) -> None:
    words: dict[UUID, str | None] = {uuid7(): "话"}
    await keep(things, words)
    other = Database(things.engine, things.clock, Vault(source.load(), Cipher.SM4))
    assert await holdings(other).old() == 3
    await renewed(holdings(other))
    assert await holdings(other).counts() == {"things": {"k1": 1}, "deed_marks": {"k1": 2}}
    assert (await holdings(other).old(), await holdings(things).old()) == (0, 3)
    assert await read(things) == words


@pytest.mark.parametrize("lots", [1, 2, 3, 4])
async def test_what_was_broken_off_goes_on_where_it_was(
    things: Database, source: Source, lots: int
) -> None:
    words: dict[UUID, str | None] = {uuid7(): f"话{at}" for at in range(MANY)}
    await keep(things, words)
    next_key(source, things)
    first = await renewed(holdings(things), lots)
    rest = await renewed(holdings(things))
    assert len(first) == lots
    assert sum(one.seen for one in [*first, *rest]) == 3 * MANY
    assert await read(things) == words
    assert await holdings(things).old() == 0


async def test_whoever_changes_a_value_meanwhile_wins(things: Database, source: Source) -> None:
    """Between reading and writing of each lot all its values are changed, with the old key."""
    one, two = uuid7(), uuid7()
    await keep(things, {one: "早", two: "早"})
    slow = Vault(source.load())
    next_key(source, things)
    [table] = [each for each in sealed_tables([Base.metadata]) if each.name == "things"]
    rows = await table._rows(things, None, LOT)  # noqa: SLF001 - the moment in between is what counts
    changes = table._changes(things.vault, rows)  # noqa: SLF001 - the same
    assert len(changes.made) == 2
    async with things.work() as work:
        late = slow.seal("晚", WORDS, one)
        await work.session.execute(update(ThingRow).where(ThingRow.id == one).values(words=late))
        await work.session.execute(update(ThingRow).where(ThingRow.id == two).values(words=None))
    await changes.keep(things, {})
    assert await read(things) == {one: "晚", two: None}
    await renewed(holdings(things))
    assert await holdings(things).old() == 0
    assert await read(things) == {one: "晚", two: None}


async def test_writers_and_a_rotation_leave_every_word_readable(
    things: Database, source: Source
) -> None:
    words: dict[UUID, str | None] = {uuid7(): "0" for _ in range(40)}
    await keep(things, words)
    old_process = Database(things.engine, things.clock, Vault(source.load()))
    next_key(source, things)
    over = asyncio.Event()
    writing = [
        asyncio.create_task(write(process, ids, over))
        for process, ids in (
            (things, list(words)[:20]),
            (old_process, list(words)[20:]),
        )
    ]
    for _ in range(5):
        await renewed(holdings(things))
    over.set()
    for wrote in await asyncio.gather(*writing):
        words |= wrote
    await renewed(holdings(things))
    assert await read(things) == words
    assert await holdings(things).old() == 0


async def write(database: Database, ids: list[UUID], over: asyncio.Event) -> dict[UUID, str]:
    """Change values all the time; what was written last."""
    wrote: dict[UUID, str] = {}
    count = 0
    while not over.is_set():
        count += 1
        one = ids[count % len(ids)]
        sealed = database.vault.seal(str(count), WORDS, one)
        async with database.work() as work:
            statement = update(ThingRow).where(ThingRow.id == one).values(words=sealed)
            await work.session.execute(statement)
        wrote[one] = str(count)
        await asyncio.sleep(0)
    return wrote


async def test_what_is_derived_from_a_value_is_made_anew_with_it_and_only_if_it_took_its_place(
    things: Database, source: Source
) -> None:
    one, two = uuid7(), uuid7()
    await keep(things, {one: "甲", two: "乙"})
    told: list[dict[UUID, bytes]] = []

    async def companion(work: Work, plain: Mapping[UUID, bytes]) -> None:
        told.append(dict(plain))

    next_key(source, things)
    await renewed(holdings(things, companion))
    assert told == [{one: "甲".encode(), two: "乙".encode()}]


async def test_what_no_key_opens_stays_as_it_is_and_is_counted(
    things: Database, source: Source
) -> None:
    one, two = uuid7(), uuid7()
    await keep(things, {one: "好", two: "好"})
    foreign = new_vault().seal("别人的", WORDS, two)
    async with things.work() as work:
        statement = update(ThingRow).where(ThingRow.id == two).values(words=foreign)
        await work.session.execute(statement)
    next_key(source, things)
    lots = await renewed(holdings(things))
    assert sum(one.unreadable for one in lots) == 1
    assert (await holdings(things).counts())["things"] == {"k1": 1, "k2": 1}
    async with things.reading() as session:
        kept = await session.scalar(select(ThingRow.words).where(ThingRow.id == two))
    assert kept == foreign


async def test_a_value_of_a_key_that_is_not_ours_is_counted_apart(
    things: Database, source: Source
) -> None:
    one = uuid7()
    await keep(things, {one: "好"})
    next_key(source, things)
    await renewed(holdings(things))
    before = Database(things.engine, things.clock, Vault(Ring(bytes(32), "k9", {"k9": key()})))
    assert (await holdings(before).counts())["things"] == {"?": 1}


def key() -> Any:
    return new_ring().keys["k1"]


def test_a_sealed_column_that_does_not_say_what_it_is_bound_to_is_refused() -> None:
    for columns in (
        [Column("a", Uuid, primary_key=True), Column("b", Integer, primary_key=True)],
        [Column("a", Integer, primary_key=True)],
    ):
        table = Table("t", MetaData(), *columns, Column("words", Encrypted("t.words")))
        with pytest.raises(UnboundColumnError, match=r"t\.words"):
            sealed_tables([table.metadata])


def test_every_column_that_can_hold_a_sealed_value_is_found_in_every_service(
    platform: Embedded,
) -> None:
    """By another way: from the type of each column of each table, and from what it is called."""
    for running in platform.running.values():
        found = {
            column.type.place
            for one in running.holdings.held
            for column in getattr(one, "columns", ())
        }
        declared = {
            f"{table.name}.{column.name}"
            for table in running.service.tables.tables.values()
            for column in table.columns
            if isinstance(column.type, Encrypted)
        }
        assert declared <= found
        assert "audit_log.sealed" in found


@given(place=st.text("abc", min_size=1, max_size=5))
@settings(max_examples=10)
def test_a_column_added_tomorrow_is_found(place: str) -> None:
    id_column = Column("id", Uuid, primary_key=True)
    words: Column[Sealed] = Column("words", Encrypted(f"{place}.words"))
    table = Table(place, MetaData(), id_column, words, Column("plain", LargeBinary))
    [found] = sealed_tables([table.metadata])
    assert (found.name, dict(found.columns)) == (place, {words: id_column})


async def test_data_of_other_keys_are_noticed_before_anything_is_begun(
    things: Database, source: Source
) -> None:
    await prove(things, holdings(things).held)
    await keep(things, {uuid7(): "好"})
    await prove(things, holdings(things).held)
    other = Database(things.engine, things.clock, new_vault())
    with pytest.raises(KeyMissingError, match="The keys do not belong to this data"):
        await prove(other, holdings(other).held)
    older = Database(things.engine, things.clock, Vault(source.load()))
    next_key(source, things)
    await keep(things, {uuid7(): "新"})
    with pytest.raises(KeyMissingError, match=r"sealed with the key k2.*newest key file"):
        await prove(older, holdings(older).held)


async def test_one_damaged_value_is_not_the_fault_of_the_keys(things: Database) -> None:
    one, two = uuid7(), uuid7()
    await keep(things, {one: "好", two: "好"})
    damaged = Sealed(things.vault.seal("好", WORDS, one).blob[:-1] + b"\0", WORDS)
    async with things.work() as work:
        statement = update(ThingRow).where(ThingRow.id == one).values(words=damaged)
        await work.session.execute(statement)
    await prove(things, holdings(things).held)


def test_a_process_reads_what_another_sealed_with_a_key_it_does_not_know_yet() -> None:
    ticks = Ticks()
    source = Source(new_ring())
    slow = Vault(source.load(), None, source, ticks)
    source.ring = source.load().with_next(Cipher.AES, NOON)
    ahead = Vault(source.ring)
    row = uuid7()
    assert slow.open_text(ahead.seal("新", WORDS, row), row) == "新"
    assert slow.active == "k2"


def test_a_provider_is_not_asked_again_and_again_for_keys_that_do_not_exist() -> None:
    ticks = Ticks()
    source = Source(new_ring())
    vault = Vault(source.load(), None, source, ticks)
    row = uuid7()
    strange = Vault(Ring(bytes(32), "zz", {"zz": key()})).seal("?", WORDS, row)
    for _ in range(10):
        with pytest.raises(UnknownKeyError, match="zz"):
            vault.open(strange, row)
    assert source.asked == 2
    ticks.now += ASK_AGAIN
    with pytest.raises(WrongKeyError):
        vault.open(strange, row)
    assert source.asked == 3


def test_nobody_seals_for_long_with_a_key_that_may_have_been_given_up() -> None:
    """As a process that was stopped for a while and then goes on."""
    ticks = Ticks()
    source = Source(new_ring())
    vault = Vault(source.load(), None, source, ticks)
    source.ring = source.load().with_next(Cipher.AES, NOON).alone({})
    row = uuid7()
    assert vault.seal("旧", WORDS, row).blob[2:4] == b"k1"
    ticks.now += TRUSTED
    assert vault.seal("新", WORDS, row).blob[2:4] == b"k2"
    assert vault.generations == ("k2",)


def test_a_provider_that_is_away_stops_nobody_and_is_named() -> None:
    ticks = Ticks()
    source = Source(new_ring())
    vault = Vault(source.load(), None, source, ticks)
    kept, source.ring = source.ring, None
    ticks.now += TRUSTED
    row = uuid7()
    assert vault.open_text(vault.seal("好", WORDS, row), row) == "好"
    assert vault.trouble == "The source is shut."
    source.ring = kept
    ticks.now += TRUSTED
    vault.seal("好", WORDS, row)
    assert vault.trouble is None


def test_a_slow_provider_is_asked_seldom() -> None:
    ticks = Ticks()

    class Slow(Source):
        def load(self) -> Ring:
            ticks.now += 1
            return super().load()

    source = Slow(new_ring())
    vault = Vault(source.load(), None, source, ticks)
    vault.look()
    for _ in range(19):
        ticks.now += 1
        vault.look_again()
    assert source.asked == 2
    ticks.now += 1
    vault.look_again()
    assert source.asked == 3


def test_a_provider_that_fails_slowly_is_asked_as_seldom() -> None:
    ticks = Ticks()

    class Hanging(Source):
        def load(self) -> Ring:
            ticks.now += 10
            return super().load()

    source = Hanging(new_ring())
    vault = Vault(source.load(), None, source, ticks)
    source.ring = None
    vault.look()
    ticks.now += 199
    vault.seal("好", WORDS, uuid7())
    vault.look_again()
    assert (source.asked, ticks.now) == (2, 1219)
    ticks.now += 1
    vault.seal("好", WORDS, uuid7())
    assert (source.asked, ticks.now) == (3, 1230)


async def test_an_event_loop_never_waits_for_a_provider_that_is_not_at_hand() -> None:
    ticks = Ticks()
    source = Source(new_ring())
    source.at_hand = False
    vault = Vault(source.load(), None, source, ticks)
    strange = Vault(Ring(bytes(32), "zz", {"zz": key()})).seal("?", WORDS, uuid7())
    source.ring = source.load().with_next(Cipher.AES, NOON)
    ticks.now += TRUSTED
    assert vault.seal("旧", WORDS, uuid7()).blob[2:4] == b"k1"
    assert not vault.look_again()
    with pytest.raises(UnknownKeyError, match="zz"):
        vault.open(strange, uuid7())
    assert source.asked == 2
    assert await asyncio.to_thread(vault.look_again)
    assert vault.seal("新", WORDS, uuid7()).blob[2:4] == b"k2"
    assert source.asked == 3


def test_while_one_thread_asks_the_others_go_on_with_the_key_they_have() -> None:
    ticks, asked, answer = Ticks(), Event(), Event()

    class Waiting(Source):
        def load(self) -> Ring:
            if self.asked:
                asked.set()
                answer.wait()
            return super().load()

    source = Waiting(new_ring())
    vault = Vault(source.load(), None, source, ticks)
    source.ring = new_ring().with_next(Cipher.AES, NOON)
    ticks.now += TRUSTED
    other = Thread(target=vault.look)
    other.start()
    asked.wait()
    assert vault.seal("旧", WORDS, uuid7()).blob[2:4] == b"k1"
    assert not vault.look_again()
    answer.set()
    other.join()
    assert vault.seal("新", WORDS, uuid7()).blob[2:4] == b"k2"
    assert source.asked == 2


async def test_a_running_service_notices_the_next_key_and_says_which_it_uses(
    platform: Embedded, tmp_path: Path
) -> None:
    keys = FileKeys(tmp_path / "the.key")
    keys.create(platform.vault.ring)
    running = platform.running["mediation"]
    vault = Vault(keys.load(), None, keys)
    object.__setattr__(running.database, "vault", vault)
    assert (await running.status.facts())["key"] == "k1"
    keys.replace(lambda ring: ring.with_next(Cipher.AES, NOON))
    assert await running.watch_keys() == 0
    assert (await running.status.facts())["key"] == "k2"
    keys.path.unlink()
    vault.look()
    with pytest.raises(KeyMissingError, match="is missing"):
        await running.watch_keys()


async def test_a_process_of_its_own_does_not_begin_with_the_keys_of_another(
    platform: Embedded,
) -> None:
    running = platform.running["notification"]
    async with running.database.work() as work:
        await note(work, Chain("key", "k1"), Doer("console"), Said(Deed.KEY_MADE, {}))
    await look_back(running)
    other = Database(running.database.engine, running.database.clock, new_vault())
    with pytest.raises(KeyMissingError, match="The keys do not belong to this data"):
        await look_back(replace(running, database=other))


async def test_a_database_that_is_away_is_no_reason_not_to_begin(platform: Embedded) -> None:
    running = platform.running["notification"]
    away = open_engine(f"postgresql+asyncpg://nobody@127.0.0.1:{free_port()}/nothing")
    try:
        await look_back(replace(running, database=Database(away, platform.clock, new_vault())))
    finally:
        await away.dispose()
