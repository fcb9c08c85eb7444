"""What is due (到期) is listed: on each new legal day, and at once when periods or holds change."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import and_, exists, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.domain.keeping.retention import CaseFacts
from services.mediation.tables import CaseRow, CaseWordsRow, ErasureRow, RetentionDueRow
from services.mediation.use_cases.privacy.holds import holds_on
from services.mediation.use_cases.privacy.listed import take_off
from services.mediation.use_cases.privacy.retention import (
    LIST_DUE,
    UNHURRIED,
    Own,
    due_among,
    schedule_for,
    schedules,
)
from shared.clock import local_day
from shared.work import Database, Work

LOT = 500
FIRST = UUID(int=0)
OF = CaseRow
SORT = (OF.body, OF.kind, OF.pack, OF.outcome)
"""What decides about the class of a closed case."""
KEPT = (
    ~exists().where(ErasureRow.case_id == OF.id),
    ~exists().where(CaseWordsRow.case_id == OF.id, CaseWordsRow.words.is_(None)),
)
"""The words of a case are neither gone nor on their way out."""


class ListDue:
    """A step: on each new legal day and after each change of a period it looks at what is due.

    In between it reads the periods alone, a few rows. Nothing else makes a case due: the shortest
    period is a month, so none is on the day it is closed, and who lifts a hold lists its case.
    """

    __name__ = LIST_DUE
    gather: ClassVar = UNHURRIED

    def __init__(self) -> None:
        self._looked_at: tuple[date, Own] | None = None

    async def __call__(self, database: Database) -> int:
        """How many were listed."""
        today = local_day(database.clock())
        async with database.reading() as session:
            own = await schedules(session)
        if self._looked_at == (today, own):
            return 0
        await take_off_others(database, today)
        count = await list_due(database, own, today)
        self._looked_at = (today, own)
        return count


async def list_due(database: Database, own: Own, today: date) -> int:
    """List what is due and not listed yet; how many there were.

    What is read is what is due, not all that is kept: along `ix_cases_closed`, sort by sort.
    """
    async with database.reading() as session:
        sorts = await sorts_of_closed(session)
    count = 0
    for one in sorts:
        facts = CaseFacts(one.kind, one.outcome, one.pack, None)
        until = schedule_for(own, one.body).closed_by(facts, today)
        if until is not None and one.first <= until:
            count += await list_sort(database, one, until, today)
    return count


async def sorts_of_closed(session: AsyncSession) -> Sequence[Any]:
    """Which sorts of closed cases there are, each with the day its first case was closed."""
    first = func.min(OF.closed_on).label("first")
    wanted = select(*SORT, first).where(OF.closed_on.is_not(None)).group_by(*SORT)
    return (await session.execute(wanted.order_by(*SORT))).all()


async def list_sort(database: Database, one: Any, until: date, today: date) -> int:
    """List the cases of a sort that were closed on a day or before; how many are new."""
    count, last = 0, (date.min, FIRST)
    while True:
        async with database.reading() as session:
            rows = await closed_after(session, one, until, last)
        if not rows:
            return count
        last = (rows[-1].closed_on, rows[-1].id)
        async with database.work(redone=True) as work:
            count += await list_cases(work, [row.id for row in rows], today)


async def closed_after(
    session: AsyncSession, one: Any, until: date, last: tuple[date, UUID]
) -> Sequence[Any]:
    """The next cases of a sort whose words are still there and that are not listed yet."""
    listed = exists().where(RetentionDueRow.case_id == OF.id)
    of_sort = and_(*(column == getattr(one, column.key) for column in SORT))
    further = tuple_(OF.closed_on, OF.id) > tuple_(*last)
    wanted = select(OF.id, OF.closed_on).where(
        of_sort, OF.closed_on <= until, further, *KEPT, ~listed
    )
    return (await session.execute(wanted.order_by(OF.closed_on, OF.id).limit(LOT))).all()


async def list_cases(work: Work, cases: Collection[UUID], today: date) -> int:
    """List those of these cases that are due and that nothing keeps; how many are new.

    They are locked first: who lays a hold, takes up a case again or erases it waits, or was first.
    """
    locked = select(OF.id).where(OF.id.in_(cases)).order_by(OF.id).with_for_update()
    await work.session.execute(locked)
    due = await due_now(work.session, cases, today)
    rows = [{"case_id": case, "listed_at": work.now, **facts} for case, facts in due.items()]
    return len(await work.insert_new(RetentionDueRow, rows, ["case_id"]))


async def due_now(
    session: AsyncSession, cases: Collection[UUID], today: date
) -> dict[UUID, dict[str, Any]]:
    """Those of these cases that may wait for approval, with body, class and since when.

    They are closed, their period is over, their words are there, and no hold lies on them.
    """
    facts = (OF.id, *SORT, OF.closed_on)
    closed = select(*facts).where(OF.id.in_(cases), OF.closed_on.is_not(None), *KEPT)
    rows = (await session.execute(closed)).all()
    held = await holds_on(session, [row.id for row in rows])
    free = [row for row in rows if not any(one.on(today) for one in held.get(row.id, ()))]
    return due_among(free, await schedules(session), today)


async def take_off_others(database: Database, today: date) -> None:
    """Take off what is listed and should not be, or not like this."""
    last = FIRST
    while True:
        async with database.reading() as session:
            of = RetentionDueRow
            wanted = select(of).where(of.case_id > last).order_by(of.case_id).limit(LOT)
            listed = (await session.scalars(wanted)).all()
            due = await due_now(session, [row.case_id for row in listed], today)
        if not listed:
            return
        last = listed[-1].case_id
        if wrong := [row.case_id for row in listed if said_of(row) != due.get(row.case_id)]:
            async with database.work(redone=True) as work:
                await take_off(work, wrong)


def said_of(row: RetentionDueRow) -> dict[str, Any]:
    """What the list says of a case."""
    return {"body": row.body, "code": row.code, "due_on": row.due_on}
