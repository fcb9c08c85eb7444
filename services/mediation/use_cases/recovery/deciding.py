"""Asking for a way back in, and approving it: two administrators, never one, never the person."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.tables import SEALED_RECOVERY, RecoveryRow, StaffRow
from services.mediation.use_cases.people.changing import renewed
from services.mediation.use_cases.people.doing import By, by_of, for_person
from services.mediation.use_cases.people.persons import sees
from services.mediation.use_cases.people.seconds import AloneError
from services.mediation.use_cases.recovery.managing import OwnRecoveryError, check_may, others_for
from services.mediation.use_cases.recovery.reading import waits
from services.mediation.use_cases.second_factor import take_away
from services.mediation.use_cases.staff import (
    NoSuchAccountError,
    account_of,
    is_active,
    no_such_account,
)
from shared.acting import Staff
from shared.ids import uuid7
from shared.kernel import (
    ConflictError,
    RuleError,
    UnknownError,
    broken,
    raise_all,
)
from shared.text import clean
from shared.trail import Chain, Deed, Doer, Said, note
from shared.work import Database, Work

FEWEST, MOST = 5, 500
"""Characters of a reason."""


class BadReasonError(RuleError):
    """A recovery nobody said why."""


class RecoveryOpenError(ConflictError):
    """There is a request for this account that waits for another administrator."""


class NoSuchRecoveryError(UnknownError):
    """There is no such request, or it waits no more: approved already, or a day old."""


@dataclass(frozen=True)
class Recovered:
    """What the second administrator hands over; shown once."""

    name: str
    password: str | None
    """None: the person signs on at the provider (统一登录) again."""


async def ask(work: Work, who: Staff, name: str, reason: str) -> UUID:
    """Ask for a way back in for somebody.

    Raises NoSuchAccountError, NotAllowedError, LentMoreError, OwnRecoveryError, AloneError,
    BadReasonError, RecoveryOpenError; RuleErrors where the account is none and the reason is
    missing, too.
    """
    lacking = broken(check_reason, reason)
    try:
        account = await seen_account(work.session, name, by_of(who))
    except NoSuchAccountError as error:
        error.pointer = "/name"
        raise_all([error, *lacking])
        raise
    doer = await check_may(work, who, account)
    if not is_active(account, work.now):
        raise OwnRecoveryError("这个账号已经停用，不能恢复登录。", pointer="/name")
    if not await others_for(work.session, account, who.id, work.now):
        raise AloneError(
            "恢复账号要两位管理员，这里没有别的管理员。请在控制台运行：redress staff reset {name}",
            pointer="/name",
            name=account.name,
        )
    raise_all(lacking)
    said = clean(reason)
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


def check_reason(reason: str) -> None:
    """Raises BadReasonError."""
    if not FEWEST <= len(clean(reason)) <= MOST:
        raise BadReasonError(
            "请写明为什么要恢复、怎样核对过本人，{fewest}到{most}个字。",
            pointer="/reason",
            fewest=FEWEST,
            most=MOST,
        )


async def seen_account(session: AsyncSession, name: str, by: By) -> StaffRow:
    """An account that somebody sees. Raises NoSuchAccountError."""
    account = await account_of(session, name)
    if not await sees(session, by, account.id):
        raise no_such_account().beyond("account", account.id)
    return account


async def approve(database: Database, who: Staff, which: UUID) -> Recovered:
    """Let somebody back in: a new one-time password, no second factor, no old session or token.

    Who signs on at the provider gets no password.

    The database decides between two who approve at once. Raises NoSuchRecoveryError,
    OwnRecoveryError, NotAllowedError, LentMoreError.
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
        password = await renewed(work, account, for_person(doer, account))
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


async def noted(work: Work, doer: Doer, account: StaffRow, said: Said) -> None:
    await note(work, Chain("staff", str(account.id)), for_person(doer, account), said)
