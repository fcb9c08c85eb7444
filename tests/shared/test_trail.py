"""What is done is noted with it: in one transaction, in one chain for each thing, never forked."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.acting import Staff
from shared.clock import Clock
from shared.trail import CONSOLE, Chain, Doer, Noted, Said, note, note_all
from shared.trail.chain import NOTHING_BEFORE
from shared.trail.rows import kept
from shared.trail.tables import AuditHeadRow, AuditRow
from shared.vault import Vault
from shared.work import Database
from tests.chains import first_break
from tests.conftest import NOON
from tests.shared.trails import HUA, LIN, noted, rows_of, said_in, trail_on

COLUMNS = tuple(column.name for column in AuditRow.__table__.columns)


@pytest.fixture
async def database(engine: AsyncEngine, clock: Clock, vault: Vault) -> Database:
    return await trail_on(engine, clock, vault)


async def count(database: Database) -> int:
    async with database.reading() as session:
        return await session.scalar(select(func.count()).select_from(AuditRow)) or 0


def intact(database: Database, rows: list[AuditRow]) -> bool:
    columns = [{name: getattr(row, name) for name in COLUMNS} for row in rows]
    return first_break(kept(database.vault, one) for one in columns) is None


async def test_a_row_says_who_did_what_for_whom_and_names_lie_sealed(database: Database) -> None:
    doer = Doer("staff", LIN.id, "林调解员", "mediator", HUA, "华主任")
    async with database.work() as work:
        await note(work, Chain("staff", "x"), doer, Said("staff.ended", {"reason": "退休"}))
    [row] = await rows_of(database, "x")
    assert (row.kind, row.key, row.seq, row.at) == ("staff", "x", 1, NOON)
    assert (row.doer_kind, row.doer, row.role) == ("staff", LIN.id, "mediator")
    assert (row.for_id, row.action) == (HUA, "staff.ended")
    assert row.previous == NOTHING_BEFORE
    said = {"by": "林调解员", "for": "华主任", "said": {"reason": "退休"}}
    assert said_in(database, row) == said
    assert row.sealed is not None
    assert not any(word.encode() in row.sealed.blob for word in ("林调解员", "华主任", "退休"))


async def test_rows_of_one_chain_follow_each_other_and_another_chain_begins_at_one(
    database: Database,
) -> None:
    await noted(database, "a", "一", "二", "三")
    await noted(database, "b")
    rows = list(await rows_of(database))
    assert [row.seq for row in rows] == [1, 2, 3]
    assert [row.previous for row in rows[1:]] == [row.hash for row in rows[:2]]
    assert intact(database, rows)
    assert [row.seq for row in await rows_of(database, "b")] == [1]


async def test_many_are_noted_at_once_in_the_order_they_are_told(database: Database) -> None:
    said = [Said("unit.changed", {"name": str(n)}) for n in range(6)]
    async with database.work() as work:
        await note_all(
            work, [Noted(Chain("unit", "ab"[n % 2]), LIN, one) for n, one in enumerate(said)]
        )
        await note(work, Chain("unit", "b"), LIN, Said("unit.ended"))
    rows = list(await rows_of(database, "b"))
    assert intact(database, rows)
    assert [said_in(database, row)["said"] for row in rows] == [
        {"name": "1"},
        {"name": "3"},
        {"name": "5"},
        {},
    ]


async def test_what_is_rolled_back_leaves_no_row(database: Database) -> None:
    async def think_twice() -> None:
        async with database.work() as work:
            await note(work, Chain("unit", "a"), LIN, Said("unit.ended"))
            raise RuntimeError("on second thoughts")

    with pytest.raises(RuntimeError, match="on second thoughts"):
        await think_twice()
    assert await count(database) == 0
    await noted(database)
    assert [row.seq for row in await rows_of(database)] == [1]


async def test_what_cannot_be_noted_is_not_done(database: Database) -> None:
    async with database.engine.begin() as connection:
        await connection.execute(text("CREATE TABLE things (name TEXT)"))
        await connection.execute(text("ALTER TABLE audit_log RENAME TO away"))

    async def do() -> None:
        async with database.work() as work:
            await work.session.execute(text("INSERT INTO things VALUES ('done')"))
            await note(work, Chain("unit", "a"), LIN, Said("unit.ended"))

    with pytest.raises(DBAPIError):
        await do()
    async with database.reading() as session:
        assert await session.scalar(text("SELECT count(*) FROM things")) == 0


@pytest.mark.parametrize(
    ("chain", "action"),
    [(Chain("nothing", "a"), "unit.ended"), (Chain("unit", ""), "unit.ended"),
     (Chain("unit", "a"), "unit.blown_up")],
)  # fmt: skip
async def test_what_no_list_has_is_refused_and_nothing_noted(
    database: Database, chain: Chain, action: str
) -> None:
    with pytest.raises(ValueError, match=r"list|chain"):
        async with database.work() as work:
            await note(work, chain, LIN, Said(action))
    assert await count(database) == 0


async def test_fifty_writers_to_one_chain_never_fork_it(database: Database) -> None:
    await asyncio.gather(*(noted(database, "a", str(n)) for n in range(50)))
    rows = list(await rows_of(database))
    assert [row.seq for row in rows] == list(range(1, 51))
    assert intact(database, rows)
    assert {said_in(database, row)["said"]["name"] for row in rows} == {str(n) for n in range(50)}


async def test_fifty_writers_to_as_many_chains_crosswise_all_come_through(
    database: Database,
) -> None:
    async def cross(n: int) -> None:
        chains = [Chain("unit", str((n + step) % 50)) for step in range(3)]
        async with database.work() as work:
            await note_all(work, [Noted(one, LIN, Said("unit.moved")) for one in chains])

    await asyncio.gather(*(cross(n) for n in range(50)))
    for n in range(50):
        rows = list(await rows_of(database, str(n)))
        assert [row.seq for row in rows] == [1, 2, 3]
        assert intact(database, rows)
    async with database.reading() as session:
        heads = (await session.scalars(select(AuditHeadRow.seq))).all()
    assert list(heads) == [3] * 50


async def test_no_chain_has_two_rows_of_one_number(database: Database) -> None:
    await noted(database)
    [row] = await rows_of(database)
    again = {name: getattr(row, name) for name in COLUMNS} | {"id": UUID(int=1)}
    with pytest.raises(IntegrityError):
        async with database.work() as work:
            await work.session.execute(insert(AuditRow).values(again))
    assert await count(database) == 1


@pytest.mark.parametrize(
    ("role", "name", "kind", "called"),
    [
        ("mediator", "lin", "staff", "林调解员"),
        ("service", "console", CONSOLE.kind, CONSOLE.name),
        ("service", "intake", "service", "林调解员"),
    ],
)
def test_a_session_or_a_token_says_who_acts(role: str, name: str, kind: str, called: str) -> None:
    who = Staff(LIN.id or HUA, name, "林调解员", role, "main")
    assert Doer.of(who) == Doer(kind, LIN.id, called, role)
