"""Asking for a way back in, and approving it: two administrators, never one, never the person."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.tables import SEALED_RECOVERY, RecoveryRow, StaffRow
from services.mediation.use_cases.people.changing import renewed
from services.mediation.use_cases.people.doing import by_of, for_person
from services.mediation.use_cases.people.persons import places_held, places_managed, sees
from services.mediation.use_cases.people.seconds import AloneError, in_person, managers_of
from services.mediation.use_cases.recovery.reading import waits
from services.mediation.use_cases.second_factor import take_away
from services.mediation.use_cases.staff import account_of, is_active, no_such_account
from shared.clock import local_day
from shared.ids import uuid7
from shared.kernel import ConflictError, ForbiddenError, RuleError, UnknownError
from shared.text import clean
from shared.trail import Chain, Deed, Doer, Said, note
from shared.web import Staff
from shared.work import Database, Work

FEWEST, MOST = 5, 500
"""Characters of a reason."""


class BadReasonError(RuleError):
    """A recovery nobody said why."""


class OwnRecoveryError(ForbiddenError):
    """Nobody asks for, or approves, a way back in for themselves, or what they asked for."""


class RecoveryOpenError(ConflictError):
    """There is a request for this account that waits for another administrator."""


class NoSuchRecoveryError(UnknownError):
    """There is no such request, or it waits no more: approved already, or a day old."""


@dataclass(frozen=True)
class Recovered:
    """What the second administrator hands over; shown once."""

    name: str
    password: str


async def ask(work: Work, who: Staff, name: str, reason: str) -> UUID:
    """Ask for a way back in for somebody.

    Raises NoSuchAccountError, NotAllowedError, OwnRecoveryError, AloneError, BadReasonError,
    RecoveryOpenError.
    """
    account = await account_of(work.session, name)
    if not await sees(work.session, by_of(who), account.id):
        raise no_such_account(name).beyond("account", account.id)
    doer = await check_may(work, who, account)
    if not is_active(account, work.now):
        raise OwnRecoveryError("这个账号已经停用，不能恢复登录。", pointer="/name")
    if not await others_for(work.session, account, who.id, work.now):
        raise AloneError(
            "恢复账号要两位管理员，这里没有别的管理员。请在控制台运行：redress staff reset {name}",
            pointer="/name",
            name=account.name,
        )
    said = clean(reason)
    if not FEWEST <= len(said) <= MOST:
        raise BadReasonError(
            "请写明为什么要恢复、怎样核对过本人，{fewest}到{most}个字。",
            pointer="/reason",
            fewest=FEWEST,
            most=MOST,
        )
    await work.session.get_one(StaffRow, account.id, with_for_update=True)
    open_one = select(RecoveryRow.id).where(RecoveryRow.staff_id == account.id, waits(work.now))
    if await work.session.scalar(open_one) is not None:
        raise RecoveryOpenError("这个账号已经有一个申请在等另一位管理员。", pointer="/name")
    made = uuid7()
    row = RecoveryRow(
        id=made,
        staff_id=account.id,
        reason=work.vault.seal(said, SEALED_RECOVERY, made),
        asked_by=who.id,
        asked_at=work.now,
    )
    work.session.add(row)
    await noted(work, doer, account, Said(Deed.RECOVERY_ASKED, {"reason": said}))
    return made


async def approve(database: Database, who: Staff, which: UUID) -> Recovered:
    """Let somebody back in: a new one-time password, no second factor, no old session or token.

    The database decides between two who approve at once. Raises NoSuchRecoveryError,
    OwnRecoveryError, NotAllowedError.
    """
    async with database.work() as work:
        row = await work.session.get(RecoveryRow, which)
        if row is None or not await sees(work.session, by_of(who), row.staff_id):
            error = NoSuchRecoveryError("没有这个申请，可能已经办理，或者过了24小时。")
            raise error.beyond("account", row.staff_id if row else None)
        account = await work.session.get_one(StaffRow, row.staff_id, with_for_update=True)
        doer = await check_may(work, who, account)
        asker = await work.session.get_one(StaffRow, row.asked_by)
        if who.id == asker.id:
            raise OwnRecoveryError("申请是您提的，要由另一位管理员批准。")
        await check_taken(work, who, row, account)
        password = await renewed(work, account)
        await take_away(work, account.id)
        by = {"asked_by": str(asker.id), "asked_by_name": asker.display}
        await noted(work, doer, account, Said(Deed.RECOVERY_APPROVED, by))
        return Recovered(account.name, password)


async def check_taken(work: Work, who: Staff, row: RecoveryRow, account: StaffRow) -> None:
    """Take the request, if it still waits and who asked still manages what the person holds."""
    mine = RecoveryRow.id == row.id, waits(work.now), RecoveryRow.asked_by != who.id
    taken = update(RecoveryRow).where(*mine).values(approved_by=who.id, approved_at=work.now)
    found = (await work.session.scalars(taken.returning(RecoveryRow.id))).all()
    if not found or row.asked_by not in await others_for(work.session, account, who.id, work.now):
        raise NoSuchRecoveryError("没有这个申请，可能已经办理，或者过了24小时。")


async def others_for(
    session: AsyncSession, account: StaffRow, besides: UUID, now: datetime
) -> set[UUID]:
    """Who else manages everything that somebody holds; never the person themselves."""
    places = await places_held(session, account)
    return await managers_of(session, places, local_day(now)) - {besides, account.id}


async def check_may(work: Work, who: Staff, account: StaffRow) -> Doer:
    """Who acts, by a right of their own: a stand-in (代理) counts neither as one nor the other.

    Raises NoSuchPersonError, NotAllowedError, StandInError, OwnRecoveryError.
    """
    if account.id == who.id:
        raise OwnRecoveryError("不能给自己恢复登录，请由另外两位管理员办理。", pointer="/name")
    by = by_of(who)
    return in_person(by, *await places_managed(work.session, by, account))


async def noted(work: Work, doer: Doer, account: StaffRow, said: Said) -> None:
    await note(work, Chain("staff", str(account.id)), for_person(doer, account), said)
