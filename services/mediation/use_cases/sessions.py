"""Logging in and out, and telling sisters who a session belongs to."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.settings import MediationSettings
from services.mediation.tables import LoginFailureRow, SessionRow, StaffRow
from services.mediation.use_cases.guesses import check_locked, forget, forgive, note_failure
from services.mediation.use_cases.staff import fits, hashed, is_active
from shared.kernel import ForbiddenError, RuleError, UnauthenticatedError
from shared.text import normal_name
from shared.work import Database, Work

NOBODYS = (
    "$argon2id$v=19$m=19456,t=2,p=1$l+EVTjA0nwtGUz3mSRXX9A"
    "$M7BPqsKP123rrfYcHYmE/tQMla5TvJ+kS/bZ/2lz/1I"
)
"""A hash nobody's password has: unknown names cost the same work as known ones."""
PURGED = 500


class WrongNameOrPasswordError(UnauthenticatedError):
    """One of the two is wrong; which one is not said."""


class PasswordMustChangeError(ForbiddenError):
    """The password was made by somebody else; the person must choose their own."""


class WeakPasswordError(RuleError):
    """The new password is too short, or the old one again."""


@dataclass(frozen=True)
class Login:
    """What somebody typed to log in, and from where."""

    name: str
    password: str
    address: str
    new_password: str | None = None

    @property
    def who(self) -> tuple[str, str]:
        """Whose failures are counted: the name that was typed, and the address."""
        return self.name, self.address


@dataclass(frozen=True)
class Session:
    """A fresh session: the cookie's value and the seconds it is good for."""

    cookie: str
    seconds: int
    staff: StaffRow


async def log_in(database: Database, login: Login, settings: MediationSettings) -> Session:
    """Log somebody in. Failures are counted (see `guesses`) and commit at once.

    Raises AddressLockedError, WrongNameOrPasswordError, PasswordMustChangeError,
    WeakPasswordError.
    """
    async with database.reading() as session:
        await check_locked(session, database, login.who, settings)
        statement = select(StaffRow).where(StaffRow.name == normal_name(login.name))
        account = await session.scalar(statement)
    right = await fits(login.password, account.password if account else NOBODYS)
    if account is None or not right or not is_active(account, database.clock()):
        await note_failure(database, login.who, settings)
        raise WrongNameOrPasswordError("账号或者密码不对。")
    chosen = await chosen_password(account, login, settings)
    async with database.work() as work:
        return await begin(work, account, login, (chosen, settings))


async def chosen_password(
    account: StaffRow, login: Login, settings: MediationSettings
) -> str | None:
    """The hash of the new password, if one was given. Raises where it is missing or weak."""
    if login.new_password is None:
        if account.must_change:
            raise PasswordMustChangeError(
                "第一次登录要设新密码，至少{fewest}个字。",
                pointer="/new_password",
                fewest=settings.password_length,
            )
        return None
    if len(login.new_password) < settings.password_length:
        raise WeakPasswordError(
            "新密码至少{fewest}个字。", pointer="/new_password", fewest=settings.password_length
        )
    if login.new_password == login.password:
        raise WeakPasswordError("新密码不能和原来的一样。", pointer="/new_password")
    return await hashed(login.new_password)


async def begin(
    work: Work, account: StaffRow, login: Login, chosen: tuple[str | None, MediationSettings]
) -> Session:
    """Keep the session, and the new password if there is one."""
    password, settings = chosen
    mine = await work.session.get_one(StaffRow, account.id)
    if password:
        mine.password, mine.must_change = password, False
        await work.session.execute(delete(SessionRow).where(SessionRow.staff_id == mine.id))
    cookie = secrets.token_urlsafe(32)
    life = timedelta(hours=settings.session_hours)
    row = {
        "token": token_of(cookie),
        "staff_id": mine.id,
        "begun_at": work.now,
        "expires_at": work.now + life,
    }
    await work.insert(SessionRow, [row])
    await forgive(work, login.who)
    return Session(cookie, int(life.total_seconds()), mine)


def token_of(cookie: str) -> bytes:
    """What is kept of a cookie."""
    return sha256(cookie.encode()).digest()


async def staff_of(session: AsyncSession, cookie: str, now: datetime) -> dict[str, str] | None:
    """Who a session cookie belongs to, in the words sisters read; None for nobody."""
    statement = (
        select(StaffRow)
        .join(SessionRow, SessionRow.staff_id == StaffRow.id)
        .where(SessionRow.token == token_of(cookie), SessionRow.expires_at > now)
    )
    account: StaffRow | None = await session.scalar(statement)
    if account is None or not is_active(account, now):
        return None
    return {
        "id": str(account.id),
        "name": account.name,
        "display": account.display,
        "role": account.role,
        "body": account.body,
    }


async def log_out(database: Database, cookie: str) -> None:
    """End one session."""
    async with database.work() as work:
        await work.session.execute(delete(SessionRow).where(SessionRow.token == token_of(cookie)))


async def purge_sessions(database: Database) -> int:
    """Forget sessions that are over, and old failures; how many sessions."""
    async with database.reading() as session:
        over = SessionRow.expires_at <= database.clock()
        tokens = (await session.scalars(select(SessionRow.token).where(over).limit(PURGED))).all()
        kept_since = database.clock() - timedelta(minutes=MediationSettings().login_lock_minutes)
        old = LoginFailureRow.last_at < kept_since
        failed = await session.scalar(select(LoginFailureRow.address).where(old).limit(1))
    if tokens or failed:
        async with database.work() as work:
            await work.session.execute(delete(SessionRow).where(SessionRow.token.in_(tokens)))
            await forget(work, kept_since)
    return len(tokens)
