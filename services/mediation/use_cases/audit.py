"""The log proves itself: every chain followed, every stretch under a checkpoint counted again."""

import hashlib
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.settings import MediationSettings
from services.mediation.tables import CaseLogRow, CaseRow
from services.mediation.use_cases.keeping import kept
from shared.ids import uuid7, uuid7_at
from shared.trail.chain import Break, Follower
from shared.trail.tables import CheckpointRow
from shared.vault import Vault, WrongKeyError
from shared.work import Database

CASES_AT_ONCE = 200
ROWS_AT_ONCE = 2000
LAG_MS = 60_000
"""A checkpoint leaves the last minute out: transactions of that time may still commit."""
FIRST = UUID(int=0)


async def verify(session: AsyncSession, vault: Vault) -> dict[str, Any]:
    """Follow every chain and every checkpoint: intact, or the place where it breaks."""
    found: dict[str, Any] = {"intact": True, "cases": 0, "rows": 0, "break": None}
    async for cases in all_cases(session):
        ids = [row.id for row in cases]
        statement = select(CaseLogRow).where(CaseLogRow.case_id.in_(ids))
        ordered = statement.order_by(CaseLogRow.case_id, CaseLogRow.seq)
        rows: dict[UUID, list[CaseLogRow]] = {one: [] for one in ids}
        for row in await session.scalars(ordered):
            rows[row.case_id].append(row)
        for case in cases:
            found["cases"] += 1
            found["rows"] += len(rows[case.id])
            if broken := break_of(vault, case, rows[case.id]):
                where = {"case_id": str(case.id), "seq": broken.seq, "why": broken.why}
                return found | {"intact": False, "break": where}
        session.expunge_all()
    async for checkpoint, digest, count in recomputed(session):
        if (checkpoint.digest, checkpoint.rows) != (digest, count):
            where = {"checkpoint": checkpoint.number, "why": "checkpoint"}
            return found | {"intact": False, "break": where}
    return found


async def all_cases(session: AsyncSession) -> AsyncIterator[Sequence[Any]]:
    last = FIRST
    while True:
        columns = (CaseRow.id, CaseRow.version, CaseRow.chain)
        statement = select(*columns).where(CaseRow.id > last).order_by(CaseRow.id)
        cases = (await session.execute(statement.limit(CASES_AT_ONCE))).all()
        if not cases:
            return
        yield cases
        last = cases[-1].id


def break_of(vault: Vault, case: Any, rows: Sequence[CaseLogRow]) -> Break | None:
    """Where one case's chain breaks; its end must be where the case says it is."""
    follower = Follower()
    for row in rows:
        try:
            follower.follow(kept(vault, row))
        except (WrongKeyError, ValueError, IndexError):
            follower.unreadable(row.seq)
    return follower.ended(case.version, case.chain)


async def recomputed(
    session: AsyncSession,
) -> AsyncIterator[tuple[CheckpointRow, bytes, int]]:
    """Each checkpoint with what its stretch gives today."""
    statement = select(CheckpointRow).order_by(CheckpointRow.number)
    before, digest = FIRST, b""
    for checkpoint in (await session.scalars(statement)).all():
        digest, count = await digest_of(session, before, checkpoint.until, digest)
        yield checkpoint, digest, count
        before = checkpoint.until


async def digest_of(
    session: AsyncSession, first: UUID, until: UUID, previous: bytes
) -> tuple[bytes, int]:
    """The digest over all log rows with an id from `first` up to without `until`."""
    digest, count, last = hashlib.sha256(previous), 0, (first, FIRST, 0)
    place = tuple_(CaseLogRow.id, CaseLogRow.case_id, CaseLogRow.seq)
    columns = (CaseLogRow.id, CaseLogRow.case_id, CaseLogRow.seq, CaseLogRow.hash)
    while True:
        statement = (
            select(*columns)
            .where(CaseLogRow.id >= first, CaseLogRow.id < until, place > tuple_(*last))
            .order_by(CaseLogRow.id, CaseLogRow.case_id, CaseLogRow.seq)
            .limit(ROWS_AT_ONCE)
        )
        rows = (await session.execute(statement)).all()
        for row in rows:
            digest.update(row.case_id.bytes + row.seq.to_bytes(4, "big") + row.hash)
        count += len(rows)
        if len(rows) < ROWS_AT_ONCE:
            return digest.digest(), count
        last = (rows[-1].id, rows[-1].case_id, rows[-1].seq)


async def set_checkpoint(database: Database, settings: MediationSettings) -> int:
    """Set a checkpoint over what was logged since the last one, when it is time; 1 if so."""
    now = database.clock()
    async with database.reading() as session:
        newest = select(CheckpointRow).order_by(CheckpointRow.number.desc()).limit(1)
        last = await session.scalar(newest)
        if last and now - last.at < timedelta(minutes=settings.checkpoint_minutes):
            return 0
        first = last.until if last else FIRST
        until = uuid7_at((uuid7().int >> 80) - LAG_MS, 0)
        waiting = select(func.count()).where(CaseLogRow.id >= first, CaseLogRow.id < until)
        if not await session.scalar(waiting):
            return 0
        digest, rows = await digest_of(session, first, until, last.digest if last else b"")
    row = {
        "number": last.number + 1 if last else 1,
        "until": until,
        "rows": rows,
        "digest": digest,
        "at": now,
    }
    async with database.work() as work:
        await work.insert_new(CheckpointRow, [row], [CheckpointRow.number])
    return 1
