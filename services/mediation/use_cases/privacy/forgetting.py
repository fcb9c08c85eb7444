"""Who asked for something is forgotten with the words of their case, or when its period is over."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.domain.keeping.retention import after
from services.mediation.tables import CopyPartRow, PrivacyRequestRow
from services.mediation.use_cases.privacy.holds import holds_on
from services.mediation.use_cases.privacy.retention import (
    UNHURRIED,
    Own,
    schedule_for,
    schedules,
)
from shared.clock import local_day
from shared.trail import Chain, Deed, Said
from shared.trail.noting import note_all
from shared.trail.said import SYSTEM, Noted
from shared.trail.tables import AuditRow
from shared.work import Database, Work

OVER = ("done", "refused")
CLASS = "requests"
"""The class of files that they are, in retention.yaml."""
LOT = 100
SILENT = {"synchronize_session": False}
TOLD = and_(
    PrivacyRequestRow.state.in_(OVER),
    or_(PrivacyRequestRow.subject.is_not(None), PrivacyRequestRow.decision.is_not(None)),
)
"""Requests that are over and still say who asked, or why it was decided so."""


async def forget_askers(work: Work, cases: Collection[UUID]) -> None:
    """Forget who asked about these cases and what was decided, with the copies that were made.

    Of a request stays who of the staff did what, and when; its chain says that it was emptied.
    """
    gone = {str(one) for one in cases}
    rows = await work.session.execute(
        select(PrivacyRequestRow.id, PrivacyRequestRow.cases).where(TOLD)
    )
    await empty(work, sorted(row.id for row in rows if gone & set(row.cases)))


async def empty(work: Work, ours: Sequence[UUID]) -> None:
    """Empty these requests, in their table and in the trail."""
    chains = [Chain("retention", str(one)) for one in ours]
    mine = (AuditRow.kind == "retention", AuditRow.key.in_([one.key for one in chains]))
    for emptied in (
        update(PrivacyRequestRow)
        .where(PrivacyRequestRow.id.in_(ours))
        .values(subject=None, decision=None),
        update(AuditRow).where(*mine).values(sealed=None),
        delete(CopyPartRow).where(CopyPartRow.request.in_(ours)),
    ):
        await work.session.execute(emptied, execution_options=SILENT)
    await note_all(work, [Noted(one, SYSTEM, Said(Deed.REQUEST_EMPTIED)) for one in chains])


class ForgetRequests:
    """A step: empties the requests whose own period is over.

    It looks on each new legal day, and when a period was changed. Whoever asked need not be known
    for as long as their case is kept: `requests` in retention.yaml.
    """

    __name__ = "forget_requests"
    gather: ClassVar = UNHURRIED

    def __init__(self) -> None:
        self._looked_at: tuple[date, Own] | None = None

    async def __call__(self, database: Database) -> int:
        """How many were emptied."""
        today = local_day(database.clock())
        async with database.reading() as session:
            own = await schedules(session)
            if self._looked_at == (today, own):
                return 0
            due = await requests_due(session, own, today)
        for start in range(0, len(due), LOT):
            async with database.work(redone=True) as work:
                await empty(work, await locked(work, due[start : start + LOT]))
        self._looked_at = (today, own)
        return len(due)


async def locked(work: Work, ids: Sequence[UUID]) -> list[UUID]:
    """Those of these requests that still say who asked, for this transaction alone."""
    wanted = select(PrivacyRequestRow.id).where(PrivacyRequestRow.id.in_(ids), TOLD)
    return list(await work.session.scalars(wanted.order_by(PrivacyRequestRow.id).with_for_update()))


async def requests_due(session: AsyncSession, own: Own, today: date) -> list[UUID]:
    """Which requests were done so long ago that they are emptied; not those about a held case."""
    of = PrivacyRequestRow
    wanted = select(of.id, of.body, of.cases, of.done_at).where(TOLD, of.done_at.is_not(None))
    found = list[UUID]()
    for row in (await session.execute(wanted.order_by(of.id))).all():
        schedule = schedule_for(own, row.body)
        months = schedule.months(schedule.named(CLASS))
        if months is None or after(local_day(row.done_at), months) > today:
            continue
        held = await holds_on(session, [UUID(one) for one in row.cases])
        if not any(one.on(today) for several in held.values() for one in several):
            found.append(row.id)
    return found
