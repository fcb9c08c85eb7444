"""Logging in by way of a provider: who is believed, who is not, and what they hold here."""

import asyncio
import hmac
from base64 import urlsafe_b64encode
from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select, update

from services.mediation.clients import OpenIdProvider
from services.mediation.domain.sign_on import GroupRule, Post
from services.mediation.pages.sign_on import SignOnPages
from services.mediation.settings import MediationSettings
from services.mediation.tables import GrantRow, SessionRow, StaffRow, SubjectRow
from services.mediation.use_cases import oidc
from services.mediation.use_cases.people.doing import CONSOLE
from services.mediation.use_cases.people.leaving import end_person
from services.mediation.use_cases.staff import hold
from shared.clock import local_day
from shared.net import Client, in_process
from shared.rights import Role
from shared.trail.rows import opened
from shared.trail.tables import AuditRow
from shared.web import edge
from shared.work import Database
from tests.conftest import StandingClock
from tests.mediation.doors import API, HTML, ME, Telephone, post, rows
from tests.mediation.people import a_person
from tests.mediation.provider import CLIENT, ISSUER, SECRET, Provider, made, part
from tests.mediation.things import Colleague
from tests.shared.webs import Ticks

ME_PAGE = "/mediation/me"
LEAVE, BACK = "/mediation/login/oidc", "/mediation/login/oidc/back"
GROUPS = """[
  {"group": "mediators", "role": "mediator", "body": "main"},
  {"group": "admins", "role": "administrator"},
  {"group": "lost", "role": "leader", "body": "main", "unit": "nowhere"},
  {"group": "auditor", "role": "auditor", "claim": "realm_access.roles"}
]"""
SETTINGS = MediationSettings(
    oidc_issuer=ISSUER, oidc_client=CLIENT, oidc_secret=SECRET, oidc_groups=GROUPS
)


@pytest.fixture
def provider(clock: StandingClock) -> Provider:
    return Provider(clock)


@pytest.fixture
async def wire(provider: Provider) -> AsyncGenerator[Client]:
    async with in_process(provider.app()) as client:
        yield client


@pytest.fixture
def known(wire: Client) -> OpenIdProvider:
    """The provider as mediation knows it."""
    return OpenIdProvider(ISSUER, CLIENT, SECRET, wire, Ticks())


@pytest.fixture
async def visitor(
    site: FastAPI, known: OpenIdProvider, database: Database
) -> AsyncGenerator[httpx.AsyncClient]:
    """Somebody with a browser, where the provider is set."""
    pages = [SignOnPages(known, SETTINGS).router()]
    own = edge("mediation", pages, database, options=site.state.options)
    ways = [one for one in own.routes if getattr(one, "path", "").startswith(LEAVE)]
    site.router.routes[:0] = ways
    transport = httpx.ASGITransport(app=site)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


async def leave(visitor: httpx.AsyncClient, onward: str = "/mediation/register") -> str:
    """Where the browser is sent."""
    answer = await visitor.get(LEAVE, params={"next": onward}, headers=HTML)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def come_back(
    visitor: httpx.AsyncClient, provider: Provider, **claims: Any
) -> httpx.Response:
    """There and back."""
    came = provider.log_in(await leave(visitor), **claims)
    return await visitor.get(BACK, params=came, headers=HTML)


async def nobody_got_in(visitor: httpx.AsyncClient, database: Database) -> None:
    assert "redress_session" not in visitor.cookies
    for table in (SessionRow, StaffRow, SubjectRow):
        assert await rows(database, table) == []


async def held(database: Database) -> list[tuple[str, str]]:
    """The roles that hold."""
    async with database.reading() as session:
        now = select(GrantRow).where(GrantRow.ended_at.is_(None))
        return sorted((row.role, row.body) for row in await session.scalars(now))


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
        ("mediator", None, True),
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


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"nonce": ""},
        {"iss": "https://evil.example"},
        {"iss": ISSUER + "/"},
        {"iss": None},
        {"aud": "another"},
        {"aud": ["another"]},
        {"aud": [CLIENT, "another"]},
        {"aud": [CLIENT], "azp": "another"},
        {"aud": None},
        {"exp": 1},
        {"exp": None},
        {"exp": "tomorrow"},
        {"exp": True},
        {"iat": 9_999_999_999},
        {"iat": None},
        {"nbf": 9_999_999_999},
        {"sub": ""},
        {"sub": None},
        {"sub": 7},
        {"sub": "s" * 256},
    ],
)
async def test_a_token_that_is_not_the_answer_to_our_question_lets_nobody_in(
    visitor: httpx.AsyncClient, provider: Provider, database: Database, claims: dict[str, Any]
) -> None:
    answer = await come_back(visitor, provider, **claims)
    assert (answer.status_code, "不可信" in answer.text) == (401, True)
    await nobody_got_in(visitor, database)


@pytest.mark.parametrize(
    ("state", "more"),
    [("another", {}), ("", {}), (None, {"iss": "https://evil.example"}), (None, {"code": ""})],
)
async def test_an_answer_with_another_state_or_issuer_is_none(
    visitor: httpx.AsyncClient,
    provider: Provider,
    database: Database,
    state: str | None,
    more: dict[str, str],
) -> None:
    came = provider.log_in(await leave(visitor)) | more
    came |= {} if state is None else {"state": state}
    answer = await visitor.get(BACK, params=came, headers=HTML)
    assert answer.status_code == 401
    await nobody_got_in(visitor, database)


async def test_an_answer_nobody_asked_for_leads_to_the_log_in(
    visitor: httpx.AsyncClient, provider: Provider, database: Database
) -> None:
    """Log-in CSRF: an address with somebody else's code does nothing in this browser."""
    came = provider.log_in(await leave(visitor))
    visitor.cookies.clear()
    answer = await visitor.get(BACK, params=came, headers=HTML)
    assert answer.headers["location"] == "/mediation/login"
    await nobody_got_in(visitor, database)


async def test_an_answer_is_taken_once_and_not_after_ten_minutes(
    visitor: httpx.AsyncClient, provider: Provider, database: Database, clock: StandingClock
) -> None:
    came = provider.log_in(await leave(visitor))
    cookie = visitor.cookies["redress_asked"]
    assert (await visitor.get(BACK, params=came)).status_code == 303
    visitor.cookies.clear()
    visitor.cookies.set("redress_asked", cookie)
    replayed = await visitor.get(BACK, params=came, headers=HTML)
    assert replayed.status_code == 401
    assert "redress_session" not in visitor.cookies
    assert len(await rows(database, SessionRow)) == 1
    came = provider.log_in(await leave(visitor))
    clock.move(minutes=11)
    late = await visitor.get(BACK, params=came, headers=HTML)
    assert late.headers["location"] == "/mediation/login"
    assert len(await rows(database, SessionRow)) == 1


def forgeries(provider: Provider, claims: dict[str, Any]) -> dict[str, str]:
    """Tokens that somebody else made."""
    head = {"alg": "RS256", "kid": "one"}
    public = provider.key.as_pem(private=False)
    text = f"{part(head | {'alg': 'HS256'})}.{part(claims)}"
    mac = urlsafe_b64encode(hmac.digest(public, text.encode(), "sha256")).decode().rstrip("=")
    stranger = Provider(provider.clock, key=made("one", "a stranger's"))
    other = Provider(provider.clock, key=made("two"))
    good = provider.signed(claims).split(".")
    return {
        "no algorithm": f"{part(head | {'alg': 'none'})}.{part(claims)}.",
        "the public key as a secret": f"{text}.{mac}",
        "another key of the same name": stranger.signed(claims),
        "a key nobody published": other.signed(claims),
        "a key that came along": stranger.signed(claims, jwk=stranger.key.as_dict(private=False)),
        "other claims under the signature": f"{good[0]}.{part(claims | {'sub': 'x'})}.{good[2]}",
        "no signature": f"{good[0]}.{good[1]}.",
        "nothing": "x",
    }


async def test_a_token_that_somebody_else_signed_lets_nobody_in(
    visitor: httpx.AsyncClient, provider: Provider, database: Database
) -> None:
    address = await leave(visitor)
    provider.log_in(address)
    names = list(forgeries(provider, {}))
    for name in names:
        came = provider.log_in(await leave(visitor))
        claims = provider.codes[came["code"]]["claims"]
        provider.forged = forgeries(provider, claims)[name]
        answer = await visitor.get(BACK, params=came, headers=HTML)
        assert answer.status_code == 401, name
        await nobody_got_in(visitor, database)
    provider.forged = None
    assert (await come_back(visitor, provider)).status_code == 303


async def test_a_new_key_of_the_provider_is_fetched_but_not_all_the_time(
    visitor: httpx.AsyncClient, provider: Provider, known: OpenIdProvider
) -> None:
    ticks = known.ticks
    assert isinstance(ticks, Ticks)
    assert (await come_back(visitor, provider)).status_code == 303
    assert (await come_back(visitor, provider)).status_code == 303
    assert provider.fetched == 1
    provider.key = made("two")
    assert (await come_back(visitor, provider)).status_code == 401
    assert provider.fetched == 1
    provider.published.append(provider.key)
    ticks.now += 60
    assert (await come_back(visitor, provider)).status_code == 303
    assert provider.fetched == 2


async def test_a_provider_that_describes_itself_as_another_is_not_asked(
    visitor: httpx.AsyncClient, provider: Provider, database: Database
) -> None:
    for odd in (
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://idp.example/token"},
        {"jwks_uri": "file:///etc/passwd"},
    ):
        provider.described = odd
        answer = await visitor.get(LEAVE, headers=HTML)
        assert (answer.status_code, "没有应答" in answer.text) == (503, True)
    await nobody_got_in(visitor, database)


def test_a_provider_without_https_is_refused_at_the_start(wire: Client) -> None:
    with pytest.raises(ValueError, match="no https address"):
        OpenIdProvider("http://idp.example", CLIENT, SECRET, wire)


async def test_who_has_a_second_factor_here_is_asked_for_it_too(
    visitor: httpx.AsyncClient, provider: Provider, clock: StandingClock
) -> None:
    await come_back(visitor, provider)
    factor = "/mediation/me/second-factor"
    await post(visitor, factor, factor)
    page = await visitor.get(factor, headers=HTML)
    telephone = Telephone(page.text.partition('id="secret">')[2].partition("<")[0], clock)
    await post(visitor, f"{factor}/confirm", factor, code=telephone.code())
    visitor.cookies.clear()
    answer = await come_back(visitor, provider)
    assert answer.headers["location"] == "/mediation/login/code"
    assert "redress_session" not in visitor.cookies
    code = telephone.next_code()
    done = await post(visitor, "/mediation/login/code", "/mediation/login/code", code=code)
    assert (done.status_code, done.headers["location"]) == (303, "/mediation/register")


async def test_whoever_signs_on_again_proves_anew_who_they_are(
    visitor: httpx.AsyncClient, provider: Provider, clock: StandingClock, database: Database
) -> None:
    answer = await visitor.get(LEAVE, params={"next": ME_PAGE, "again": "1"}, headers=HTML)
    address = answer.headers["location"]
    asked = dict(parse_qsl(urlsplit(address).query))
    assert (asked["prompt"], asked["max_age"]) == ("login", "0")
    now = int(clock().timestamp())
    came = provider.log_in(address, auth_time=now - 60)
    done = await visitor.get(BACK, params=came, headers=HTML)
    assert (done.status_code, done.headers["location"]) == (303, ME_PAGE)
    [row] = await rows(database, SessionRow)
    assert row.proved_at == clock()


@pytest.mark.parametrize("said", [None, -61, "now", True])
async def test_a_provider_that_let_somebody_through_who_was_there_before_is_not_believed(
    visitor: httpx.AsyncClient,
    provider: Provider,
    clock: StandingClock,
    database: Database,
    said: Any,
) -> None:
    """`auth_time` is missing, too old, or no number."""
    answer = await visitor.get(LEAVE, params={"again": "1"}, headers=HTML)
    at = int(clock().timestamp()) + said if type(said) is int else said
    came = provider.log_in(answer.headers["location"], auth_time=at)
    refused = await visitor.get(BACK, params=came, headers=HTML)
    assert "没有重新验证本人" in refused.text
    await nobody_got_in(visitor, database)


async def test_an_account_of_the_provider_leaves_no_mark_in_the_browser(
    visitor: httpx.AsyncClient, provider: Provider
) -> None:
    await come_back(visitor, provider)
    assert "redress_session" in visitor.cookies
    assert "redress_known" not in visitor.cookies


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


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ('[{"group": "a", "role": "king"}]', "king: no role"),
        ('[{"group": "a"}]', "a rule names"),
        ('[{"group": "a", "role": "mediator", "boss": "x"}]', "a rule names"),
        ("{}", "list"),
    ],
)
def test_rules_about_groups_that_cannot_be_are_named(said: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        _ = MediationSettings(oidc_groups=said).group_rules


def test_rules_are_read_whole() -> None:
    rules = SETTINGS.group_rules
    assert rules[0] == GroupRule("mediators", Post("mediator", "main"))
    assert rules[3] == GroupRule("auditor", Post("auditor"), "realm_access.roles")
