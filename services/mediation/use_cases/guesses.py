"""Failed log-ins: per account at an address, per address, and wrong codes per account.

The first limit is low and stops whoever guesses one password, without harm to colleagues at the
same address or to the account elsewhere; the second is high and stops whoever tries many accounts.
The third is reached only by somebody who has the password: no stranger locks anybody out with it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.settings import MediationSettings
from services.mediation.tables import LoginFailureRow
from shared.kernel import TooManyError, Tried
from shared.text import normal_name
from shared.trail import Deed
from shared.vault import Vault
from shared.work import Database, Work

Limits = Mapping[bytes, int]
"""What failures are counted under, and how many are too many."""


class AddressLockedError(TooManyError):
    """Too many failed log-ins from one address, for one account or for all together."""

    deed = Deed.PASSWORD_WRONG.value


class CodesLockedError(TooManyError):
    """Too many wrong codes of a second factor for one account."""

    deed = Deed.FACTOR_WRONG.value


def at_address(vault: Vault, address: str) -> bytes:
    """What an address is counted under."""
    return vault.mac("login-address", address.encode())


def of_account(vault: Vault, name: str, address: str) -> bytes:
    """What an account is counted under at an address, whether there is such an account or not."""
    key = normal_name(name).encode("utf-8", "surrogatepass")
    return vault.mac("login-account", address.encode() + b"\0" + key)


def of_codes(vault: Vault, staff: UUID) -> bytes:
    """What wrong codes of an account are counted under."""
    return vault.mac("login-codes", staff.bytes)


def limits_of(vault: Vault, who: tuple[str, str], settings: MediationSettings) -> Limits:
    """What is counted when a name and an address fail to log in."""
    name, address = who
    return {
        of_account(vault, name, address): settings.login_failures,
        at_address(vault, address): settings.login_failures_address,
    }


async def check_locked(
    session: AsyncSession,
    database: Database,
    who: tuple[str, str],
    settings: MediationSettings,
    tried: Tried | None = None,
) -> None:
    """Refuse an account name at an address that failed too often.

    `tried` is what the trail is told of. Raises AddressLockedError.
    """
    limits = limits_of(database.vault, who, settings)
    statement = select(LoginFailureRow).where(LoginFailureRow.address.in_(limits))
    full = [row for row in await session.scalars(statement) if row.failures >= limits[row.address]]
    left = max((wait_of(row, database.clock(), settings) for row in full), default=0)
    if left:
        locked_out = AddressLockedError(
            "登录失败次数太多，请{minutes}分钟后再试。",
            retry_after=left,
            minutes=(left - 1) // 60 + 1,
        )
        raise locked_out.telling(tried) if tried else locked_out


async def note_failure(
    database: Database, tokens: Sequence[bytes] | Limits, settings: MediationSettings
) -> None:
    """Count a failure under each of these."""
    async with database.work() as work:
        for kept in (await locked(work, list(tokens))).values():
            count(kept, work.now, settings)


def count(kept: LoginFailureRow, now: datetime, settings: MediationSettings) -> None:
    """One failure more; an old count begins anew."""
    old = now - kept.last_at > timedelta(minutes=settings.login_lock_minutes)
    kept.failures = 1 if old else kept.failures + 1
    kept.last_at = now


def wait_of(kept: LoginFailureRow, now: datetime, settings: MediationSettings) -> int:
    """Seconds to wait where a count is full; 0 once it is old."""
    left = kept.last_at + timedelta(minutes=settings.login_lock_minutes) - now
    return int(left.total_seconds()) + 1 if left > timedelta() else 0


async def take_try(database: Database, staff: UUID, settings: MediationSettings) -> None:
    """Count a code before it is looked at, so that many at once count as many.

    The right code takes the count back (`forgive_codes`). Raises CodesLockedError.
    """
    token = of_codes(database.vault, staff)
    async with database.work() as work:
        row = (await locked(work, [token]))[token]
        left = wait_of(row, work.now, settings) if row.failures >= settings.code_failures else 0
        if not left:
            count(row, work.now, settings)
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


async def forgive(work: Work, who: tuple[str, str]) -> None:
    """Whoever logs in at last has only mistyped: their failures count no more, others' still do."""
    mine, all_there = of_account(work.vault, *who), at_address(work.vault, who[1])
    rows = await locked(work, [mine, all_there])
    rows[all_there].failures = max(0, rows[all_there].failures - rows[mine].failures)
    rows[mine].failures = 0


async def locked(work: Work, tokens: Sequence[bytes]) -> Mapping[bytes, LoginFailureRow]:
    """The counts, made where there are none, for this transaction alone; in one order always."""
    fresh = [{"address": one, "failures": 0, "last_at": work.now} for one in sorted(tokens)]
    await work.insert_new(LoginFailureRow, fresh, [LoginFailureRow.address])
    mine = LoginFailureRow.address.in_(tokens)
    statement = select(LoginFailureRow).where(mine).order_by(LoginFailureRow.address)
    return {row.address: row for row in await work.session.scalars(statement.with_for_update())}


async def forget(work: Work, before: datetime) -> None:
    """Forget counts that are older than this: they hinder nobody any more."""
    await work.session.execute(delete(LoginFailureRow).where(LoginFailureRow.last_at < before))
