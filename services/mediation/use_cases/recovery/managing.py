"""Who asks for and approves a way back in: two who manage all that it opens, never the person."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.tables import StaffRow
from services.mediation.use_cases.people.doing import by_of
from services.mediation.use_cases.people.persons import places_held, places_lent, places_managed
from services.mediation.use_cases.people.seconds import in_person, managers_of
from shared.acting import Staff
from shared.clock import local_day
from shared.kernel import ForbiddenError
from shared.rights import Action
from shared.trail import Doer
from shared.work import Work


class OwnRecoveryError(ForbiddenError):
    """Nobody asks for, or approves, a way back in for themselves, or what they asked for."""


class LentMoreError(ForbiddenError):
    """The account acts for a colleague (代理), now or later, whom who acts here does not manage."""


async def others_for(
    session: AsyncSession, account: StaffRow, besides: UUID, now: datetime
) -> set[UUID]:
    """Who else manages everything that somebody holds or is lent; never the person themselves."""
    today = local_day(now)
    places = await places_held(session, account) + await places_lent(session, account, today)
    return await managers_of(session, places, today) - {besides, account.id}


async def check_may(work: Work, who: Staff, account: StaffRow) -> Doer:
    """Who acts, by a right of their own: a stand-in (代理) counts neither as one nor the other.

    Raises NoSuchPersonError, NotAllowedError, LentMoreError, StandInError, OwnRecoveryError.
    """
    if account.id == who.id:
        raise OwnRecoveryError("不能给自己恢复登录，请由另外两位管理员办理。", pointer="/name")
    by = by_of(who)
    places = await places_managed(work.session, by, account)
    lent = await places_lent(work.session, account, local_day(work.now))
    if not all(map(by.rights.reach(Action.STAFF_MANAGE).admits, lent)):
        raise LentMoreError(
            "这个账号正在或者将要代理您管不到的同事。请先结束代理，或者由两边都管得到的管理员办理。",
            pointer="/name",
        )
    return in_person(by, *places, *lent)
