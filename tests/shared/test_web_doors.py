"""Every door of every service: which are open, and that all the others are shut."""

import re
from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from shared.runtime.embedded import Embedded
from shared.settings import CommonSettings
from shared.tokens import mint
from shared.web.access import Access, NeedsSession, NeedsToken, Public, Watching, marks
from tests.conftest import NOON

SHARED = {"/", "/livez", "/readyz", "/{service}/static/{path:path}"}
OPEN: dict[str, set[str]] = {
    "intake": {
        "/intake/complaints/new",
        "/intake/privacy",
        "/intake/receipt",
        "/intake/status",
        "/intake/status/evidence",
        "/intake/status/leave",
        "/intake/status/letters",
        "/intake/status/letters/code",
        "/intake/status/letters/{letter_id}.pdf",
        "/intake/status/lost",
        "/intake/status/lost/code",
        "/intake/status/withdraw",
        "/intake/api/v1/challenge",
        "/intake/api/v1/complaints",
        "/intake/api/v1/complaints/{number}/attachments",
        "/intake/api/v1/complaints/{number}/withdraw",
        "/intake/api/v1/letters",
        "/intake/api/v1/letters/code",
        "/intake/api/v1/letters/{letter_id}/pdf",
        "/intake/api/v1/status",
    },
    "mediation": {
        "/mediation/login",
        "/mediation/login/code",
        "/mediation/api/v1/login",
        "/mediation/respondent",
        "/mediation/respondent/{key}",
        "/mediation/respondent/leave",
    },
    "notification": {"/notification/verify"},
    "analytics": set(),
}
"""What anybody may call. A new open door is written down here, or the test fails."""


@pytest.fixture
def common(common: CommonSettings) -> CommonSettings:
    """Settings that let one stranger knock at all of them."""
    return common.model_copy(update={"rate_public_burst": 10_000})


def doors(app: FastAPI) -> Iterator[tuple[APIRoute, Access]]:
    for route in app.routes:
        if isinstance(route, APIRoute):
            [access] = [one.dependency for one in route.dependencies if marks(one)]
            assert isinstance(access, Access)
            yield route, access


def address(route: APIRoute) -> str:
    """An address of the route; ids are those of nothing."""
    return re.sub(r"\{[^}]+\}", "00000000-0000-0000-0000-000000000000", route.path)


async def test_only_the_doors_on_the_list_are_open(platform: Embedded) -> None:
    for name, running in platform.running.items():
        found = {route.path for route, access in doors(running.web()) if isinstance(access, Public)}
        shared = {one.replace("{service}", name) for one in SHARED}
        assert found - shared == OPEN[name]


async def test_a_stranger_gets_through_none_of_the_others(platform: Embedded) -> None:
    tried = 0
    for running in platform.running.values():
        for app in (running.web(), running.internal()):
            transport = httpx.ASGITransport(app=app)
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
                for route, access in doors(app):
                    if isinstance(access, Public | Watching):
                        continue  # who may watch is tried in test_web_metrics
                    for method in route.methods or ():
                        for headers in ({}, {"Cookie": "redress_session=made-up"}):
                            answer = await client.request(method, address(route), headers=headers)
                            assert answer.status_code == 401, (method, route.path)
                            tried += 1
    assert tried > 0


async def test_a_sisters_token_opens_no_page_and_a_session_no_inner_door(
    platform: Embedded,
) -> None:
    for name, running in platform.running.items():
        token = mint(platform.vault, "intake", name, NOON)
        transport = httpx.ASGITransport(app=running.web())
        bearer = {"Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            for route, access in doors(running.web()):
                if access == NeedsSession():
                    method = next(iter(route.methods or {"GET"}))
                    answer = await client.request(method, address(route), headers=bearer)
                    assert answer.status_code == 401, route.path
        inner = [access for _, access in doors(running.internal())]
        assert all(isinstance(one, NeedsToken | Public | Watching) for one in inner)
