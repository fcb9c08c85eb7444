"""Hosts, sizes, rates and headers: what is refused before anything looks at it."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from uuid import UUID

import httpx
import pytest
from fastapi import APIRouter, Request
from hypothesis import given
from hypothesis import strategies as st

from shared.acting import Staff
from shared.limits.rates import MOST_CALLERS, Buckets, Rate
from shared.limits.underway import Room
from shared.settings import CommonSettings
from shared.tokens import mint
from shared.vault import Vault
from shared.web import body_limit, guessing, limited, public, staff
from shared.web.options import EdgeOptions, Limits, limits_of, options_of_settings
from shared.web.requests import accepted, address_of, host_name
from shared.web.sessions import NobodyLoggedIn
from tests.conftest import NOON, StandingClock
from tests.shared.webs import (
    COOKIE,
    ENGLISH,
    LIN,
    LogIns,
    Ticks,
    database_of,
    options,
    serving,
)  # fmt: skip

router = APIRouter()
taken: list[int] = []


@router.post("/x/api/v1/small", dependencies=[public()])
async def small(body: dict[str, str]) -> int:
    taken.append(len(body))
    return len(body)


@router.post("/x/api/v1/large", dependencies=[public(), body_limit(5000)])
async def large(body: dict[str, str]) -> int:
    return len(body)


@router.post("/x/api/v1/raw", dependencies=[public()])
async def raw(request: Request) -> int:
    return len(await request.body())


@router.get("/x/api/v1/open", dependencies=[public()])
async def is_open() -> str:
    return "open"


@router.get("/x/api/v1/closed", dependencies=[staff()])
async def closed() -> str:
    return "closed"


@router.get("/x/api/v1/seldom", dependencies=[public(), limited("seldom", 2, 60)])
async def seldom() -> str:
    return "seldom"


doors: dict[str, asyncio.Event] = {}


@router.get("/x/api/v1/slow", dependencies=[public()])
async def slow() -> str:
    doors["came"].set()
    await doors["opens"].wait()
    return "done"


@router.get("/x/api/v1/guess", dependencies=[public(), guessing()])
async def guess() -> str:
    return "guess"


def around(**changes: object) -> EdgeOptions:
    return replace(options(), **changes)  # type: ignore[arg-type] # names are checked by replace


async def test_an_unknown_host_is_refused_and_health_is_not(
    vault: Vault, clock: StandingClock
) -> None:
    known = around(hosts=frozenset({"test"}))
    async with serving([router], database_of(vault, clock), known) as client:

        async def with_host(path: str, host: str) -> int:
            return (await client.get(path, headers={"Host": host})).status_code

        assert await with_host("/x/api/v1/open", "test") == 200
        assert await with_host("/x/api/v1/open", "TEST:8000") == 200
        assert await with_host("/x/api/v1/open", "evil.example") == 421
        assert await with_host("/x/api/v1/open", "") == 421
        assert await with_host("/livez", "10.0.0.7:8000") == 200
        assert await with_host("/readyz", "10.0.0.7:8000") == 200


def test_a_host_is_read_without_its_port() -> None:
    assert [host_name(one) for one in ("A.cn:80", "[::1]:80", "[::1]", "b")] == [
        "a.cn", "[::1]", "[::1]", "b",
    ]  # fmt: skip


async def test_two_hosts_nul_and_endless_addresses_are_refused(
    vault: Vault, clock: StandingClock
) -> None:
    async with serving([router], database_of(vault, clock)) as client:
        twice = httpx.Headers([("Host", "test"), ("Host", "evil.example")])
        assert (await client.get("/x/api/v1/open", headers=twice)).status_code == 400
        assert (await client.get("/x/api/v1/open?q=%00")).status_code == 400
        assert (await client.get("/x/api/v1/%00")).status_code == 400
        assert (await client.get("/x/" + "a" * 5000)).status_code == 414
        many = [(f"X-{n}", "1") for n in range(200)]
        assert (await client.get("/x/api/v1/open", headers=many)).status_code == 431


async def test_a_body_above_the_limit_is_refused_with_and_without_its_length(
    vault: Vault, clock: StandingClock
) -> None:
    async def pieces() -> AsyncGenerator[bytes]:
        yield b'{"a": "'
        for _ in range(100):
            yield b"x" * 50
        yield b'"}'

    taken.clear()
    less = around(limits=Limits(body=1000, upload=2000))
    headers = {"Content-Type": "application/json"}
    async with serving([router], database_of(vault, clock), less) as client:
        announced = await client.post("/x/api/v1/small", json={"a": "x" * 1000})
        streamed = await client.post("/x/api/v1/small", content=pieces(), headers=headers)
        unread = await client.post("/x/api/v1/raw", content=pieces())
        assert [one.status_code for one in (announced, streamed, unread)] == [413, 413, 413]
        assert announced.json()["detail"] == "内容超过了0.9766 KB，请减少或者分几次提交。"
        assert taken == []
        assert (await client.post("/x/api/v1/small", json={"a": "x" * 900})).status_code == 200
        assert (await client.post("/x/api/v1/large", json={"a": "x" * 4000})).status_code == 200
        assert (await client.post("/x/api/v1/large", json={"a": "x" * 5000})).status_code == 413
        files = {"file": b"x" * 1500}
        assert (await client.post("/x/api/v1/raw", files=files)).status_code == 200
        assert (await client.post("/x/api/v1/raw", files={"file": b"x" * 2500})).status_code == 413


async def test_a_stranger_is_slowed_down_by_address_and_comes_back_later(
    vault: Vault, clock: StandingClock
) -> None:
    ticks = Ticks()
    limits = Limits(readers=Rate(1, 3))
    few = replace(options(ticks), limits=limits, trusted_hops=1)
    async with serving([router], database_of(vault, clock), few) as client:

        async def read(address: str) -> int:
            headers = {"X-Forwarded-For": f"9.9.9.9, {address}"}
            return (await client.get("/x/api/v1/open", headers=headers)).status_code

        assert [await read("1.1.1.1") for _ in range(4)] == [200, 200, 200, 429]
        assert await read("2.2.2.2") == 200
        ticks.now = 1.0
        assert [await read("1.1.1.1") for _ in range(2)] == [200, 429]


async def test_an_account_has_a_bucket_of_its_own_once_it_is_known(
    vault: Vault, clock: StandingClock
) -> None:
    few = around(limits=Limits(readers=Rate(1, 1), accounts=Rate(1, 3)))
    async with serving([router], database_of(vault, clock), few) as client:
        client.cookies.set("redress_session", COOKIE)
        found = [(await client.get("/x/api/v1/closed")).status_code for _ in range(5)]
        assert found == [200, 200, 200, 200, 429]
        # A made-up session is a stranger.
        client.cookies.set("redress_session", "made-up")
        assert (await client.get("/x/api/v1/open")).status_code == 429


async def test_a_partner_agency_has_a_limit_of_its_own(vault: Vault, clock: StandingClock) -> None:
    """Whose account it is decides, and not where they come from."""
    agency = Staff(UUID(int=9), "agency", "协作单位", "partner", "main")
    log_ins = LogIns({COOKIE: LIN, "theirs": agency})
    limits = Limits(accounts=Rate(1, 50), partners=Rate(1, 2), readers=Rate(1, 3))
    few = replace(options(log_ins=log_ins), limits=limits)
    async with serving([router], database_of(vault, clock), few) as client:
        counts = {}
        for cookie in ("theirs", COOKIE):
            client.cookies.set("redress_session", cookie)
            found = [(await client.get("/x/api/v1/closed")).status_code for _ in range(6)]
            counts[cookie] = (found.count(200), found.count(429))
    assert counts == {"theirs": (3, 3), COOKIE: (6, 0)}  # the first one: not known yet


async def test_a_purpose_has_a_limit_of_its_own(vault: Vault, clock: StandingClock) -> None:
    few = around(limits=Limits(guesses=Rate(1 / 3, 1)))
    async with serving([router], database_of(vault, clock), few) as client:
        found = [(await client.get("/x/api/v1/seldom")).status_code for _ in range(3)]
        assert found == [200, 200, 429]
        refused = await client.get("/x/api/v1/seldom")
        assert (refused.headers["retry-after"], refused.json()["type"]) == ("30", "TooOftenError")
        assert (await client.get("/x/api/v1/guess")).status_code == 200
        again = await client.get("/x/api/v1/guess")
        assert (again.status_code, again.headers["retry-after"]) == (429, "3")


async def test_a_forged_token_is_limited_like_any_stranger(
    vault: Vault, clock: StandingClock
) -> None:
    few = around(limits=Limits(readers=Rate(1, 1)))
    async with serving([router], database_of(vault, clock), few) as client:

        async def read(token: str) -> int:
            headers = {"Authorization": f"Bearer {token}"}
            return (await client.get("/x/api/v1/open", headers=headers)).status_code

        assert [await read("forged") for _ in range(2)] == [200, 429]
        good = mint(vault, "console", "x", NOON)
        assert [await read(good) for _ in range(3)] == [200, 200, 200]


@given(burst=st.integers(1, 20), pauses=st.lists(st.floats(0, 3), max_size=60))
def test_no_caller_gets_more_than_burst_plus_rate(burst: int, pauses: list[float]) -> None:
    ticks = Ticks()
    buckets, got = Buckets(ticks), 0
    for pause in pauses:
        ticks.now += pause
        wait = buckets.wait("somebody", Rate(2, burst))
        got += wait == 0
        assert wait in {0, 1}
    assert got <= burst + 2 * sum(pauses) + 1e-6


def test_memory_for_callers_is_bounded() -> None:
    ticks = Ticks()
    buckets = Buckets(ticks)
    for n in range(MOST_CALLERS + 10):
        ticks.now += 1
        assert buckets.wait(str(n), Rate(1, 1)) == 0
    assert len(buckets) <= MOST_CALLERS


def test_only_what_our_own_proxies_saw_is_believed() -> None:
    scope = {"type": "http", "client": ("10.0.0.1", 1)}
    assert address_of(scope, "6.6.6.6", 0) == "10.0.0.1"
    assert address_of(scope, "6.6.6.6, 7.7.7.7", 1) == "7.7.7.7"
    assert address_of(scope, "6.6.6.6, 7.7.7.7, 10.0.0.9", 2) == "7.7.7.7"
    assert address_of(scope, "", 1) == "10.0.0.1"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "zh"), ("en", "en"), ("en-GB,zh;q=0.9", "en"), ("fr, en;q=0.5", "en"),
        ("zh;q=0.2, en;q=0.1", "zh"), ("en;q=0", "zh"), ("en;q=x", "zh"), ("de", "zh"),
    ],
)  # fmt: skip
def test_the_language_liked_best_is_spoken(header: str, language: str) -> None:
    assert accepted(header) == language


async def test_every_answer_carries_the_security_headers(
    vault: Vault, clock: StandingClock
) -> None:
    secure = around(public_url="https://redress.example")
    for extra, hsts in ((options(), None), (secure, "max-age=31536000")):
        async with serving([router], database_of(vault, clock), extra) as client:
            for path in ("/x/api/v1/open", "/x/api/v1/nowhere", "/", "/livez"):
                headers = (await client.get(path)).headers
                assert headers["content-security-policy"] == (
                    "default-src 'self'; img-src 'self' data:; object-src 'none'; "
                    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
                )
                assert headers["x-content-type-options"] == "nosniff"
                assert headers["referrer-policy"] == "same-origin"
                assert headers["cache-control"] == "no-store"
                assert headers.get("strict-transport-security") == hsts


async def test_head_is_get_without_its_body(vault: Vault, clock: StandingClock) -> None:
    async with serving([router], database_of(vault, clock)) as client:
        answer = await client.head("/x/api/v1/open")
    assert (answer.status_code, answer.content) == (200, b"")


def test_the_settings_become_limits(common: CommonSettings) -> None:
    limits = limits_of(common)
    assert (limits.body, limits.upload) == (1_048_576, 210_000_000)
    assert (limits.readers, limits.strangers) == (Rate(50, 500), Rate(2, 60))
    assert (limits.accounts, limits.guesses) == (Rate(100, 1000), Rate(20 / 60, 20))
    assert limits.partners == Rate(20, 200)
    assert (limits.path, limits.headers, limits.at_once) == (4096, 100, 1000)
    told = common.model_copy(
        update={"max_path_bytes": 300, "max_headers": 40, "requests_at_once": 7}
        | {"bodies_at_once": 3, "upload_mb_at_once": 500}
    )
    changed = limits_of(told)
    assert (changed.path, changed.headers, changed.at_once) == (300, 40, 7)
    assert limits.room == Room(of_caller=30, bodies=500, small=1_048_576, most=600 * 2**20)
    assert changed.room == Room(of_caller=3, bodies=3, small=1_048_576, most=500 * 2**20)
    made = options_of_settings(common, sessions=NobodyLoggedIn(), checks={})
    assert made.hosts == frozenset({"test", "127.0.0.1", "localhost"})
    assert made.https is False


async def test_who_comes_above_the_limit_hears_it_at_once_and_who_is_in_is_served(
    vault: Vault, clock: StandingClock
) -> None:
    doors.update(came=asyncio.Event(), opens=asyncio.Event())
    around = replace(options(), limits=Limits(at_once=1))
    async with serving([router], database_of(vault, clock), around) as client:
        first = asyncio.create_task(client.get("/x/api/v1/slow"))
        await doors["came"].wait()
        for address in ("/x/api/v1/open", "/nowhere"):
            refused = await client.get(address, headers=ENGLISH)
            assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
            assert refused.json()["type"] == "OverloadedError"
            assert "try again in a few seconds" in refused.json()["detail"]
        assert (await client.get("/livez")).status_code == 200
        assert (await client.get("/internal/x")).status_code == 404
        doors["opens"].set()
        assert (await first).json() == "done"
        assert (await client.get("/x/api/v1/open")).json() == "open"
