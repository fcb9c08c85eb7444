"""Attempts to make a copy for a person: one at a time, however many processes make copies."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from services.mediation.tables import PrivacyRequestRow
from services.mediation.use_cases.privacy.requests import COPY, MAKING
from shared.ids import uuid7
from shared.work import Database, Work

LEASE = timedelta(minutes=10)
"""How long nobody else makes a copy that is being made, counted from its last sign of life."""


class TakenError(Exception):
    """A copy is no longer ours to make: our lease was over, and another process has taken it."""


@dataclass(frozen=True)
class Attempt:
    """A copy that is ours to make."""

    request: UUID
    id: UUID


def free(now: datetime) -> ColumnElement[bool]:
    """Copies that are to be made and that nobody makes; a lease that is over was cut off."""
    until = PrivacyRequestRow.attempt_until
    return and_(
        PrivacyRequestRow.kind == COPY,
        PrivacyRequestRow.state == MAKING,
        or_(until.is_(None), until <= now),
    )


async def begin(database: Database) -> Attempt | None:
    """Take the copy that was not tried for longest; None: nobody waits for us."""
    async with database.reading() as session:
        waiting = select(PrivacyRequestRow.id).where(free(database.clock())).limit(1)
        if await session.scalar(waiting) is None:
            return None
    async with database.work() as work:
        oldest = (
            select(PrivacyRequestRow)
            .where(free(work.now))
            .order_by(PrivacyRequestRow.attempt_until.nulls_first(), PrivacyRequestRow.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        row = await work.session.scalar(oldest)
        if row is None:
            return None
        row.attempt, row.attempt_until = uuid7(), work.now + LEASE
        return Attempt(row.id, row.attempt)


async def ours(work: Work, attempt: Attempt) -> PrivacyRequestRow:
    """The request, locked, and ours for a whole LEASE more. Raises TakenError."""
    row = await work.session.get_one(PrivacyRequestRow, attempt.request, with_for_update=True)
    if row.attempt != attempt.id or row.state != MAKING:
        raise TakenError
    row.attempt_until = work.now + LEASE
    return row


async def give_back(database: Database, attempt: Attempt, *, failed: bool) -> None:
    """It could not be made now: others come first, then it is tried again, by whoever comes.

    `failed`: it is counted, so that people read that it does not get done; a process that is
    stopped has not failed.
    """
    with suppress(TakenError):
        async with database.work() as work:
            row = await ours(work, attempt)
            row.attempt_until = work.now
            row.outcome = {**row.outcome, "failed": failures_of(row) + failed}


def failures_of(row: PrivacyRequestRow) -> int:
    """How often a copy could not be made."""
    return int(row.outcome.get("failed", 0))
