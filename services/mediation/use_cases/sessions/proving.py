"""Proving once more who one is, within a session (再次验证本人).

What would make a stolen session a lasting takeover (second factor, tokens of scripts) takes a
log-in or the password of the last five minutes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.settings import MediationSettings
from services.mediation.tables import SessionRow, StaffRow
from services.mediation.use_cases.guesses import Door, forgive, give_back, take
from services.mediation.use_cases.hashing import NOBODYS, fits
from services.mediation.use_cases.sessions.devices import known_by
from services.mediation.use_cases.sessions.kept import doer_of, said, token_of
from shared.kernel import ForbiddenError, Tried, UnknownError
from shared.trail import Deed
from shared.work import Database

FRESH = timedelta(minutes=5)


class NoSuchSessionError(UnknownError):
    """None of one's own sessions is called so."""


class WrongPasswordError(ForbiddenError):
    """The present password is wrong."""

    deed = Deed.PASSWORD_WRONG.value


class ProofNeededError(ForbiddenError):
    """The password is asked for once more: the log-in is more than five minutes ago."""

    deed = ""


class SignOnAgainError(ProofNeededError):
    """The person has no password here: their provider vouches for them once more."""


class Proving(StrEnum):
    """What is asked of somebody before something important."""

    NOTHING = "nothing"
    """They proved who they are a moment ago."""
    PASSWORD = "password"  # noqa: S105 - the name of a question
    SIGN_ON = "sign_on"
    """To sign on at their provider again; they have no password here."""


@dataclass(frozen=True)
class Typed:
    """The present password as it was typed within a session, and where; None: it was not."""

    password: str | None
    address: str
    known: str = ""
    """The cookie of the browser's marks."""
    field: str = "password"
    """The field it was typed in."""


async def own(session: AsyncSession, cookie: str) -> tuple[SessionRow, StaffRow]:
    """A session and whose it is. Raises NoSuchSessionError."""
    statement = (
        select(SessionRow, StaffRow)
        .join(StaffRow, StaffRow.id == SessionRow.staff_id)
        .where(SessionRow.token == token_of(cookie))
    )
    found = (await session.execute(statement)).one_or_none()
    if found is None:
        raise NoSuchSessionError("没有这个登录，可能已经结束了。")
    return found[0], found[1]


async def proving(session: AsyncSession, cookie: str, now: datetime) -> Proving:
    """What whoever holds this session is asked. Raises NoSuchSessionError."""
    row, account = await own(session, cookie)
    if now - row.proved_at < FRESH:
        return Proving.NOTHING
    return Proving.SIGN_ON if account.password == NOBODYS else Proving.PASSWORD


async def prove_again(
    database: Database, cookie: str, typed: Typed, settings: MediationSettings
) -> None:
    """See that whoever holds the session is its owner; a password is looked at where it is given.

    Raises ProofNeededError, SignOnAgainError, WrongPasswordError, AddressLockedError,
    NoSuchSessionError.
    """
    async with database.reading() as session:
        row, account = await own(session, cookie)
    if typed.password:
        await check_password(database, account, typed, settings)
        async with database.work() as work:
            kept = await work.session.get(SessionRow, row.token, with_for_update=True)
            if kept is None:
                raise NoSuchSessionError("没有这个登录，可能已经结束了。")
            kept.proved_at = work.now
            await said(work, doer_of(account), Deed.SESSION_PROVED)
        return
    if database.clock() - row.proved_at < FRESH:
        return
    if account.password == NOBODYS:
        raise SignOnAgainError("请先重新统一登录，再来一次：登录已经过了5分钟。")
    raise ProofNeededError("请再输一次现在的密码：登录已经过了5分钟。", pointer=f"/{typed.field}")


async def check_password(
    database: Database, account: StaffRow, typed: Typed, settings: MediationSettings
) -> None:
    """Whether this is somebody's present password; wrong ones are counted as at the log-in.

    Raises WrongPasswordError, AddressLockedError.
    """
    device = known_by(database.vault, account, typed.known, database.clock())
    door = Door(account.name, typed.address, device, Tried("account", account.id))
    taken = await take(database, door, settings)
    if not await fits(typed.password or "", account.password):
        raise WrongPasswordError("现在的密码不对。", pointer=f"/{typed.field}")
    await give_back(database, taken)
    async with database.work() as work:
        await forgive(work, door)
