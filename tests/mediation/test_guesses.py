"""Whoever guesses waits; known browsers, colleagues there, and the account elsewhere, do not."""

import asyncio
from collections import Counter

import pytest
from sqlalchemy import func, select

from services.mediation.domain.known_devices import MOST, marks_in
from services.mediation.settings import MediationSettings
from services.mediation.tables import LoginFailureRow, SessionRow
from services.mediation.use_cases import hashing
from services.mediation.use_cases.guesses import AddressLockedError
from services.mediation.use_cases.people.changing import reset_at_console
from services.mediation.use_cases.people.doing import CONSOLE
from services.mediation.use_cases.sessions import (
    Login,
    WrongNameOrPasswordError,
    log_in,
    purge_sessions,
)
from services.mediation.use_cases.staff import account_of, add_staff
from shared.work import Database
from tests.conftest import StandingClock
from tests.mediation.things import PASSWORD

OFFICE, HOME = "192.0.2.1", "192.0.2.2"
SITE, NEXT_SITE = "2001:db8:5:7:", "2001:db8:5:8:"
"""Two stretches of 2^64 addresses, each given out together (RFC 6177)."""
SETTINGS = MediationSettings(login_failures=10, login_failures_address=25)
Browsers = dict[str, str]


@pytest.fixture
async def office(database: Database) -> Browsers:
    """Two colleagues who have chosen a password; the cookies by which they are known."""
    known: Browsers = {}
    for name in ("lin", "chen"):
        async with database.work() as work:
            first = await add_staff(work, name, display=name, role="mediator")
        session = await log_in(database, Login(name, first, OFFICE, PASSWORD), SETTINGS)
        known[name] = session.known
    return known


async def fail(
    database: Database, name: str, times: int, address: str = OFFICE, known: str = ""
) -> None:
    for _ in range(times):
        with pytest.raises(WrongNameOrPasswordError, match="账号或者密码不对。"):
            await log_in(database, Login(name, "wrong", address, known=known), SETTINGS)


async def may(database: Database, name: str, address: str = OFFICE, known: str = "") -> bool:
    """Whether the right password lets them in."""
    before = await count(database, SessionRow)
    try:
        await log_in(database, Login(name, PASSWORD, address, known=known), SETTINGS)
    except AddressLockedError:
        assert await count(database, SessionRow) == before
        return False
    return True


async def locked(
    database: Database, name: str, address: str = OFFICE, known: str = ""
) -> AddressLockedError:
    """What whoever is locked out reads, the right password or not."""
    with pytest.raises(AddressLockedError) as refused:
        await log_in(database, Login(name, "wrong", address, known=known), SETTINGS)
    return refused.value


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


async def test_a_colleague_behind_the_same_router_does_not_lock_a_known_browser(
    database: Database, office: Browsers
) -> None:
    """Nor does whoever floods the whole address."""
    await fail(database, "lin", 10)
    assert not await may(database, "lin")
    assert await may(database, "lin", known=office["lin"])
    for number in range(15):
        await fail(database, f"somebody{number}", 1)
    assert not await may(database, "chen")
    assert await may(database, "chen", known=office["chen"])
    assert await may(database, "lin", known=office["lin"])


async def test_a_known_browser_has_ten_wrong_guesses_of_its_own_then_counts_as_unknown(
    database: Database, office: Browsers, clock: StandingClock
) -> None:
    await fail(database, "lin", 9, known=office["lin"])
    assert await may(database, "lin", known=office["lin"])
    await fail(database, "lin", 10, known=office["lin"])
    await fail(database, "lin", 10, known=office["lin"])
    refused = await locked(database, "lin", known=office["lin"])
    assert (refused.retry_after, refused.facts["minutes"]) == (900, 15)
    assert not await may(database, "lin", known=office["lin"])
    clock.move(minutes=15)
    assert await may(database, "lin", known=office["lin"])


async def test_a_copied_cookie_locks_its_owner_out_of_neither_their_browser_nor_elsewhere(
    database: Database, office: Browsers
) -> None:
    """The owner logs in once more and has a mark with a count of its own."""
    again = await log_in(database, Login("lin", PASSWORD, OFFICE, known=office["lin"]), SETTINGS)
    assert again.known != office["lin"]
    await fail(database, "lin", 20, "198.51.100.7", known=office["lin"])
    await locked(database, "lin", "198.51.100.7", known=office["lin"])
    assert await may(database, "lin", known=again.known)
    assert await may(database, "lin", known=office["lin"])


async def test_a_cookie_is_worth_something_for_its_own_account_only(
    database: Database, office: Browsers
) -> None:
    """A mark of one's own, a made-up, a cut or a changed one does not get at a colleague's."""
    good = office["chen"]
    for cookie in (good, "", "x", "é", good[:-4], good[:-2] + "AA", "A" * len(good), good * 9):
        await fail(database, "lin", 1, known=cookie)
    await fail(database, "lin", 2)
    for cookie in (good, good[:-2] + "AA", ""):
        await locked(database, "lin", known=cookie)
    assert await may(database, "lin", known=office["lin"])


async def test_a_new_password_makes_every_browser_unknown(
    database: Database, office: Browsers
) -> None:
    async with database.work() as work:
        first = await reset_at_console(work, await account_of(work.session, "lin"), CONSOLE)
    assert first is not None
    await fail(database, "lin", 10, known=office["lin"])
    typed = Login("lin", first, OFFICE, "another word of mine", known=office["lin"])
    with pytest.raises(AddressLockedError):
        await log_in(database, typed, SETTINGS)


async def test_a_mark_is_good_for_half_a_year(
    database: Database, office: Browsers, clock: StandingClock
) -> None:
    clock.move(days=179)
    await fail(database, "lin", 10)
    assert await may(database, "lin", known=office["lin"])
    clock.move(days=1, hours=1)
    await fail(database, "lin", 10)
    assert not await may(database, "lin", known=office["lin"])


async def test_one_browser_is_known_to_eight_accounts_and_tells_nothing_of_them(
    database: Database, office: Browsers
) -> None:
    cookie = ""
    for name in ("lin", "chen", "lin"):
        session = await log_in(database, Login(name, PASSWORD, OFFICE, known=cookie), SETTINGS)
        cookie = session.known
    assert len(marks_in(cookie)) == 2
    assert not any(word in cookie.lower() for word in ("lin", "chen"))
    for number in range(8):
        name = f"more{number}"
        async with database.work() as work:
            first = await add_staff(work, name, display=name, role="mediator")
        typed = Login(name, first, OFFICE, PASSWORD, known=cookie)
        cookie = (await log_in(database, typed, SETTINGS)).known
    assert len(marks_in(cookie)) == MOST == 8
    await fail(database, "lin", 10)
    assert not await may(database, "lin", known=cookie)
    assert await may(database, "more0", known=cookie)


async def test_names_without_an_account_count_and_read_the_same(
    database: Database, office: Browsers
) -> None:
    await fail(database, "nobody", 10, known=office["lin"])
    await fail(database, "lin", 10)
    nobody = await locked(database, "nobody", known=office["lin"])
    lin = await locked(database, "lin")
    assert (str(nobody), nobody.retry_after) == (str(lin), lin.retry_after)
    await fail(database, "nobody", 1, HOME)


async def test_fifty_guesses_at_once_are_ten(
    database: Database, office: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted before they are looked at: an eleventh password is not even hashed."""
    looked: list[str] = []
    verified = hashing.verified

    def counted(password: str, kept: str) -> bool:
        looked.append(password)
        return verified(password, kept)

    monkeypatch.setattr(hashing, "verified", counted)
    tries = [log_in(database, Login("lin", f"guess {n}", OFFICE), SETTINGS) for n in range(50)]
    done = await asyncio.gather(*tries, return_exceptions=True)
    kinds = Counter(type(one).__name__ for one in done)
    assert kinds == {"WrongNameOrPasswordError": 10, "AddressLockedError": 40}
    assert len(looked) == 10


@pytest.mark.usefixtures("office")
async def test_whoever_tries_many_accounts_locks_the_address_for_all_that_are_not_known(
    database: Database,
) -> None:
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


async def test_a_log_in_by_a_known_browser_takes_back_no_guesses_of_others(
    database: Database, office: Browsers
) -> None:
    await fail(database, "lin", 10)
    assert await may(database, "lin", known=office["lin"])
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


async def test_who_has_a_stretch_of_ipv6_addresses_has_one_count_for_all_of_them(
    database: Database, office: Browsers
) -> None:
    for last in range(10):
        await fail(database, "lin", 1, f"{SITE}:{last:x}")
    assert not await may(database, "lin", f"{SITE}a:b:c:d")
    assert await may(database, "chen", f"{SITE}a:b:c:d")
    assert await may(database, "lin", f"{NEXT_SITE}:1")
    for last in range(14):  # after the ten of before: one less than are too many
        await fail(database, f"guess-{last}", 1, f"{SITE}:{last:x}")
    assert await may(database, "chen", f"{SITE}:1")
    await fail(database, "guess", 1, f"{SITE}:2")
    assert not await may(database, "chen", f"{SITE}:3")
    assert await may(database, "chen", f"{NEXT_SITE}:3")
    assert await may(database, "chen", f"{SITE}:4", office["chen"])
