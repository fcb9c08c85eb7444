"""Sessions as they are kept: begun, recognised, seen, ended."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.domain.devices import network_of
from services.mediation.settings import MediationSettings
from services.mediation.tables import LoginFailureRow, SessionRow, StaffRow
from services.mediation.use_cases.guesses import at_address, forget
from services.mediation.use_cases.staff import is_active
from shared.ids import uuid7
from shared.trail import Chain, Deed, Doer, Said, note
from shared.work import Database, Work

PURGED = 500
COARSE = timedelta(minutes=1)
"""How exactly it is kept when a session was last used; so it is written once a minute at most."""


@dataclass(frozen=True)
class Caller:
    """Where a session is begun, and with what."""

    address: str
    device: str = ""


@dataclass(frozen=True)
class Session:
    """A fresh session: the cookie's value and the seconds it is good for."""

    cookie: str
    seconds: int
    staff: StaffRow
    known: str = ""
    """The cookie by which the account knows this browser from now on; empty: as it was."""


def token_of(cookie: str) -> bytes:
    """What is kept of a cookie."""
    return sha256(cookie.encode("utf-8", "surrogatepass")).digest()


async def begin(
    work: Work,
    account: StaffRow,
    caller: Caller,
    settings: MediationSettings,
    proved_at: datetime | None = None,
) -> Session:
    """A new session, with an id nobody can have known before (no fixation).

    `proved_at`: when its owner proved who they are; None: now.
    """
    cookie = secrets.token_urlsafe(32)
    life = timedelta(hours=settings.session_hours)
    row = {
        "token": token_of(cookie),
        "id": uuid7(),
        "staff_id": account.id,
        "begun_at": work.now,
        "seen_at": work.now,
        "proved_at": proved_at or work.now,
        "expires_at": work.now + life,
        "device": caller.device,
        "network": network_of(caller.address),
        "address": at_address(work.vault, caller.address),
    }
    await work.insert(SessionRow, [row])
    return Session(cookie, int(life.total_seconds()), account)


def alive(now: datetime, settings: MediationSettings) -> ColumnElement[bool]:
    """Sessions that are neither too old nor unused for too long."""
    idle = timedelta(minutes=settings.session_idle_minutes)
    return (SessionRow.expires_at > now) & (SessionRow.seen_at > now - idle)


async def session_of(
    session: AsyncSession, cookie: str, now: datetime, settings: MediationSettings
) -> tuple[SessionRow, StaffRow] | None:
    """A session that lives, and whose it is; None where it is over or they have left."""
    statement = (
        select(SessionRow, StaffRow)
        .join(StaffRow, SessionRow.staff_id == StaffRow.id)
        .where(SessionRow.token == token_of(cookie), alive(now, settings))
    )
    found = (await session.execute(statement)).one_or_none()
    return (found[0], found[1]) if found is not None and is_active(found[1], now) else None


async def note_seen(database: Database, cookie: str) -> None:
    """Note that a session is in use, once a minute at most."""
    now = database.clock()
    stale = SessionRow.token == token_of(cookie), SessionRow.seen_at <= now - COARSE
    async with database.reading() as session:
        if await session.scalar(select(SessionRow.id).where(*stale)) is None:
            return
    async with database.work(redone=True) as work:
        await work.session.execute(update(SessionRow).where(*stale).values(seen_at=now))


async def log_out(database: Database, cookie: str) -> None:
    """End one session."""
    async with database.work() as work:
        row = await work.session.get(SessionRow, token_of(cookie), with_for_update=True)
        if row is not None:
            account = await work.session.get_one(StaffRow, row.staff_id)
            await work.session.delete(row)
            await said(work, doer_of(account), Deed.SESSION_ENDED, device=row.device)


def doer_of(account: StaffRow) -> Doer:
    """Somebody who acts for themselves, without a session."""
    return Doer("staff", account.id, account.display)


async def said(work: Work, doer: Doer, deed: Deed, **values: object) -> None:
    """Write into the trail what somebody did with their own log-ins."""
    await note(work, Chain("session", str(doer.id)), doer, Said(deed, values))


async def end_all(work: Work, staff: UUID) -> None:
    """End all sessions of somebody."""
    await work.session.execute(delete(SessionRow).where(SessionRow.staff_id == staff))


async def purge_sessions(database: Database) -> int:
    """Forget sessions that are over, and old failures; how many sessions."""
    settings, now = MediationSettings(), database.clock()
    async with database.reading() as session:
        over = ~alive(now, settings)
        tokens = (await session.scalars(select(SessionRow.token).where(over).limit(PURGED))).all()
        kept_since = now - timedelta(minutes=settings.login_lock_minutes)
        old = LoginFailureRow.last_at < kept_since
        failed = await session.scalar(select(LoginFailureRow.address).where(old).limit(1))
    if tokens or failed:
        async with database.work() as work:
            await work.session.execute(delete(SessionRow).where(SessionRow.token.in_(tokens)))
            await forget(work, kept_since)
    return len(tokens)
