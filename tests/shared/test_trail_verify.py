"""Whatever is done to the trail behind our back is found, and its row named."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.database import is_postgres
from shared.ids import milliseconds_of, uuid7, uuid7_at
from shared.trail import checkpoints, note
from shared.trail.checkpoints import set_checkpoint, settled
from shared.trail.erasing import erased_by
from shared.trail.logs import AUDIT
from shared.trail.rows import Place, audit_row, head_row
from shared.trail.said import SYSTEM, Chain, Noted, Said
from shared.trail.tables import AuditHeadRow, AuditRow, CheckpointRow
from shared.trail.verifying import Findings, size, verify
from shared.vault import Vault, new_vault
from shared.work import Database, table_of
from tests.conftest import NOON, StandingClock
from tests.shared.trails import LIN, noted, rows_of, trail_on

ROWS, HEADS, POINTS = table_of(AuditRow), table_of(AuditHeadRow), table_of(CheckpointRow)
SOON = timedelta(minutes=1)
Told = dict[str, Any]


@pytest.fixture(autouse=True)
def no_lag(monkeypatch: pytest.MonkeyPatch) -> None:
    """Checkpoints cover what was written a moment ago, too."""
    monkeypatch.setattr(checkpoints, "LAG_MS", -60_000)


@pytest.fixture
async def database(engine: AsyncEngine, clock: StandingClock, vault: Vault) -> Database:
    """Two chains: `a` of three rows, `b` of two."""
    made = await trail_on(engine, clock, vault)
    await noted(made, "a", "一", "二", "三")
    await noted(made, "b", "四", "五")
    return made


async def spoil(database: Database, *statements: Any) -> None:
    async with database.engine.begin() as connection:
        for one in statements:
            await connection.execute(one)


def at(seq: int, key: str = "a") -> Any:
    return (ROWS.c.key == key) & (ROWS.c.seq == seq)


def broken(seq: int, why: str, chain: str = "unit:a", log: str = "audit_log") -> Told:
    return {"log": log, "chain": chain, "seq": seq, "why": why}


HEAD = HEADS.c.key == "a"
OTHER = UUID(int=3)
CHANGES: list[tuple[Callable[[], Any], Told]] = [
    (lambda: update(ROWS).where(at(2)).values(action="unit.ended"), broken(2, "public")),
    (lambda: update(ROWS).where(at(2)).values(doer=OTHER), broken(2, "public")),
    (lambda: update(ROWS).where(at(2)).values(doer_kind="system"), broken(2, "public")),
    (lambda: update(ROWS).where(at(2)).values(role="leader"), broken(2, "public")),
    (lambda: update(ROWS).where(at(2)).values(for_id=OTHER), broken(2, "public")),
    (lambda: update(ROWS).where(at(2)).values(at=NOON - SOON), broken(2, "public")),
    (lambda: update(ROWS).where(at(2)).values(id=OTHER), broken(2, "values")),
    (lambda: update(ROWS).where(at(2)).values(id=OTHER, sealed=None), broken(2, "public")),
    (lambda: update(ROWS).where(at(2)).values(commitment=b"x" * 32), broken(2, "public")),
    (lambda: update(ROWS).where(at(2)).values(previous=b"x" * 32), broken(2, "previous")),
    (lambda: update(ROWS).where(at(2)).values(hash=b"x" * 32), broken(2, "public")),
    (lambda: delete(ROWS).where(at(1)), broken(1, "missing")),
    (lambda: delete(ROWS).where(at(2)), broken(2, "missing")),
    (lambda: delete(ROWS).where(at(3)), broken(3, "missing")),
    (lambda: delete(ROWS).where(ROWS.c.key == "a"), broken(1, "missing")),
    (lambda: delete(HEADS).where(HEAD), broken(3, "headless")),
    (lambda: update(HEADS).where(HEAD).values(seq=2), broken(3, "inserted")),
    (lambda: update(HEADS).where(HEAD).values(hash=b"x" * 32), broken(3, "head")),
    (lambda: update(HEADS).where(HEAD).values(mac=b"x" * 32), broken(3, "head")),
]


@pytest.mark.parametrize(("change", "found"), CHANGES)
async def test_any_change_is_found_and_its_row_named(
    database: Database, change: Callable[[], Any], found: Told
) -> None:
    assert await verify(database, [AUDIT]) == Findings(chains=2, rows=5)
    await spoil(database, change())
    assert (await verify(database, [AUDIT])).breaks == [found]


async def test_a_changed_value_is_found(database: Database) -> None:
    row = (await rows_of(database))[1]
    other = database.vault.seal(b"0" * 16 + b'{"by":"x"}', "audit_log.sealed", row.id)
    await spoil(database, update(ROWS).where(at(2)).values(sealed=other))
    assert (await verify(database, [AUDIT])).breaks == [broken(2, "values")]


async def test_values_swapped_between_two_rows_are_found(database: Database) -> None:
    _, second, third = await rows_of(database)
    await spoil(
        database,
        update(ROWS).where(at(2)).values(sealed=third.sealed),
        update(ROWS).where(at(3)).values(sealed=second.sealed),
    )
    assert (await verify(database, [AUDIT])).breaks == [broken(2, "values")]


async def test_two_rows_in_each_others_place_are_found(database: Database) -> None:
    await spoil(
        database,
        update(ROWS).where(at(2)).values(seq=9),
        update(ROWS).where(at(3)).values(seq=2),
        update(ROWS).where(at(9)).values(seq=3),
    )
    assert (await verify(database, [AUDIT])).breaks == [broken(2, "previous")]


async def forged(database: Database, seq: int, vault: Vault) -> Told:
    """A row that fits behind row `seq`, written by somebody with this key."""
    rows = await rows_of(database)
    one = Noted(Chain("unit", "a"), LIN, Said("unit.ended"))
    return audit_row(vault, one, Place(seq + 1, rows[seq - 1].hash, uuid7(), NOON))


async def test_a_row_added_at_the_end_is_found(database: Database, vault: Vault) -> None:
    await spoil(database, insert(ROWS).values(await forged(database, 3, vault)))
    assert (await verify(database, [AUDIT])).breaks == [broken(4, "inserted")]


async def test_a_row_inserted_in_the_middle_is_found(database: Database, vault: Vault) -> None:
    new = await forged(database, 1, vault)
    await spoil(
        database,
        update(ROWS).where(at(3)).values(seq=4),
        update(ROWS).where(at(2)).values(seq=3),
        insert(ROWS).values(new),
        update(HEADS).where(HEAD).values(seq=4),
    )
    assert (await verify(database, [AUDIT])).breaks == [broken(3, "previous")]


async def test_a_chain_written_anew_needs_the_key_of_its_values(database: Database) -> None:
    new = await forged(database, 2, new_vault()) | {"sealed": None}
    head = head_row(new_vault(), Chain("unit", "a"), 3, new["hash"])
    await spoil(
        database,
        delete(ROWS).where(at(3)),
        insert(ROWS).values(new),
        update(HEADS).where(HEAD).values(head),
    )
    assert (await verify(database, [AUDIT])).breaks == [broken(3, "emptied")]


async def test_breaks_in_several_chains_are_all_named(database: Database) -> None:
    await spoil(database, delete(ROWS).where(at(1)), delete(ROWS).where(at(2, "b")))
    found = await verify(database, [AUDIT])
    assert found.breaks == [broken(1, "missing"), broken(2, "missing", "unit:b")]


async def checkpointed(database: Database, clock: StandingClock) -> None:
    """Three checkpoints: over both chains, over one row more, over another."""
    assert await set_checkpoint(database, [AUDIT], SOON) == 1
    for key in ("a", "b"):
        clock.move(minutes=2)
        await a_millisecond_on()
        await noted(database, key, "六")
        assert await set_checkpoint(database, [AUDIT], SOON) == 1
    found = await verify(database, [AUDIT])
    assert found == Findings(chains=2, rows=7, checkpoints=3)
    assert found.since == NOON


@pytest.fixture
def ids_follow_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each checkpoint covers all that was written until the end of this millisecond."""
    monkeypatch.setattr(checkpoints, "LAG_MS", -1)


async def a_millisecond_on() -> None:
    """Wait for the next millisecond by the clock that ids have their time from."""
    now = milliseconds_of(uuid7())
    while milliseconds_of(uuid7()) == now:
        await asyncio.sleep(0.001)


POINT = "log_checkpoints"
SPOILED_POINTS: list[tuple[Callable[[], Any], Told]] = [
    (lambda: delete(POINTS).where(POINTS.c.number == 3), broken(3, "missing", "", POINT)),
    (
        lambda: update(POINTS).where(POINTS.c.number == 3).values(at=NOON),
        broken(3, "checkpoint", "", POINT),
    ),
    (
        lambda: update(POINTS).where(POINTS.c.number == 3).values(rows=7),
        broken(3, "checkpoint", "", POINT),
    ),
    (
        lambda: delete(HEADS).where(HEADS.c.kind == "checkpoint"),
        broken(3, "headless", "", POINT),
    ),
    (
        lambda: update(HEADS).where(HEADS.c.kind == "checkpoint").values(mac=b""),
        broken(3, "head", "", POINT),
    ),
]


@pytest.mark.usefixtures("ids_follow_the_clock")
@pytest.mark.parametrize(("change", "found"), SPOILED_POINTS)
async def test_a_changed_or_deleted_checkpoint_is_found(
    database: Database, clock: StandingClock, change: Callable[[], Any], found: Told
) -> None:
    await checkpointed(database, clock)
    await spoil(database, change())
    assert (await verify(database, [AUDIT])).breaks == [found]


@pytest.mark.usefixtures("ids_follow_the_clock")
async def test_a_checkpoint_deleted_between_others_is_found(
    database: Database, clock: StandingClock
) -> None:
    await checkpointed(database, clock)
    await spoil(database, delete(POINTS).where(POINTS.c.number == 2))
    found = (await verify(database, [AUDIT])).breaks
    assert broken(2, "missing", "", POINT) in found


@pytest.mark.usefixtures("ids_follow_the_clock")
async def test_a_whole_chain_that_is_gone_with_its_head_is_missed_by_its_checkpoint(
    database: Database, clock: StandingClock
) -> None:
    await checkpointed(database, clock)
    await spoil(
        database, delete(ROWS).where(ROWS.c.key == "b"), delete(HEADS).where(HEADS.c.key == "b")
    )
    assert (await verify(database, [AUDIT])).breaks == [
        broken(1, "checkpoint", "", POINT),
        broken(3, "checkpoint", "", POINT),
    ]


@pytest.mark.usefixtures("ids_follow_the_clock")
async def test_a_head_rolled_back_with_its_rows_is_missed_by_its_checkpoint(
    database: Database, clock: StandingClock
) -> None:
    async with database.reading() as session:
        old = (await session.execute(select(HEADS).where(HEAD))).mappings().one()
    await checkpointed(database, clock)
    await spoil(database, delete(ROWS).where(at(4)), update(HEADS).where(HEAD).values(dict(old)))
    assert (await verify(database, [AUDIT])).breaks == [broken(2, "checkpoint", "", POINT)]


async def erased(database: Database, kind: str = "case") -> None:
    """Empty what was noted until now, as an erasure does: in one work with what tells of it."""
    async with database.work() as work:
        await work.session.execute(update(AuditRow).values(sealed=None))
        await note(work, Chain(kind, "a"), SYSTEM, Said("erasure.done"))


@pytest.fixture
async def of_a_case(engine: AsyncEngine, clock: StandingClock, vault: Vault) -> Database:
    """A chain that belongs to a complaint, of two rows."""
    made = await trail_on(engine, clock, vault)
    await noted(made, "a", "一", "二", kind="case")
    return made


@pytest.mark.usefixtures("ids_follow_the_clock")
async def test_erased_values_leave_the_chain_of_a_case_whole(of_a_case: Database) -> None:
    assert await set_checkpoint(of_a_case, [AUDIT], SOON) == 1
    await erased(of_a_case)
    assert await verify(of_a_case, [AUDIT]) == Findings(chains=1, rows=3, checkpoints=1)
    await erased(of_a_case)
    assert await verify(of_a_case, [AUDIT]) == Findings(chains=1, rows=4, checkpoints=1)


async def test_a_row_emptied_without_an_erasure_is_named(of_a_case: Database) -> None:
    await spoil(of_a_case, update(ROWS).where(at(2)).values(sealed=None))
    assert (await verify(of_a_case, [AUDIT])).breaks == [broken(2, "emptied", "case:a")]


async def test_an_erasure_explains_no_row_written_after_it(
    of_a_case: Database, clock: StandingClock
) -> None:
    await erased(of_a_case)
    clock.move(minutes=1)
    await noted(of_a_case, "a", "三", kind="case")
    assert (await verify(of_a_case, [AUDIT])).breaks == []
    await spoil(of_a_case, update(ROWS).where(at(4)).values(sealed=None))
    assert (await verify(of_a_case, [AUDIT])).breaks == [broken(4, "emptied", "case:a")]


async def test_what_tells_of_an_erasure_cannot_be_emptied_itself(of_a_case: Database) -> None:
    await erased(of_a_case)
    await spoil(of_a_case, update(ROWS).where(at(3)).values(sealed=None))
    assert (await verify(of_a_case, [AUDIT])).breaks == [broken(1, "emptied", "case:a")]


async def test_where_nothing_is_ever_erased_no_erasure_explains_anything(
    database: Database,
) -> None:
    await spoil(database, update(ROWS).where(at(2)).values(sealed=None))
    assert (await verify(database, [AUDIT])).breaks == [broken(2, "emptied")]
    await spoil(database, update(ROWS).where(at(1, "b")).values(sealed=None))
    await note_erasure(database)
    assert broken(1, "emptied", "unit:b") in (await verify(database, [AUDIT])).breaks


async def note_erasure(database: Database) -> None:
    async with database.work() as work:
        await note(work, Chain("unit", "b"), SYSTEM, Said("erasure.done"))


async def test_what_is_done_meanwhile_breaks_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.trail.following.AT_ONCE", 1)
    looked: list[int] = []
    writers = [asyncio.create_task(noted(database, key, "七", "八")) for key in "abcd"]
    found = await verify(database, [AUDIT], looked.append)
    await asyncio.gather(*writers)
    assert found.breaks == []
    assert sum(looked) == found.rows >= 5
    assert await size(database, [AUDIT]) == 2 * 13


async def test_a_checkpoint_stays_behind_whoever_has_been_writing_for_long(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "LAG_MS", 0)
    began = uuid7()
    if not is_postgres(database.engine):
        assert await settled(database) >= uuid7_at(milliseconds_of(began), 0), (
            "one writes at a time"
        )
        return
    async with database.work() as work:
        await note(work, Chain("unit", "a"), LIN, Said("unit.ended"))
        await asyncio.sleep(0.05)
        assert await settled(database) <= uuid7_at(milliseconds_of(uuid7()) - 50, 0)
    assert await settled(database) > began


def test_only_what_belongs_to_a_complaint_or_a_request_may_ever_be_empty() -> None:
    told = {kind: erased_by({"kind": kind}) for kind in ("case", "letter", "retention", "staff")}
    assert told == {
        "case": {"erasure.done"},
        "letter": {"erasure.done"},
        "retention": {"erasure.request_emptied"},
        "staff": frozenset(),
    }
