"""A way back in for who logs in by way of the provider leads to the provider, not past it."""

import httpx

from services.mediation.pages.recovery import HERE
from services.mediation.tables import ApiTokenRow, SecondFactorRow, SessionRow, StaffRow
from services.mediation.use_cases import recovery
from services.mediation.use_cases.hashing import NOBODYS, hashed_once
from services.mediation.use_cases.people.changing import reset_at_console
from services.mediation.use_cases.people.doing import CONSOLE
from services.mediation.use_cases.staff import account_of
from shared.acting import Staff
from shared.rights import Role
from shared.work import Database
from tests.conftest import StandingClock
from tests.mediation.doors import API, HTML, LOGIN, Telephone, post, rows
from tests.mediation.people import a_person, acting
from tests.mediation.provider import Provider
from tests.mediation.sign_on.browser import ME_PAGE, come_back, sign_on_anew
from tests.mediation.things import logged_in

FACTOR = f"{ME_PAGE}/second-factor"
REASON = "手机丢了，见过本人和工作证"


async def with_a_factor(visitor: httpx.AsyncClient, clock: StandingClock) -> None:
    """Somebody whom the provider let in turns a second factor on."""
    await post(visitor, FACTOR, FACTOR)
    page = await visitor.get(FACTOR, headers=HTML)
    telephone = Telephone(page.text.partition('id="secret">')[2].partition("<")[0], clock)
    done = await post(visitor, f"{FACTOR}/confirm", FACTOR, code=telephone.code())
    assert done.status_code == 303


async def administrator(database: Database, name: str) -> Staff:
    """Somebody who manages people everywhere."""
    person = await a_person(database, name, Role.ADMINISTRATOR, body="")
    grants = (await acting(database, person)).rights.grants
    return Staff(person.id, name, name, "administrator", "", grants=grants)


async def only_the_provider_opens_it(
    visitor: httpx.AsyncClient, provider: Provider, database: Database
) -> None:
    """No password does; nothing that was open is left; the provider lets them in without a code."""
    account = next(one for one in await rows(database, StaffRow) if one.name == "zhou")
    assert (account.password, account.must_change) == (NOBODYS, False)
    for table in (SecondFactorRow, SessionRow):
        assert await rows(database, table) == []
    assert all(one.ended_at for one in await rows(database, ApiTokenRow))
    visitor.cookies.clear()
    assert (await come_back(visitor, provider)).headers["location"] == "/mediation/register"


async def test_two_administrators_take_the_second_factor_and_give_no_password(
    visitor: httpx.AsyncClient, provider: Provider, database: Database, clock: StandingClock
) -> None:
    await sign_on_anew(visitor, provider)
    await with_a_factor(visitor, clock)
    wang, zhao = [await administrator(database, name) for name in ("wang", "zhao")]
    async with database.work() as work:
        which = await recovery.ask(work, wang, "zhou", REASON)
    done = await recovery.approve(database, zhao, which)
    assert done == recovery.Recovered("zhou", None)
    await only_the_provider_opens_it(visitor, provider, database)


async def test_the_console_gives_no_password_either(
    visitor: httpx.AsyncClient, provider: Provider, database: Database, clock: StandingClock
) -> None:
    await sign_on_anew(visitor, provider)
    await with_a_factor(visitor, clock)
    async with database.work() as work:
        account = await account_of(work.session, "zhou")
        assert await reset_at_console(work, account, CONSOLE) is None
    await only_the_provider_opens_it(visitor, provider, database)


async def test_the_page_says_that_there_is_no_password_and_api_says_null(
    visitor: httpx.AsyncClient, stranger: httpx.AsyncClient, provider: Provider, database: Database
) -> None:
    await come_back(visitor, provider)
    boss = await logged_in(stranger, database, "boss", body="", role="administrator")
    wang = await administrator(database, "wang")
    async with database.work() as work:
        first = await recovery.ask(work, wang, "zhou", REASON)
    assert (await post(boss.client, f"{HERE}/{first}", HERE)).status_code == 303
    page = await boss.client.get(HERE, headers=HTML)
    assert "本人从统一登录进来，这里没有密码" in page.text
    assert 'id="password"' not in page.text
    async with database.work() as work:
        second = await recovery.ask(work, wang, "zhou", REASON)
    told = await boss.client.post(f"{API}/recoveries/{second}/approve", headers=boss.header)
    assert (told.status_code, told.json()) == (200, {"name": "zhou", "password": None})


async def test_a_password_that_such_an_account_was_given_before_ends_at_the_next_sign_on(
    visitor: httpx.AsyncClient, provider: Provider, database: Database
) -> None:
    await come_back(visitor, provider)
    async with database.work() as work:
        account = await account_of(work.session, "zhou")
        account.password, account.must_change = hashed_once("abcd-efgh-jkmn-pqrs"), True
    await come_back(visitor, provider)
    visitor.cookies.clear()
    form = {"name": "zhou", "password": "abcd-efgh-jkmn-pqrs", "new_password": "quite another"}
    refused = await visitor.post(LOGIN, json=form)
    assert (refused.status_code, refused.json()["type"]) == (401, "WrongNameOrPasswordError")
    assert "redress_session" not in visitor.cookies
