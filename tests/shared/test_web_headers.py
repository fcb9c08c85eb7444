"""Every answer of every address says what a browser may do with it, errors included."""

import re
from collections.abc import AsyncGenerator

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from shared.runtime.embedded import Embedded

ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
POLICY = {
    "default-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
}
LOOSE = ("unsafe-inline", "unsafe-eval", "http:", "https:", "*")
SWITCHED_OFF = {"camera", "geolocation", "microphone", "payment", "usb", "display-capture"}
NOTHING = "00000000-0000-0000-0000-000000000000"


def check(answer: httpx.Response, *, kept: bool = False) -> None:
    """All headers that guard a browser are there, once each."""
    where = f"{answer.request.method} {answer.request.url}: {answer.status_code}"
    for name, value in ALWAYS.items():
        assert answer.headers.get_list(name) == [value], where
    [policy] = answer.headers.get_list("content-security-policy")
    assert {one.strip() for one in policy.split(";")} >= POLICY, where
    assert not any(word in policy.split() or f"'{word}'" in policy for word in LOOSE), where
    said = answer.headers["permissions-policy"]
    assert {one.strip().removesuffix("=()") for one in said.split(",")} >= SWITCHED_OFF, where
    assert answer.headers.get_list("cache-control") == ["no-store"] or kept, where
    assert "server" not in answer.headers, where
    assert "x-powered-by" not in answer.headers, where
    assert "access-control-allow-origin" not in answer.headers, where


@pytest.fixture
async def visitor(platform: Embedded) -> AsyncGenerator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=platform.app())
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


def addresses(app: FastAPI) -> list[tuple[str, str]]:
    """Every route of an edge, ids being those of nothing."""
    return [
        (method, re.sub(r"\{[^}]+\}", NOTHING, route.path))
        for route in app.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    ]


async def test_every_address_answers_with_them(
    platform: Embedded, visitor: httpx.AsyncClient
) -> None:
    walked = 0
    for running in platform.running.values():
        for method, path in addresses(running.web()):
            for accepted in ("text/html", "application/json"):
                answer = await visitor.request(method, path, headers={"Accept": accepted})
                check(answer, kept="/static/" in path)
                assert answer.status_code < 500, (method, path)
                walked += 1
    assert walked > 100


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/nothing/here", {}, 404),
        ("GET", "/mediation/nothing", {}, 404),
        ("PATCH", "/mediation/login", {}, 405),
        ("GET", "/mediation/cases", {"Accept": "text/html"}, 303),
        ("GET", "/mediation/api/v1/cases", {}, 401),
        ("GET", "/mediation/login", {"Host": "evil.example"}, 421),
        ("GET", "/" + "x" * 5000, {}, 414),
        ("POST", "/mediation/api/v1/login", {"Content-Length": "9999999"}, 413),
        ("POST", "/mediation/api/v1/login", {"Content-Type": "text/plain"}, 422),
        ("POST", "/mediation/login", {"Origin": "https://evil.example"}, 403),
        ("OPTIONS", "/mediation/api/v1/cases", {"Origin": "https://evil.example"}, 405),
        ("GET", "/intake/static/nothing.css", {}, 404),
        ("GET", "/livez", {}, 200),
        ("GET", "/", {}, 200),
        ("HEAD", "/", {}, 200),
    ],
)
async def test_refusals_carry_them_too(
    visitor: httpx.AsyncClient, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    answer = await visitor.request(method, path, headers=headers)
    assert answer.status_code == status, answer.text
    check(answer)


async def test_what_nobody_foresaw_carries_them_too(
    platform: Embedded, visitor: httpx.AsyncClient
) -> None:
    for running in platform.running.values():
        await running.database.close()
    async with platform.running["mediation"].database.engine.begin() as connection:
        await connection.exec_driver_sql("DROP TABLE login_failures")
    form = {"name": "lin", "password": "a"}
    answer = await visitor.post("/mediation/api/v1/login", json=form)
    assert answer.status_code == 500
    assert "login_failures" not in answer.text
    check(answer)


async def test_over_https_browsers_are_told_to_stay_there(platform: Embedded) -> None:
    platform.common.public_url = "https://test"
    transport = httpx.ASGITransport(app=platform.app())
    async with httpx.AsyncClient(transport=transport, base_url="https://test") as client:
        for path in ("/", "/nothing", "/mediation/login", "/intake/static/redress.css"):
            answer = await client.get(path)
            said = answer.headers["strict-transport-security"]
            assert said == "max-age=31536000", path
