"""Logging in: name and password first, then the second factor of who has one."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select

from services.mediation.domain.passwords import is_over
from services.mediation.settings import MediationSettings
from services.mediation.tables import StaffRow
from services.mediation.use_cases.guesses import (
    Door,
    forgive,
    forgive_codes,
    give_back,
    take,
    take_try,
)
from services.mediation.use_cases.hashing import NOBODYS, fits
from services.mediation.use_cases.passwords import chosen, keep_password
from services.mediation.use_cases.second_factor.codes import WrongCodeError, asks_code, spend
from services.mediation.use_cases.sessions.devices import known_by, remembered
from services.mediation.use_cases.sessions.kept import (
    Caller,
    Session,
    begin,
    doer_of,
    end_all,
    said,
)
from services.mediation.use_cases.staff import is_active
from shared.kernel import ForbiddenError, Tried, UnauthenticatedError
from shared.text import normal_name
from shared.trail import Deed
from shared.work import Database, Work


class WrongNameOrPasswordError(UnauthenticatedError):
    """One of the two is wrong; which one is not said."""

    deed = Deed.PASSWORD_WRONG.value


class PasswordMustChangeError(ForbiddenError):
    """The password was made by somebody else; the person must choose their own."""

    deed = ""


class OneTimePasswordOverError(ForbiddenError):
    """The password was made by somebody else, and nobody came for it in time."""


class SecondFactorNeededError(UnauthenticatedError):
    """Name and password are right; the code of the second factor is missing."""

    deed = ""


class TooLateError(UnauthenticatedError):
    """The account or its password changed between the two parts of a log-in."""


@dataclass(frozen=True)
class Login:
    """What somebody typed to log in, and from where."""

    name: str
    password: str
    address: str
    new_password: str | None = None
    code: str | None = None
    """Of the second factor, or one on paper."""
    device: str = ""
    """Program and system, in words."""
    known: str = ""
    """The cookie by which accounts know this browser; empty: none came."""


@dataclass(frozen=True)
class Proof:
    """Somebody knew name and password. Good for a second part only, and for a few minutes."""

    staff: UUID
    mark: str
    """Of the password's hash: a proof is worth nothing once the password was changed."""
    needs_code: bool
    chosen: str | None = None
    """The hash of the new password, kept once the log-in is whole."""
    proved: float | None = None
    """Unix time at which a provider saw who they are; None: here, by the password, just now."""


async def log_in(database: Database, login: Login, settings: MediationSettings) -> Session:
    """Log somebody in at one go. Each try is counted before it is looked at (see `guesses`).

    Raises what `prove` and `finish` raise.
    """
    return await finish(database, await prove(database, login, settings), login, settings)


async def prove(database: Database, login: Login, settings: MediationSettings) -> Proof:
    """Check name and password; the same work whether there is such an account or not.

    Raises AddressLockedError, WrongNameOrPasswordError, OneTimePasswordOverError,
    PasswordMustChangeError, WeakPasswordError.
    """
    async with database.reading() as session:
        statement = select(StaffRow).where(StaffRow.name == normal_name(login.name))
        account = await session.scalar(statement)
    tried = Tried("account", account.id if account else None, normal_name(login.name))
    device = known_by(database.vault, account, login.known, database.clock())
    taken = await take(database, Door(login.name, login.address, device, tried), settings)
    right = await fits(login.password, account.password if account else NOBODYS)
    if account is None or not right or not is_active(account, database.clock()):
        raise WrongNameOrPasswordError("账号或者密码不对。").telling(tried)
    await give_back(database, taken)
    if is_over(account.one_time_until, database.clock()):
        over = OneTimePasswordOverError("这个一次性密码已经过期，请找管理员恢复账号。")
        raise over.telling(tried)
    async with database.reading() as session:
        needs_code = await asks_code(session, account.id)
    if needs_code and not login.code:
        async with database.work() as work:
            await half_begun(work, account, login.device)
    if login.new_password is None and account.must_change:
        raise PasswordMustChangeError(
            "第一次登录要设新密码，至少{fewest}个字。",
            pointer="/new_password",
            fewest=settings.password_length,
        )
    new = login.new_password
    password = None if new is None else await chosen(account, new, settings)
    return Proof(account.id, mark_of(account), needs_code, password)


async def half_begun(work: Work, account: StaffRow, device: str = "") -> None:
    """Somebody is known but for the code: told each time, or a stolen password is tried unseen."""
    await said(work, doer_of(account), Deed.SESSION_HALF_BEGUN, device=device)


def mark_of(account: StaffRow) -> str:
    """What a proof remembers of a password."""
    return sha256(account.password.encode()).hexdigest()[:32]


async def finish(
    database: Database, proof: Proof, login: Login, settings: MediationSettings
) -> Session:
    """The second part: the code, where one is needed; then the session.

    Raises SecondFactorNeededError, WrongCodeError, CodesLockedError, TooLateError.
    """
    if proof.needs_code:
        if not login.code:
            raise SecondFactorNeededError("还要输入动态口令。", pointer="/code")
        await take_try(database, proof.staff, settings)
    async with database.work() as work:
        account = await same_account(work, proof)
        if proof.needs_code:
            if not await spend(work, account.id, login.code or ""):
                wrong = WrongCodeError(
                    "动态口令不对，或者已经用过。请等下一个再输。", pointer="/code"
                )
                raise wrong.telling(Tried("account", account.id))
            await forgive_codes(work, account.id)
        device = known_by(work.vault, account, login.known, work.now)
        if proof.chosen:
            keep_password(account, proof.chosen)
            await end_all(work, account.id)
            await said(work, doer_of(account), Deed.STAFF_PASSWORD)
        await forgive(work, Door(account.name, login.address, device))
        await said(work, doer_of(account), Deed.SESSION_BEGUN, device=login.device)
        caller = Caller(login.address, login.device)
        fresh = await begin(work, account, caller, settings, proved_at(proof, work.now))
        return replace(fresh, known=remembered(work.vault, account, login.known, work.now))


def proved_at(proof: Proof, now: datetime) -> datetime:
    """When somebody proved who they are, wherever that was."""
    return now if proof.proved is None else datetime.fromtimestamp(proof.proved, UTC)


async def same_account(work: Work, proof: Proof) -> StaffRow:
    """The account as it was proved. Raises TooLateError where it changed since."""
    account: StaffRow | None = await work.session.get(StaffRow, proof.staff, with_for_update=True)
    if account is None or not is_active(account, work.now) or mark_of(account) != proof.mark:
        raise TooLateError("账号在这期间有变化，请重新登录。")
    return account
