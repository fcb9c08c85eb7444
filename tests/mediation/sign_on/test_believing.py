"""Logging in by way of a provider: which answers are believed, and which are not."""

import hmac
from base64 import urlsafe_b64encode
from typing import Any

import httpx
import pytest

from services.mediation.clients import OpenIdProvider
from services.mediation.tables import SessionRow
from shared.net import Client
from shared.work import Database
from tests.conftest import StandingClock
from tests.mediation.doors import HTML, rows
from tests.mediation.provider import CLIENT, ISSUER, SECRET, Provider, made, part
from tests.mediation.sign_on.browser import BACK, LEAVE, come_back, leave, nobody_got_in
from tests.shared.webs import Ticks


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
