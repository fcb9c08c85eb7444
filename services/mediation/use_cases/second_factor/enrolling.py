"""Turning the second factor on and off, by the person whose it is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pyotp
from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.settings import MediationSettings
from services.mediation.tables import SEALED_FACTOR, RecoveryCodeRow, SecondFactorRow
from services.mediation.use_cases.guesses import forgive_codes, take_try
from services.mediation.use_cases.second_factor.codes import (
    factor_of,
    new_paper,
    spend,
)
from shared.acting import Staff
from shared.kernel import ConflictError, ForbiddenError
from shared.trail import Chain, Deed, Doer, Said, note
from shared.work import Database, Work

ISSUER = "Redress 和解通"
SHOWN_AGAIN = timedelta(hours=1)
"""How long a secret that nobody confirmed is shown, and can be confirmed."""


class AlreadyEnrolledError(ConflictError):
    """The second factor is on; it must be turned off before another telephone takes its place."""


class NotEnrolledError(ConflictError):
    """There is no second factor that could be confirmed or turned off."""


class WrongOwnCodeError(ForbiddenError):
    """Somebody who is logged in gave a wrong code."""

    deed = Deed.FACTOR_WRONG.value


@dataclass(frozen=True)
class Enrolment:
    """What a telephone must learn: as address for its camera, and as text for its keyboard."""

    uri: str
    secret: str


@dataclass(frozen=True)
class State:
    """Whether somebody has a second factor, since when, and how many codes on paper are left."""

    since: datetime | None
    paper: int
    begun: bool
    """Whether a secret waits to be confirmed."""


async def state_of(session: AsyncSession, staff: UUID) -> State:
    """How somebody's second factor stands."""
    factor = await factor_of(session, staff)
    mine = select(func.count()).where(RecoveryCodeRow.staff_id == staff)
    since = factor.confirmed_at if factor else None
    return State(since, await session.scalar(mine) or 0, factor is not None and since is None)


async def begin_enrolling(work: Work, who: Staff) -> Enrolment:
    """A secret for a telephone. One that nobody confirmed is shown again for an hour, not longer.

    Whoever saw it on somebody's screen would else have it on the day when it counts.
    Raises AlreadyEnrolledError.
    """
    secret = work.vault.seal(pyotp.random_base32(), SEALED_FACTOR, who.id)
    fresh = {"secret": secret, "made_at": work.now, "confirmed_at": None, "last_step": 0}
    row = {"staff_id": who.id} | fresh
    await work.insert_new(SecondFactorRow, [row], [SecondFactorRow.staff_id])
    factor = await work.session.get_one(SecondFactorRow, who.id, with_for_update=True)
    if factor.confirmed_at is not None:
        raise AlreadyEnrolledError("动态口令已经开着。要换手机，请先关掉再开。")
    if work.now - factor.made_at > SHOWN_AGAIN:
        factor.secret, factor.made_at = secret, work.now
    plain = work.vault.open_text(factor.secret, who.id)
    uri = pyotp.TOTP(plain).provisioning_uri(name=who.name, issuer_name=ISSUER)
    return Enrolment(uri, plain)


async def confirm(work: Work, who: Staff, code: str) -> list[str]:
    """Turn it on: the telephone knows the secret. Gives ten codes on paper, shown this once.

    Whoever calls has counted the try. Raises NotEnrolledError, AlreadyEnrolledError,
    WrongOwnCodeError.
    """
    factor = await work.session.get(SecondFactorRow, who.id, with_for_update=True)
    if factor is None:
        raise NotEnrolledError("还没有开始设置动态口令。")
    if factor.confirmed_at is not None:
        raise AlreadyEnrolledError("动态口令已经开着。要换手机，请先关掉再开。")
    if work.now - factor.made_at > SHOWN_AGAIN:
        raise NotEnrolledError("这个二维码已经过了一小时。请重新开始设置，用新的二维码。")
    await check_code(work, who.id, code)
    factor.confirmed_at = work.now
    await said(work, who, Deed.SECOND_FACTOR_SET)
    return await new_paper(work, who.id)


async def turn_off(work: Work, who: Staff, code: str) -> None:
    """Turn it off, with a code. Whoever calls has counted the try.

    Raises NotEnrolledError, WrongOwnCodeError.
    """
    await check_on(work, who.id)
    await check_code(work, who.id, code)
    await take_away(work, who.id)
    await said(work, who, Deed.SECOND_FACTOR_REMOVED)


async def renew_paper(
    database: Database, who: Staff, code: str, settings: MediationSettings
) -> list[str]:
    """Ten new codes on paper. Raises NotEnrolledError, WrongOwnCodeError, CodesLockedError."""
    await take_try(database, who.id, settings)
    async with database.work() as work:
        await check_on(work, who.id)
        await check_code(work, who.id, code)
        await said(work, who, Deed.PAPER_RENEWED)
        return await new_paper(work, who.id)


async def check_on(work: Work, staff: UUID) -> None:
    factor = await factor_of(work.session, staff)
    if factor is None or factor.confirmed_at is None:
        raise NotEnrolledError("动态口令没有开。")


async def check_code(work: Work, staff: UUID, code: str) -> None:
    """Use a code up, or refuse. Raises WrongOwnCodeError."""
    if not await spend(work, staff, code):
        raise WrongOwnCodeError("动态口令不对，或者已经用过。请等下一个再输。", pointer="/code")
    await forgive_codes(work, staff)


async def take_away(work: Work, staff: UUID) -> None:
    """Without asking: for whoever lost their telephone, on the console or by two administrators."""
    for table in (RecoveryCodeRow, SecondFactorRow):
        await work.session.execute(delete(table).where(table.staff_id == staff))


async def said(work: Work, who: Staff, deed: Deed) -> None:
    await note(work, Chain("staff", str(who.id)), Doer.of(who), Said(deed))
