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
from services.mediation.use_cases.guesses import check_locked, forgive, limits_of, note_failure
from services.mediation.use_cases.passwords import chosen
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
from services.mediation.use_cases.staff import fits
from shared.kernel import ForbiddenError, UnknownError
from shared.trail import Deed, Doer
from shared.web import Staff
from shared.work import Database, Work


class NoSuchSessionError(UnknownError):
    """None of one's own sessions is called so."""


class WrongPasswordError(ForbiddenError):
    """The present password is wrong."""

    deed = Deed.PASSWORD_WRONG.value


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
    """Whether it was begun at the address that this one was begun at."""


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
        raise NoSuchSessionError("没有这个登录，可能已经结束了。")
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

    Raises NoSuchSessionError where it was ended meanwhile.
    """
    row = await work.session.get(SessionRow, token_of(cookie), with_for_update=True)
    if row is None:
        raise NoSuchSessionError("没有这个登录，可能已经结束了。")
    account = await work.session.get_one(StaffRow, row.staff_id)
    expires = row.expires_at
    await end_all(work, row.staff_id)
    fresh = await begin(work, account, caller, settings)
    kept = update(SessionRow).where(SessionRow.token == token_of(fresh.cookie))
    await work.session.execute(kept.values(expires_at=expires))
    return replace(fresh, seconds=int((expires - work.now).total_seconds()))


async def change_password(
    database: Database, cookie: str, typed: Login, settings: MediationSettings
) -> Session:
    """Another password, with the present one; all other sessions end. Wrong ones are counted.

    Raises AddressLockedError, WrongPasswordError, WeakPasswordError, NoSuchSessionError.
    """
    async with database.reading() as session:
        await check_locked(session, database, typed.who, settings)
        row = await session.get(SessionRow, token_of(cookie))
        if row is None:
            raise NoSuchSessionError("没有这个登录，可能已经结束了。")
        account = await session.get_one(StaffRow, row.staff_id)
    if not await fits(typed.password, account.password):
        await note_failure(database, limits_of(database.vault, typed.who, settings), settings)
        raise WrongPasswordError("现在的密码不对。", pointer="/password")
    if typed.new_password is None:
        raise WeakPasswordError("请填新密码。", pointer="/new_password")
    password = await chosen(account, typed.new_password, settings)
    async with database.work() as work:
        now = await work.session.get_one(StaffRow, account.id, with_for_update=True)
        if mark_of(now) != mark_of(account):
            raise TooLateError("账号在这期间有变化，请重新登录。")
        now.password, now.must_change = password, False
        await forgive(work, typed.who)
        await said(work, doer_of(now), Deed.STAFF_PASSWORD)
        return await renewed(work, cookie, Caller(typed.address, typed.device), settings)
