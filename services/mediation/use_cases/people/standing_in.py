"""Standing in (代理): somebody acts for a colleague who is away, from one day to another."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.tables import StaffRow, StandInRow
from services.mediation.use_cases.people.doing import By
from services.mediation.use_cases.people.giving import overlap
from services.mediation.use_cases.people.holding import bodies_lent, stands_in_yet
from services.mediation.use_cases.people.persons import (
    check_not_oneself,
    managed,
    managed_wholly,
    person_in,
    sees,
)
from shared.clock import local_day
from shared.i18n import N_
from shared.ids import uuid7
from shared.kernel import ConflictError, RuleError, UnknownError
from shared.trail import Chain, Deed, Doer, Said, note
from shared.work import Work

LONGEST = 366
"""Days: whoever is away longer gets a successor, not a stand-in."""


class BadStandInError(RuleError):
    """A stand-in that cannot be: the same person, or days that do not fit."""


class StandsInAlreadyError(ConflictError):
    """The person is stood in for on these days already."""


class NoSuchStandInError(UnknownError):
    """No such stand-in, or it is over."""


class WishedStandIn(NamedTuple):
    """Who acts for whom, from when to when (both days included)."""

    absent: UUID
    stand_in: UUID
    first_on: date
    last_on: date


async def arrange(work: Work, wished: WishedStandIn, by: By) -> UUID:
    """Let somebody act for a colleague: the colleague arranges it, or who manages all they hold.

    Raises BadStandInError, StandsInAlreadyError, NoSuchPersonError, NotAllowedError,
    NotToOneselfError.
    """
    absent = await person_in(work.session, wished.absent, lock=True)
    stand_in = await person_in(work.session, wished.stand_in)
    doer = by.doer
    if doer.id != absent.id:
        doer = await managed_wholly(work.session, by, absent)
        check_not_oneself(
            doer, stand_in.id, N_("不能安排自己代理别人，请由本人或者另一位管理员办理。")
        )
    check_days(wished, local_day(work.now))
    check_pair(absent, stand_in)
    await check_nobody_else(work.session, wished)
    row = StandInRow(id=uuid7(), **wished._asdict(), arranged_by=doer.id, arranged_at=work.now)
    work.session.add(row)
    await noted(work, row, doer, Deed.STAFF_STANDIN_BEGUN)
    return row.id


def check_pair(absent: StaffRow, stand_in: StaffRow) -> None:
    """Raises BadStandInError."""
    if absent.id == stand_in.id:
        raise BadStandInError("不能代理自己。", pointer="/stand_in")
    if stand_in.ended_at is not None or absent.ended_at is not None:
        raise BadStandInError("账号已经停用的人不能代理，也不能被代理。", pointer="/stand_in")
    if absent.body and stand_in.body not in {"", absent.body}:
        raise BadStandInError("代理人要是同一机构的人。", pointer="/stand_in")


def check_days(wished: WishedStandIn, today: date) -> None:
    """Raises BadStandInError."""
    if wished.last_on < wished.first_on:
        raise BadStandInError("结束日期不能早于开始日期。", pointer="/last_on")
    if wished.last_on < today:
        raise BadStandInError("结束日期不能早于今天。", pointer="/last_on")
    if (wished.last_on - wished.first_on).days >= LONGEST:
        raise BadStandInError("代理最长{longest}天。", pointer="/last_on", longest=LONGEST)


async def check_nobody_else(session: AsyncSession, wished: WishedStandIn) -> None:
    """Raises StandsInAlreadyError."""
    others = select(StandInRow).where(
        StandInRow.absent == wished.absent, StandInRow.ended_at.is_(None)
    )
    days = (wished.first_on, wished.last_on)
    for other in await session.scalars(others):
        if overlap(days, (other.first_on, other.last_on)):
            raise StandsInAlreadyError(
                "这几天已经有人代理，请先结束原来的代理。", pointer="/first_on"
            )


async def end(work: Work, identity: UUID, by: By) -> StandInRow:
    """End a stand-in now: who is back, who stands in, or who manages people there.

    Raises NoSuchStandInError, NotAllowedError.
    """
    row = await work.session.get(StandInRow, identity, with_for_update=True)
    if row is None or row.ended_at is not None:
        raise no_such_stand_in()
    doer = by.doer
    if doer.id not in {row.absent, row.stand_in}:
        if not await sees(work.session, by, row.absent):
            raise no_such_stand_in().beyond("person", row.absent)
        absent = await person_in(work.session, row.absent)
        doer = await managed(work.session, by, absent)
    await over(work, row, doer)
    return row


async def over(work: Work, row: StandInRow, doer: Doer) -> None:
    """End it now, and note it."""
    row.ended_at = work.now
    await noted(work, row, doer, Deed.STAFF_STANDIN_ENDED)


async def noted(work: Work, row: StandInRow, doer: Doer, deed: Deed) -> None:
    """Note it with who is away: both names stand in the trail.

    So do the bodies in which anything is lent, and where the stand-in works: who audits one of
    them sees it, wherever who is away works.
    """
    stand_in = await person_in(work.session, row.stand_in)
    bodies = {stand_in.body, *await bodies_lent(work.session, row)}
    said = {
        "stand_in": row.stand_in,
        "stand_in_name": stand_in.display,
        "first_on": row.first_on,
        "last_on": row.last_on,
        "bodies": sorted(bodies),
    }
    await note(work, Chain("staff", str(row.absent)), doer, Said(deed, said))


async def end_arranged_by(work: Work, person: UUID, doer: Doer) -> None:
    """End all that an account arranged, for its owner or for others, and that holds or is to come.

    For the account that gets a new password because somebody else may have had it.
    """
    await end_all(work, StandInRow.arranged_by == person, doer)


async def end_with(work: Work, person: UUID, doer: Doer) -> None:
    """Whoever leaves is stood in for by nobody, and stands in for nobody."""
    await end_all(work, (StandInRow.absent == person) | (StandInRow.stand_in == person), doer)


async def end_all(work: Work, which: ColumnElement[bool], doer: Doer) -> None:
    """End such stand-ins, each with its row in the trail."""
    still = select(StandInRow).where(which, stands_in_yet(local_day(work.now)))
    for row in await work.session.scalars(still.order_by(StandInRow.id).with_for_update()):
        await over(work, row, doer)


def no_such_stand_in() -> NoSuchStandInError:
    return NoSuchStandInError("没有这项代理，或者已经结束。")


async def arranged(session: AsyncSession, staff: UUID, today: date) -> Sequence[StandInRow]:
    """The stand-ins of somebody, as who is away or as who acts, that hold or are to come."""
    theirs = (StandInRow.absent == staff) | (StandInRow.stand_in == staff)
    statement = select(StandInRow).where(theirs, stands_in_yet(today))
    return (await session.scalars(statement.order_by(StandInRow.first_on, StandInRow.id))).all()
