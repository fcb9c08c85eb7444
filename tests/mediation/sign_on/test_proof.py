"""Whoever signs on proves who they are to the provider, and to us where that is not enough."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from services.mediation.tables import ApiTokenRow, SessionRow
from shared.trail.tables import AuditRow
from shared.work import Database
from tests.conftest import StandingClock
from tests.mediation.doors import HTML, Telephone, post, rows
from tests.mediation.provider import Provider
from tests.mediation.sign_on.browser import (
    BACK,
    LEAVE,
    ME_PAGE,
    come_back,
    nobody_got_in,
    sign_on_anew,
)


async def test_who_has_a_second_factor_here_is_asked_for_it_too(
    visitor: httpx.AsyncClient, provider: Provider, database: Database, clock: StandingClock
) -> None:
    await sign_on_anew(visitor, provider)
    factor = "/mediation/me/second-factor"
    await post(visitor, factor, factor)
    page = await visitor.get(factor, headers=HTML)
    telephone = Telephone(page.text.partition('id="secret">')[2].partition("<")[0], clock)
    await post(visitor, f"{factor}/confirm", factor, code=telephone.code())
    visitor.cookies.clear()
    answer = await come_back(visitor, provider)
    assert answer.headers["location"] == "/mediation/login/code"
    told = [one.action for one in await rows(database, AuditRow) if one.kind == "session"]
    assert told == ["session.begun", "session.half_begun"]
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
    assert row.proved_at == clock() - timedelta(seconds=60)


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


@pytest.mark.parametrize(
    ("said", "made"),
    [
        (0, 303),
        (-299, 303),
        (-300, 403),
        (-8 * 3600, 403),
        (60, 303),
        (61, 403),
        (None, 403),
        ("now", 403),
        (True, 403),
    ],
)
async def test_a_silent_sign_on_is_no_fresher_proof_than_the_provider_says(
    visitor: httpx.AsyncClient, provider: Provider, database: Database, said: Any, made: int
) -> None:
    """`auth_time`, in seconds from now; it is missing, of the future, or no number."""
    at = int(database.clock().timestamp()) + said if type(said) is int else said
    assert (await come_back(visitor, provider, auth_time=at)).status_code == 303
    form = {"name": "nightly", "days": "365", "scopes": "case.read"}
    assert (await post(visitor, f"{ME_PAGE}/tokens", **form)).status_code == made
    assert len(await rows(database, ApiTokenRow)) == (1 if made == 303 else 0)
    [row] = await rows(database, SessionRow)
    assert row.proved_at <= database.clock()


async def test_the_second_factor_here_does_not_make_an_old_proof_fresh(
    visitor: httpx.AsyncClient, provider: Provider, clock: StandingClock, database: Database
) -> None:
    await sign_on_anew(visitor, provider)
    factor = f"{ME_PAGE}/second-factor"
    await post(visitor, factor, factor)
    page = await visitor.get(factor, headers=HTML)
    telephone = Telephone(page.text.partition('id="secret">')[2].partition("<")[0], clock)
    await post(visitor, f"{factor}/confirm", factor, code=telephone.code())
    visitor.cookies.clear()
    await come_back(visitor, provider, auth_time=int(clock().timestamp()) - 3600)
    form = {"code": telephone.next_code()}
    done = await post(visitor, "/mediation/login/code", "/mediation/login/code", **form)
    assert done.status_code == 303
    token = {"name": "nightly", "days": "365", "scopes": "case.read"}
    refused = await post(visitor, f"{ME_PAGE}/tokens", **token)
    assert (refused.status_code, "请先重新统一登录" in refused.text) == (403, True)
    assert await rows(database, ApiTokenRow) == []
