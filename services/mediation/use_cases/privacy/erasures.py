"""Erasures that were approved: kept as work to do, carried out by intake, heard of by all."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.domain.keeping.retention import CaseFacts, after
from services.mediation.domain.keeping.staying import Stays, stays
from services.mediation.ports import Eraser
from services.mediation.tables import CaseRow, ErasureRow, RetentionDueRow
from services.mediation.use_cases.privacy.errors import MustStayError, NothingFoundError
from services.mediation.use_cases.privacy.holds import Officer, holds_on
from services.mediation.use_cases.privacy.listed import take_off
from services.mediation.use_cases.privacy.retention import due_among, schedule_for, schedules
from shared.clock import local_day
from shared.rights import Action
from shared.trail import Chain, Deed, Said, note_all
from shared.trail.said import Noted
from shared.work import Database, Work

AT_ONCE = 200
REQUEST, RETENTION = "request", "retention"
SILENT = {"synchronize_session": False}


async def why_stays(
    session: AsyncSession, cases: Sequence[CaseRow], today: date
) -> dict[UUID, Stays | None]:
    """For each case why its words must stay today; None: they may go."""
    held = await holds_on(session, [one.id for one in cases])
    own = await schedules(session)
    found: dict[UUID, Stays | None] = {}
    for one in cases:
        facts = CaseFacts(one.kind, one.outcome, one.pack, one.closed_on)
        minimum = schedule_for(own, one.body).class_of(facts).minimum
        least = after(one.closed_on, minimum) if one.closed_on and minimum else None
        found[one.id] = stays(one.closed_on, held.get(one.id, ()), least, today)
    return found


async def locked_cases(work: Work, ids: Collection[UUID]) -> list[CaseRow]:
    """These cases, for this transaction alone, always locked in the same order."""
    wanted = select(CaseRow).where(CaseRow.id.in_(ids)).order_by(CaseRow.id)
    return list(await work.session.scalars(wanted.with_for_update()))


async def order(
    work: Work, cases: Sequence[CaseRow], why: str, request: UUID | None, officer: Officer
) -> None:
    """Note as work to do that the words of these cases go; the cases are locked."""
    rows = [
        {
            "case_id": one.id,
            "complaint_id": one.complaint_id,
            "why": why,
            "request": request,
            "approved_by": officer.id,
            "approved_at": work.now,
            "sent_at": None,
        }
        for one in cases
    ]
    await work.insert_new(ErasureRow, rows, ["case_id"])
    await take_off(work, [one.id for one in cases])
    work.wake("carry_out_erasures")


async def approve_due(work: Work, ids: Collection[UUID], officer: Officer) -> int:
    """A person approves that cases go that are listed and whose period is over; how many went.

    Raises NotAllowedError, NothingFoundError, MustStayError; then none of them goes.
    """
    cases = await locked_cases(work, ids)
    listed = select(RetentionDueRow.case_id).where(RetentionDueRow.case_id.in_(ids))
    waiting = set(await work.session.scalars(listed))
    today = local_day(work.now)
    due = due_among(cases, await schedules(work.session), today)
    cases = [one for one in cases if one.id in waiting]
    if not cases:
        raise NothingFoundError("请至少选一件到期的案件。", pointer="/cases")
    doers = {one.body: officer.doing(Action.RETENTION_MANAGE, one.body) for one in cases}
    reasons = await why_stays(work.session, cases, today)
    for one in cases:
        if stay := reasons[one.id]:
            raise MustStayError("案件{number}现在不能删除：{why}。", number=one.number, why=stay)
        if one.id not in due:
            raise MustStayError("案件{number}的保存期限还没有到，不能删除。", number=one.number)
    await order(work, cases, RETENTION, None, officer)
    said = Said(Deed.RETENTION_APPLIED.value, {"why": RETENTION})
    noted = [Noted(Chain("case", str(one.id)), doers[one.body], said) for one in cases]
    await note_all(work, noted)
    return len(cases)


async def carried_out(session: AsyncSession, cases: Collection[UUID]) -> set[UUID]:
    """Those of these cases whose words intake has erased; what was approved may wait for it."""
    done = select(ErasureRow.case_id).where(ErasureRow.sent_at.is_not(None))
    return set(await session.scalars(done.where(ErasureRow.case_id.in_(cases))))


@dataclass(frozen=True)
class CarryOutErasures:
    """A step: tells intake what was approved, until intake says that it is done."""

    eraser: Eraser
    __name__ = "carry_out_erasures"

    async def __call__(self, database: Database) -> int:
        """How many waited. Raises Unanswered; what waits goes on waiting."""
        async with database.reading() as session:
            waits = select(ErasureRow).where(ErasureRow.sent_at.is_(None))
            rows = list(await session.scalars(waits.order_by(ErasureRow.case_id).limit(AT_ONCE)))
        if not rows:
            return 0
        await self.eraser.erase({one.complaint_id: one.why for one in rows})
        async with database.work() as work:
            ids = [one.case_id for one in rows]
            done = update(ErasureRow).where(ErasureRow.case_id.in_(ids)).values(sent_at=work.now)
            await work.session.execute(done, execution_options=SILENT)
        return len(rows)
