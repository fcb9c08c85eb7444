"""What is due (到期): listed by a step, once a day; a person approves that it goes."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from sqlalchemy import delete, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.domain.keeping.retention import (
    CaseFacts,
    Schedule,
    checked,
    schedule_of,
)
from services.mediation.tables import (
    CaseRow,
    ErasureRow,
    RetentionDueRow,
    RetentionPeriodRow,
)
from services.mediation.use_cases.privacy.errors import SavedMeanwhileError
from services.mediation.use_cases.privacy.holds import Officer, holds_on
from shared.clock import local_day
from shared.rights import Action
from shared.trail import Chain, Deed, Said, note
from shared.work import Database, Work

FILE = Path(__file__).parents[2] / "keeping" / "retention.yaml"
LOT = 500
MOST = 200
FIRST = UUID(int=0)
SILENT = {"synchronize_session": False}
CLOSED = (CaseRow.id, CaseRow.body, CaseRow.kind, CaseRow.outcome, CaseRow.pack, CaseRow.closed_on)


@cache
def shipped() -> Schedule:
    """The classes as they are shipped. Raises BrokenRetentionError."""
    return schedule_of(yaml.safe_load(FILE.read_text("utf-8")))


async def schedules(session: AsyncSession) -> Mapping[str, Mapping[str, int | None]]:
    """The periods that bodies set themselves, by body and class."""
    found: dict[str, dict[str, int | None]] = {}
    for row in await session.scalars(select(RetentionPeriodRow)):
        found.setdefault(row.body, {})[row.code] = row.months
    return found


def schedule_for(own: Mapping[str, Mapping[str, int | None]], body: str) -> Schedule:
    """What holds for a body."""
    base = shipped()
    return Schedule(base.valid_from, base.classes, own.get(body, {}))


async def change_period(
    work: Work, body: str, code: str, months: int | None, officer: Officer
) -> None:
    """Keep files of a class longer or shorter from now on, within what the law allows.

    Raises NotAllowedError, WrongPeriodError, TooShortError, SavedMeanwhileError.
    """
    doer = officer.doing(Action.RETENTION_MANAGE, body)
    one = shipped().named(code)
    wanted = checked(one, months)
    before = schedule_for(await schedules(work.session), body).months(one)
    here = {"body": body, "code": code}
    row = await work.session.get(RetentionPeriodRow, here, with_for_update=True)
    facts = {"months": wanted, "changed_by": officer.id, "changed_at": work.now}
    if row is not None:
        for name, value in facts.items():
            setattr(row, name, value)
    elif not await work.insert_new(RetentionPeriodRow, [{**here, **facts}], ["code"]):
        raise SavedMeanwhileError("刚刚有人改过这一类的保存期限。请看过以后再改。")
    ours = (RetentionDueRow.body == body) & (RetentionDueRow.code == code)
    await work.session.execute(delete(RetentionDueRow).where(ours), execution_options=SILENT)
    said = Said(Deed.RETENTION_CHANGED.value, {"class": code, "before": before, "now": wanted})
    await note(work, Chain("retention", body), doer, said)


class ListDue:
    """A step: on each new legal day, finds the closed cases whose period is over."""

    __name__ = "list_due"

    def __init__(self) -> None:
        self._looked_on: date | None = None

    async def __call__(self, database: Database) -> int:
        """How many were listed."""
        today = local_day(database.clock())
        if self._looked_on == today:
            return 0
        count = await list_due(database, today)
        self._looked_on = today
        return count


async def list_due(database: Database, today: date) -> int:
    """List what is due and not listed yet; take off what is not due any more. How many are new."""
    await take_off(database)
    last, count = FIRST, 0
    while True:
        async with database.reading() as session:
            own = await schedules(session)
            rows = await closed_after(session, last)
            due = due_among(rows, own, today)
            new = due.keys() - await listed_of(session, due)
        if not rows:
            return count
        last = rows[-1].id
        if new:
            count += await list_these(database, {case: due[case] for case in new}, today)


async def listed_of(session: AsyncSession, cases: Collection[UUID]) -> set[UUID]:
    """Those of these cases that wait for approval already."""
    listed = select(RetentionDueRow.case_id).where(RetentionDueRow.case_id.in_(cases))
    return set(await session.scalars(listed))


async def list_these(database: Database, due: Mapping[UUID, Mapping[str, Any]], today: date) -> int:
    """List what is due, unless it is held; how many are new."""
    async with database.work(redone=True) as work:
        held = await holds_on(work.session, due)
        free = [
            {"case_id": case, "listed_at": work.now, **facts}
            for case, facts in due.items()
            if not any(one.on(today) for one in held.get(case, ()))
        ]
        return len(await work.insert_new(RetentionDueRow, free, ["case_id"]))


async def take_off(database: Database) -> None:
    """Cases that were taken up again are not due any more."""
    open_again = exists().where(CaseRow.id == RetentionDueRow.case_id, CaseRow.closed_on.is_(None))
    async with database.reading() as session:
        if not await session.scalar(select(RetentionDueRow.case_id).where(open_again).limit(1)):
            return
    async with database.work(redone=True) as work:
        gone = delete(RetentionDueRow).where(open_again)
        await work.session.execute(gone, execution_options=SILENT)


async def closed_after(session: AsyncSession, last: UUID) -> Sequence[Any]:
    """The next closed cases whose words are still there, in the order of their ids."""
    gone = exists().where(ErasureRow.case_id == CaseRow.id)
    wanted = select(*CLOSED).where(CaseRow.id > last, CaseRow.closed_on.is_not(None), ~gone)
    return (await session.execute(wanted.order_by(CaseRow.id).limit(LOT))).all()


def due_among(
    rows: Sequence[Any], own: Mapping[str, Mapping[str, int | None]], today: date
) -> dict[UUID, dict[str, Any]]:
    """Those whose period is over, with body, class and since when."""
    found: dict[UUID, dict[str, Any]] = {}
    for row in rows:
        schedule = schedule_for(own, row.body)
        facts = CaseFacts(row.kind, row.outcome, row.pack, row.closed_on)
        due_on = schedule.due_on(facts)
        if due_on is not None and due_on <= today:
            code = schedule.class_of(facts).code
            found[row.id] = {"body": row.body, "code": code, "due_on": due_on}
    return found


async def due_list(session: AsyncSession, bodies: Collection[str]) -> list[Any]:
    """What waits for approval in these bodies, the oldest first, with the numbers of the cases."""
    wanted = (
        select(RetentionDueRow, CaseRow.number, CaseRow.closed_on)
        .join(CaseRow, CaseRow.id == RetentionDueRow.case_id)
        .where(RetentionDueRow.body.in_(bodies))
        .order_by(RetentionDueRow.due_on, RetentionDueRow.case_id)
        .limit(MOST)
    )
    return list((await session.execute(wanted)).all())


async def due_count(session: AsyncSession, bodies: Collection[str]) -> int:
    """How many wait for approval."""
    counted = select(func.count()).select_from(RetentionDueRow)
    return await session.scalar(counted.where(RetentionDueRow.body.in_(bodies))) or 0
