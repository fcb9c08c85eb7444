"""Who logs in by way of a provider: their account, and what they hold here."""

import asyncio
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import httpx
from sqlalchemy import update

from services.mediation.clients import OpenIdProvider
from services.mediation.tables import GrantRow, SessionRow, StaffRow, SubjectRow
from services.mediation.use_cases import oidc
from services.mediation.use_cases.people.doing import CONSOLE
from services.mediation.use_cases.people.leaving import end_person
from services.mediation.use_cases.staff import hold
from shared.clock import local_day
from shared.rights import Role
from shared.trail.rows import opened
from shared.trail.tables import AuditRow
from shared.work import Database
from tests.mediation.doors import API, HTML, ME, rows
from tests.mediation.people import a_person
from tests.mediation.provider import Provider
from tests.mediation.sign_on.browser import BACK, SETTINGS, come_back, held, leave, nobody_got_in
from tests.mediation.things import Colleague


async def test_somebody_of_a_group_gets_an_account_and_goes_on(
    visitor: httpx.AsyncClient, provider: Provider, database: Database
) -> None:
    address = await leave(visitor)
    asked = dict(parse_qsl(urlsplit(address).query))
    assert (urlsplit(address).netloc, asked["tenant"]) == ("idp.example", "a")
    assert asked["redirect_uri"] == "http://test" + BACK
    assert asked["scope"] == "openid profile"
    answer = await visitor.get(BACK, params=provider.log_in(address), headers=HTML)
    assert (answer.status_code, answer.headers["location"]) == (303, "/mediation/register")
    told = (await visitor.get(f"{ME}/sessions")).json()
    assert len(told["items"]) == 1
    [account] = await rows(database, StaffRow)
    assert (account.name, account.display, account.body) == ("zhou", "周调解员", "main")
    assert await held(database) == [("mediator", "main")]


async def test_the_same_subject_is_the_same_account_whatever_it_is_called(
    visitor: httpx.AsyncClient, provider: Provider, database: Database
) -> None:
    await come_back(visitor, provider)
    await come_back(visitor, provider, preferred_username="other", email="new@example.invalid")
    await come_back(visitor, provider, sub="another", email="zhou@example.invalid")
    names = sorted(row.name for row in await rows(database, StaffRow))
    assert names == ["zhou", "zhou-2"]
    assert len(await rows(database, SubjectRow)) == 2


async def test_an_account_of_ours_is_never_taken_over_by_its_name(
    lin: Colleague, visitor: httpx.AsyncClient, provider: Provider, database: Database
) -> None:
    await come_back(visitor, provider, preferred_username="lin", groups=["admins"])
    found = {row.name: row.id for row in await rows(database, StaffRow)}
    assert set(found) == {"lin", "lin-2"}
    [link] = await rows(database, SubjectRow)
    assert link.staff_id == found["lin-2"]
    assert (await lin.client.get(f"{ME}/sessions")).json()["items"][0]["this"] is True


async def test_no_password_opens_such_an_account(
    visitor: httpx.AsyncClient, provider: Provider
) -> None:
    await come_back(visitor, provider)
    visitor.cookies.clear()
    for password in ("", "x", "zhou"):
        form = {"name": "zhou", "password": password}
        assert (await visitor.post(f"{API}/login", json=form)).status_code == 401


async def test_another_name_at_the_provider_is_noted_with_what_it_was(
    visitor: httpx.AsyncClient, provider: Provider, database: Database
) -> None:
    await come_back(visitor, provider)
    await come_back(visitor, provider, name="周新名")
    await come_back(visitor, provider, name="周新名")
    [row] = [one for one in await rows(database, AuditRow) if one.action == "staff.changed"]
    found = opened(database.vault, row.sealed, row.id)
    assert found is not None
    assert found[1]["said"] == {
        "before": {"display": "周调解员"},
        "after": {"display": "周新名"},
    }


async def test_roles_are_what_the_groups_say_at_each_log_in(
    visitor: httpx.AsyncClient, provider: Provider, database: Database
) -> None:
    await come_back(visitor, provider, groups=["mediators", "lost", "unknown"])
    assert await held(database) == [("mediator", "main")]
    roles = {"roles": ["auditor"]}
    await come_back(visitor, provider, groups=["admins"], realm_access=roles)
    assert await held(database) == [("administrator", ""), ("auditor", "")]
    assert len(await rows(database, GrantRow)) == 3


async def test_a_role_that_is_over_is_given_anew_and_one_to_come_is_taken(
    visitor: httpx.AsyncClient, provider: Provider, database: Database
) -> None:
    await come_back(visitor, provider)
    [account] = await rows(database, StaffRow)
    today = local_day(database.clock())
    day = timedelta(days=1)
    async with database.work() as work:
        over = update(GrantRow).values(first_on=today - day, last_on=today - day)
        await work.session.execute(over)
        await hold(work, account.id, [Role.LEADER], "main")
        later = update(GrantRow).where(GrantRow.role == "leader").values(first_on=today + day)
        await work.session.execute(later)
    await come_back(visitor, provider)
    found = {
        (one.role, one.last_on, one.ended_at is None) for one in await rows(database, GrantRow)
    }
    assert found == {
        ("mediator", today - day, True),
        ("mediator", today + 90 * day, True),
        ("leader", None, False),
    }


async def test_the_last_administrator_stays_one_and_does_not_get_in_without_the_group(
    visitor: httpx.AsyncClient, provider: Provider, database: Database
) -> None:
    await come_back(visitor, provider, groups=["admins"])
    visitor.cookies.clear()
    answer = await come_back(visitor, provider, groups=["mediators"])
    assert (answer.status_code, "最后一位管理全部机构的管理员" in answer.text) == (409, True)
    assert "redress_session" not in visitor.cookies
    assert await held(database) == [("administrator", "")]
    await a_person(database, "other", Role.ADMINISTRATOR, body="")
    assert (await come_back(visitor, provider, groups=["mediators"])).status_code == 303
    assert await held(database) == [("administrator", ""), ("mediator", "main")]


async def test_who_has_no_role_here_does_not_get_in(
    visitor: httpx.AsyncClient, provider: Provider, database: Database
) -> None:
    for groups in (["others"], [], None, "mediator", {"mediators": True}):
        answer = await come_back(visitor, provider, groups=groups)
        assert (answer.status_code, "没有角色" in answer.text) == (403, True)
    await nobody_got_in(visitor, database)


async def test_who_was_ended_here_stays_so(
    visitor: httpx.AsyncClient, provider: Provider, database: Database
) -> None:
    await come_back(visitor, provider)
    [account] = await rows(database, StaffRow)
    async with database.work() as work:
        await end_person(work, account.id, CONSOLE)
    visitor.cookies.clear()
    answer = await come_back(visitor, provider)
    assert (answer.status_code, "已经停用" in answer.text) == (403, True)
    assert await rows(database, SessionRow) == []
    assert await held(database) == []


async def test_two_first_log_ins_at_once_make_one_account(
    known: OpenIdProvider, provider: Provider, database: Database
) -> None:
    back = "http://test" + BACK
    asked = [await oidc.ask(known, SETTINGS, back) for _ in range(2)]
    came = [provider.log_in(address) for _, address in asked]
    tries = [
        oidc.arrive(
            database, known, SETTINGS, question, (oidc.Back(one["state"], one["code"]), back)
        )
        for (question, _), one in zip(asked, came, strict=True)
    ]
    answers = await asyncio.gather(*tries, return_exceptions=True)
    kinds = {type(one).__name__ for one in answers}
    assert kinds <= {"tuple", "TwiceAtOnceError"}
    assert "tuple" in kinds
    assert len(await rows(database, SubjectRow)) == 1
    assert len(await rows(database, StaffRow)) == 1
