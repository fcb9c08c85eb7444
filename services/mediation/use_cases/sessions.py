"""Logging in and out, and telling sisters who a session belongs to."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.settings import MediationSettings
from services.mediation.tables import LoginFailureRow, SessionRow, StaffRow
from services.mediation.use_cases.staff import fits, hashed, is_active
from shared.kernel import ForbiddenError, RuleError, TooManyError, UnauthenticatedError
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


class AddressLockedError(TooManyError):
    """Too many failed log-ins from one address."""


@dataclass(frozen=True)
class Login:
    """What somebody typed to log in, and from where."""

    name: str
    password: str
    address: str
    new_password: str | None = None


@dataclass(frozen=True)
class Session:
    """A fresh session: the cookie's value and the seconds it is good for."""

    cookie: str
    seconds: int
    staff: StaffRow


async def log_in(database: Database, login: Login, settings: MediationSettings) -> Session:
    """Log somebody in. Failures are counted per address, never per account, and commit at once.

    Raises AddressLockedError, WrongNameOrPasswordError, PasswordMustChangeError,
    WeakPasswordError.
    """
    async with database.reading() as session:
        await check_address(session, database, login.address, settings)
        statement = select(StaffRow).where(StaffRow.name == normal_name(login.name))
        account = await session.scalar(statement)
    right = await fits(login.password, account.password if account else NOBODYS)
    if account is None or not right or not is_active(account, database.clock()):
        await note_failure(database, login.address, settings)
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
    address = LoginFailureRow.address == address_token(work.vault, login.address)
    await work.session.execute(delete(LoginFailureRow).where(address))
    return Session(cookie, int(life.total_seconds()), mine)


async def check_address(
    session: AsyncSession, database: Database, address: str, settings: MediationSettings
) -> None:
    """Raises AddressLockedError."""
    found = await session.get(LoginFailureRow, address_token(database.vault, address))
    if found is None or found.failures < settings.login_failures:
        return
    left = found.last_at + timedelta(minutes=settings.login_lock_minutes) - database.clock()
    if left > timedelta():
        raise AddressLockedError(
            "登录失败次数太多，请{minutes}分钟后再试。",
            retry_after=int(left.total_seconds()) + 1,
            minutes=int(left.total_seconds() // 60) + 1,
        )


async def note_failure(database: Database, address: str, settings: MediationSettings) -> None:
    """Count a failed log-in; an old count begins anew."""
    token = address_token(database.vault, address)
    async with database.work() as work:
        row = {"address": token, "failures": 0, "last_at": work.now}
        await work.insert_new(LoginFailureRow, [row], [LoginFailureRow.address])
        statement = select(LoginFailureRow).where(LoginFailureRow.address == token)
        kept = (await work.session.scalars(statement.with_for_update())).one()
        old = work.now - kept.last_at > timedelta(minutes=settings.login_lock_minutes)
        kept.failures = 1 if old else kept.failures + 1
        kept.last_at = work.now


def address_token(vault: Any, address: str) -> bytes:
    token: bytes = vault.mac("login-address", address.encode())
    return token


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
    """Forget sessions that are over; how many."""
    async with database.reading() as session:
        over = SessionRow.expires_at <= database.clock()
        tokens = (await session.scalars(select(SessionRow.token).where(over).limit(PURGED))).all()
    if tokens:
        async with database.work() as work:
            await work.session.execute(delete(SessionRow).where(SessionRow.token.in_(tokens)))
    return len(tokens)
