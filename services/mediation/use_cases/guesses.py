"""Failed log-ins: counted per account at an address, and per address whatever the account.

The first limit is low and stops whoever guesses one password, without harm to colleagues at the
same address or to the account elsewhere; the second is high and stops whoever tries many accounts.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.settings import MediationSettings
from services.mediation.tables import LoginFailureRow
from shared.kernel import TooManyError
from shared.text import normal_name
from shared.vault import Vault
from shared.work import Database, Work


class AddressLockedError(TooManyError):
    """Too many failed log-ins from one address, for one account or for all together."""


def at_address(vault: Vault, address: str) -> bytes:
    """What an address is counted under."""
    return vault.mac("login-address", address.encode())


def of_account(vault: Vault, name: str, address: str) -> bytes:
    """What an account is counted under at an address, whether there is such an account or not."""
    key = normal_name(name).encode("utf-8", "surrogatepass")
    return vault.mac("login-account", address.encode() + b"\0" + key)


async def check_locked(
    session: AsyncSession, database: Database, who: tuple[str, str], settings: MediationSettings
) -> None:
    """Refuse an account name at an address that failed too often. Raises AddressLockedError."""
    name, address = who
    limits = {
        of_account(database.vault, name, address): settings.login_failures,
        at_address(database.vault, address): settings.login_failures_address,
    }
    statement = select(LoginFailureRow).where(LoginFailureRow.address.in_(limits))
    full = [row for row in await session.scalars(statement) if row.failures >= limits[row.address]]
    lock = timedelta(minutes=settings.login_lock_minutes)
    left = max((row.last_at + lock - database.clock() for row in full), default=timedelta())
    if left > timedelta():
        raise AddressLockedError(
            "登录失败次数太多，请{minutes}分钟后再试。",
            retry_after=int(left.total_seconds()) + 1,
            minutes=int(left.total_seconds() // 60) + 1,
        )


async def note_failure(
    database: Database, who: tuple[str, str], settings: MediationSettings
) -> None:
    """Count a failed log-in, for both; an old count begins anew."""
    async with database.work() as work:
        for kept in (await locked(work, who)).values():
            old = work.now - kept.last_at > timedelta(minutes=settings.login_lock_minutes)
            kept.failures = 1 if old else kept.failures + 1
            kept.last_at = work.now


async def forgive(work: Work, who: tuple[str, str]) -> None:
    """Whoever logs in at last has only mistyped: their failures count no more, others' still do."""
    rows = await locked(work, who)
    mine = rows[of_account(work.vault, *who)]
    all_there = rows[at_address(work.vault, who[1])]
    all_there.failures = max(0, all_there.failures - mine.failures)
    mine.failures = 0


async def locked(work: Work, who: tuple[str, str]) -> Mapping[bytes, LoginFailureRow]:
    """Both counts, made where there are none, for this transaction alone; in one order always."""
    name, address = who
    tokens = sorted([of_account(work.vault, name, address), at_address(work.vault, address)])
    fresh = [{"address": one, "failures": 0, "last_at": work.now} for one in tokens]
    await work.insert_new(LoginFailureRow, fresh, [LoginFailureRow.address])
    mine = LoginFailureRow.address.in_(tokens)
    statement = select(LoginFailureRow).where(mine).order_by(LoginFailureRow.address)
    return {row.address: row for row in await work.session.scalars(statement.with_for_update())}


async def forget(work: Work, before: datetime) -> None:
    """Forget counts that are older than this: they hinder nobody any more."""
    await work.session.execute(delete(LoginFailureRow).where(LoginFailureRow.last_at < before))
