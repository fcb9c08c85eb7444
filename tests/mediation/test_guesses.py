"""Whoever guesses waits; colleagues at the same address, and the account elsewhere, do not."""

import pytest
from sqlalchemy import func, select

from services.mediation.settings import MediationSettings
from services.mediation.tables import LoginFailureRow, SessionRow
from services.mediation.use_cases.guesses import AddressLockedError
from services.mediation.use_cases.sessions import (
    Login,
    WrongNameOrPasswordError,
    log_in,
    purge_sessions,
)
from services.mediation.use_cases.staff import add_staff
from shared.work import Database
from tests.conftest import StandingClock
from tests.mediation.things import PASSWORD

OFFICE, HOME = "192.0.2.1", "192.0.2.2"
SETTINGS = MediationSettings(login_failures=10, login_failures_address=25)


@pytest.fixture
async def office(database: Database) -> None:
    """Two colleagues who have chosen a password."""
    for name in ("lin", "chen"):
        async with database.work() as work:
            first = await add_staff(work, name, display=name, role="mediator")
        await log_in(database, Login(name, first, OFFICE, PASSWORD), SETTINGS)


async def fail(database: Database, name: str, times: int, address: str = OFFICE) -> None:
    for _ in range(times):
        with pytest.raises(WrongNameOrPasswordError, match="账号或者密码不对。"):
            await log_in(database, Login(name, "wrong", address), SETTINGS)


async def may(database: Database, name: str, address: str = OFFICE) -> bool:
    """Whether the right password lets them in."""
    before = await count(database, SessionRow)
    try:
        await log_in(database, Login(name, PASSWORD, address), SETTINGS)
    except AddressLockedError:
        assert await count(database, SessionRow) == before
        return False
    return True


async def count(database: Database, table: type[SessionRow | LoginFailureRow]) -> int:
    async with database.reading() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


def test_an_address_may_fail_ten_times_as_often_as_an_account() -> None:
    usual = MediationSettings()
    assert (usual.login_failures, usual.login_failures_address) == (10, 100)


@pytest.mark.usefixtures("office")
async def test_ten_wrong_passwords_lock_the_account_there_and_nobody_else(
    database: Database, clock: StandingClock
) -> None:
    await fail(database, "lin", 9)
    assert await may(database, "lin")
    await fail(database, "lin", 10)
    assert not await may(database, "lin")
    assert not await may(database, " LIN ")
    assert await may(database, "chen")
    assert await may(database, "lin", HOME)
    assert not await may(database, "lin")
    clock.move(minutes=15)
    assert await may(database, "lin")


@pytest.mark.usefixtures("office")
async def test_names_without_an_account_count_too(database: Database) -> None:
    await fail(database, "nobody", 10)
    with pytest.raises(AddressLockedError):
        await log_in(database, Login("nobody", "wrong", OFFICE), SETTINGS)
    await fail(database, "nobody", 1, HOME)


@pytest.mark.usefixtures("office")
async def test_whoever_tries_many_accounts_locks_the_address_for_all(database: Database) -> None:
    for number in range(25):
        await fail(database, f"somebody{number}", 1)
    assert not await may(database, "lin")
    assert not await may(database, "chen")
    assert await may(database, "lin", HOME)


@pytest.mark.usefixtures("office")
async def test_who_logs_in_at_last_takes_back_their_own_failures_alone(database: Database) -> None:
    """So nobody with an account of their own goes on guessing those of others."""
    for _ in range(4):
        await fail(database, "lin", 9)
        assert await may(database, "lin")
    for number in range(24):
        await fail(database, f"somebody{number}", 1)
    assert await may(database, "lin")
    await fail(database, "somebody", 1)
    assert not await may(database, "lin")


@pytest.mark.usefixtures("office")
async def test_old_failures_are_forgotten(database: Database, clock: StandingClock) -> None:
    await fail(database, "lin", 1)
    clock.move(minutes=14)
    await purge_sessions(database)
    assert await count(database, LoginFailureRow) == 3
    clock.move(minutes=2)
    await purge_sessions(database)
    assert await count(database, LoginFailureRow) == 0
    assert await count(database, SessionRow) == 2
