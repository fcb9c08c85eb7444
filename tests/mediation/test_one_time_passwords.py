"""A one-time password that nobody came for is worth nothing after a week."""

from datetime import timedelta

import httpx
import pytest

from services.mediation.domain.passwords import ONE_TIME
from services.mediation.settings import MediationSettings
from services.mediation.tables import SessionRow, StaffRow
from services.mediation.use_cases.people.changing import reset_at_console
from services.mediation.use_cases.people.doing import CONSOLE
from services.mediation.use_cases.sessions import Login, OneTimePasswordOverError, finish, prove
from services.mediation.use_cases.staff import account_of, add_staff
from shared.clock import system_clock
from shared.runtime.migrate import downgrade, migrate
from shared.work import Database
from tests.conftest import StandingClock
from tests.mediation.doors import LOGIN, post, rows
from tests.mediation.things import PASSWORD, Colleague

PAGE = "/mediation/login"
SETTINGS = MediationSettings()


async def newcomer(database: Database) -> str:
    """The one-time password of somebody new."""
    async with database.work() as work:
        return await add_staff(work, "chen", display="陈同志", role="mediator")


async def tried(client: httpx.AsyncClient, password: str, new: str = PASSWORD) -> tuple[int, str]:
    """What whoever types this reads."""
    form = {"name": "chen", "password": password, "new_password": new}
    answer = await client.post(LOGIN, json=form)
    return answer.status_code, answer.json().get("type", "in")


def test_a_week_it_is() -> None:
    assert timedelta(days=7) == ONE_TIME


async def test_until_the_last_second_it_opens_and_what_was_chosen_lasts(
    database: Database, stranger: httpx.AsyncClient, clock: StandingClock
) -> None:
    first = await newcomer(database)
    clock.move(days=6, seconds=86_399)
    assert await tried(stranger, first) == (200, "in")
    [account] = await rows(database, StaffRow)
    assert account.one_time_until is None
    clock.move(days=100)
    stranger.cookies.clear()
    assert await tried(stranger, PASSWORD, "quite another word") == (200, "in")


async def test_then_it_does_not_and_only_who_types_it_reads_why(
    database: Database, stranger: httpx.AsyncClient, clock: StandingClock
) -> None:
    first = await newcomer(database)
    clock.move(days=7)
    [before] = await rows(database, StaffRow)
    assert await tried(stranger, first) == (403, "OneTimePasswordOverError")
    assert await tried(stranger, "guess") == (401, "WrongNameOrPasswordError")
    page = await post(stranger, PAGE, PAGE, name="chen", password=first)
    assert (page.status_code, "一次性密码已经过期" in page.text) == (422, True)
    wrong = await post(stranger, PAGE, PAGE, name="chen", password="guess")
    assert (wrong.status_code, "过期" in wrong.text) == (422, False)
    [after] = await rows(database, StaffRow)
    assert (after.password, after.must_change) == (before.password, True)
    assert await rows(database, SessionRow) == []


async def test_one_that_is_given_anew_is_good_for_another_week(
    lin: Colleague, database: Database, clock: StandingClock
) -> None:
    async with database.work() as work:
        await reset_at_console(work, await account_of(work.session, "lin"), CONSOLE)
    clock.move(days=7)
    async with database.work() as work:
        again = await reset_at_console(work, await account_of(work.session, "lin"), CONSOLE)
    assert again is not None
    clock.move(days=6)
    form = {"name": "lin", "password": again, "new_password": "quite another word"}
    assert (await lin.client.post(LOGIN, json=form)).status_code == 200


async def test_it_does_not_end_between_the_two_parts_of_a_log_in(
    database: Database, clock: StandingClock
) -> None:
    first = await newcomer(database)
    clock.move(days=6, seconds=86_399)
    login = Login("chen", first, "192.0.2.1", PASSWORD)
    proof = await prove(database, login, SETTINGS)
    clock.move(seconds=60)
    assert (await finish(database, proof, login, SETTINGS)).staff.name == "chen"
    async with database.work() as work:
        second = await reset_at_console(work, await account_of(work.session, "chen"), CONSOLE)
    clock.move(days=7)
    late = Login("chen", second or "", "192.0.2.1", "quite another word")
    with pytest.raises(OneTimePasswordOverError):
        await prove(database, late, SETTINGS)


async def test_those_that_were_given_before_there_was_an_end_are_good_for_a_week_from_then(
    lin: Colleague, database: Database
) -> None:
    await newcomer(database)
    await downgrade(database.engine, "mediation", "0016")
    begun = system_clock()
    await migrate(database.engine, "mediation")
    until = {one.name: one.one_time_until for one in await rows(database, StaffRow)}
    assert until["lin"] is None
    assert begun + ONE_TIME <= until["chen"] <= system_clock() + ONE_TIME
