"""One's own sessions: which there are, ending them, and a new password."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.domain.passwords import WeakPasswordError
from services.mediation.settings import MediationSettings
from services.mediation.tables import SessionRow, StaffRow
from services.mediation.use_cases.passwords import chosen, keep_password
from services.mediation.use_cases.sessions.devices import remembered
from services.mediation.use_cases.sessions.kept import (
    Caller,
    Session,
    alive,
    begin,
    doer_of,
    end_all,
    said,
    token_of,
)
from services.mediation.use_cases.sessions.login import Login, TooLateError, mark_of
from services.mediation.use_cases.sessions.proving import (
    NoSuchSessionError,
    Typed,
    check_password,
    own,
)
from shared.acting import Staff
from shared.trail import Deed, Doer
from shared.work import Database, Work


@dataclass(frozen=True)
class Mine:
    """One of my sessions, as I recognise it."""

    id: UUID
    begun_at: datetime
    seen_at: datetime
    expires_at: datetime
    device: str
    network: str
    this: bool
    """Whether it is the one I am looking with."""
    same_address: bool
    """Whether it was begun at the address, or IPv6 site, that this one was begun at."""


async def my_sessions(
    session: AsyncSession, staff: UUID, cookie: str, lives: tuple[datetime, MediationSettings]
) -> Sequence[Mine]:
    """All that live, this one first, then the one used last."""
    statement = select(SessionRow).where(SessionRow.staff_id == staff, alive(*lives))
    rows = (await session.scalars(statement)).all()
    here = next((row for row in rows if row.token == token_of(cookie)), None)
    made = [
        Mine(
            id=row.id,
            begun_at=row.begun_at,
            seen_at=row.seen_at,
            expires_at=row.expires_at,
            device=row.device,
            network=row.network,
            this=row is here,
            same_address=here is not None and row.address == here.address,
        )
        for row in rows
    ]
    return sorted(made, key=lambda one: (one.this, one.seen_at), reverse=True)


async def end_mine(work: Work, who: Staff, which: UUID) -> None:
    """End one of one's own sessions. Raises NoSuchSessionError."""
    mine = SessionRow.staff_id == who.id, SessionRow.id == which
    gone = delete(SessionRow).where(*mine).returning(SessionRow.device)
    devices = (await work.session.scalars(gone)).all()
    if not devices:
        others = await work.session.scalar(select(SessionRow.id).where(SessionRow.id == which))
        raise NoSuchSessionError("没有这个登录，可能已经结束了。").beyond("session", others)
    await said(work, Doer.of(who), Deed.SESSION_ENDED, device=devices[0])


async def end_others(work: Work, who: Staff, cookie: str) -> int:
    """End all but this one; how many."""
    others = SessionRow.staff_id == who.id, SessionRow.token != token_of(cookie)
    gone = delete(SessionRow).where(*others).returning(SessionRow.id)
    ended = len((await work.session.scalars(gone)).all())
    await said(work, Doer.of(who), Deed.SESSIONS_ENDED, ended=ended)
    return ended


async def renewed(work: Work, cookie: str, caller: Caller, settings: MediationSettings) -> Session:
    """The session under a new id, alone: whatever somebody else holds is worth nothing.

    It is as old as it was, and proved as long ago.

    Raises NoSuchSessionError where it was ended meanwhile.
    """
    row = await work.session.get(SessionRow, token_of(cookie), with_for_update=True)
    if row is None:
        raise NoSuchSessionError("没有这个登录，可能已经结束了。")
    account = await work.session.get_one(StaffRow, row.staff_id)
    kept = {"expires_at": row.expires_at, "proved_at": row.proved_at}
    await end_all(work, row.staff_id)
    fresh = await begin(work, account, caller, settings)
    anew = update(SessionRow).where(SessionRow.token == token_of(fresh.cookie))
    await work.session.execute(anew.values(**kept))
    return replace(fresh, seconds=int((kept["expires_at"] - work.now).total_seconds()))


async def change_password(
    database: Database, cookie: str, typed: Login, settings: MediationSettings
) -> Session:
    """Another password, with the present one; all other sessions end. Wrong ones are counted.

    Raises AddressLockedError, WrongPasswordError, WeakPasswordError, NoSuchSessionError.
    """
    async with database.reading() as session:
        _, account = await own(session, cookie)
    typing = Typed(typed.password, typed.address, typed.known)
    await check_password(database, account, typing, settings)
    if typed.new_password is None:
        raise WeakPasswordError("请填新密码。", pointer="/new_password")
    password = await chosen(account, typed.new_password, settings)
    async with database.work() as work:
        now = await work.session.get_one(StaffRow, account.id, with_for_update=True)
        if mark_of(now) != mark_of(account):
            raise TooLateError("账号在这期间有变化，请重新登录。")
        keep_password(now, password)
        await said(work, doer_of(now), Deed.STAFF_PASSWORD)
        fresh = await renewed(work, cookie, Caller(typed.address, typed.device), settings)
        await prove_now(work, fresh)
        return replace(fresh, known=remembered(work.vault, now, typed.known, work.now))


async def prove_now(work: Work, fresh: Session) -> None:
    """Whoever knew the password is who they are, from now on."""
    kept = update(SessionRow).where(SessionRow.token == token_of(fresh.cookie))
    await work.session.execute(kept.values(proved_at=work.now))
