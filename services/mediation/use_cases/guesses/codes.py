"""Wrong codes of a second factor, per account."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import update

from services.mediation.settings import MediationSettings
from services.mediation.tables import LoginFailureRow
from services.mediation.use_cases.guesses.counting import locked, put, seconds_in, tally_of
from shared.kernel import TooManyError, Tried
from shared.trail import Deed
from shared.vault import Vault
from shared.work import Database, Work


class CodesLockedError(TooManyError):
    """Too many wrong codes of a second factor for one account."""

    deed = Deed.FACTOR_WRONG.value


def of_codes(vault: Vault, staff: UUID) -> bytes:
    """What wrong codes of an account are counted under."""
    return vault.mac("login-codes", staff.bytes)


async def take_try(database: Database, staff: UUID, settings: MediationSettings) -> None:
    """Count a code before it is looked at.

    The right code takes the count back (`forgive_codes`). Raises CodesLockedError.
    """
    token, wait = of_codes(database.vault, staff), timedelta(minutes=settings.login_lock_minutes)
    async with database.work() as work:
        row = (await locked(work, [token]))[token]
        tally = tally_of(row)
        full = tally.counts(work.now, wait) >= settings.code_failures
        left = seconds_in(row.last_at + wait - work.now) if full else 0
        if not full:
            put(row, tally.one_more(work.now, wait))
    if left:
        locked_out = CodesLockedError(
            "动态口令错得太多，请{minutes}分钟后再试。不是您输的，就请马上改密码。",
            retry_after=left,
            minutes=(left - 1) // 60 + 1,
        )
        raise locked_out.telling(Tried("account", staff))


async def forgive_codes(work: Work, staff: UUID) -> None:
    """The right code was given."""
    mine = LoginFailureRow.address == of_codes(work.vault, staff)
    await work.session.execute(update(LoginFailureRow).where(mine).values(failures=0))
