"""Who may call what: the pages of the documentation are true, and every address keeps to them."""

import re
from base64 import urlsafe_b64encode
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import UUID

import httpx
import pytest

from deploy.docs import access as access_page
from deploy.docs import permissions as permissions_page
from deploy.docs.__main__ import FOLDER
from deploy.docs.access import Door, apart, doors
from shared.acting import Staff
from shared.rights import PERMISSIONS, ROLES, Role
from shared.runtime.embedded import Embedded
from shared.runtime.running import Running
from shared.settings import CommonSettings
from shared.sisters import SERVICES
from shared.tokens import mint
from shared.web.access import NeedsSession, NeedsToken, Public, Watching
from shared.web.csrf import HEADER
from shared.web.sessions import Remembered

GATE = "您的角色不能做「"
"""How a route refuses who holds no such right; a use case says 不能在这里做."""
SOME = UUID(int=12345)
STRANGERS_WRITE = {
    "POST /intake/api/v1/complaints",
    "POST /intake/api/v1/complaints/{number}/attachments",
    "POST /intake/api/v1/complaints/{number}/withdraw",
    "POST /intake/api/v1/letters",
    "POST /intake/api/v1/letters/code",
    "POST /intake/api/v1/letters/{letter_id}/pdf",
    "POST /intake/api/v1/status",
    "POST /intake/complaints/new",
    "POST /intake/status",
    "POST /intake/status/evidence",
    "POST /intake/status/leave",
    "POST /intake/status/letters",
    "POST /intake/status/letters/code",
    "POST /intake/status/lost",
    "POST /intake/status/lost/code",
    "POST /intake/status/withdraw",
    "POST /mediation/api/v1/login",
    "POST /mediation/login",
    "POST /mediation/login/code",
    "POST /mediation/respondent/leave",
    "POST /mediation/respondent/{key}",
}
"""What changes something and is open to everybody."""
ENOUGH = 200
"""Addresses there are at least: so that the walk does not pass because it walks nowhere."""


@pytest.fixture
def common(common: CommonSettings) -> CommonSettings:
    """The same, and nobody calls too often."""
    return common.model_copy(
        update={"rate_public_burst": 10_000, "rate_public_per_minute": 600_000}
    )


def staff_of(role: Role) -> Staff:
    return Staff(UUID(int=77), role.value, "某人", role.value, "main")


async def by_cookie(cookie: str) -> Staff | None:
    """Every role is logged in, with its own name for a cookie."""
    return staff_of(ROLES[cookie]) if cookie in ROLES else None


@asynccontextmanager
async def at(running: Running) -> AsyncGenerator[httpx.AsyncClient]:
    """A client of one service as it is in a process of its own."""
    app = apart(replace(running, sessions=Remembered(by_cookie)))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


def headers_of(running: Running, caller: str) -> dict[str, str]:
    """What somebody's requests carry: a role's cookie, a service's token, or nothing."""
    accept = {"Accept": "application/json", "Accept-Language": "zh-CN"}
    database = running.database
    if caller == "nobody":
        return accept
    if caller == "service":
        token = mint(database.vault, "console", running.name, database.clock())
        return accept | {"Authorization": f"Bearer {token}"}
    mac = urlsafe_b64encode(database.vault.mac("csrf-header", caller.encode())).decode()
    return accept | {"Cookie": f"redress_session={caller}", HEADER: mac.rstrip("=")}


def may_call(door: Door, caller: str) -> bool:
    """What the markers of the routes say."""
    access = door.access
    if isinstance(access, Public | Watching):
        return True  # every caller here is one of this machine
    if isinstance(access, NeedsToken):
        return caller == "service"
    assert isinstance(access, NeedsSession)
    if caller in {"nobody", "service"}:
        return caller == "service" and access.or_token
    return access.action is None or access.action in PERMISSIONS[ROLES[caller]]


def was_let_in(answer: httpx.Response, door: Door, caller: str) -> bool:
    """Whether somebody came past the door, whatever they found behind it."""
    if answer.status_code == 401:
        return isinstance(door.access, Public)
    if answer.status_code != 403:
        return True
    return not answer.json()["detail"].startswith(GATE)


def address(path: str) -> str:
    """The path with something in the place of its parameters that nothing has."""
    named = {"{path:path}": "redress.css", "{form}": "csv", "{step}": "accept", "{action}": "send"}
    for name, value in named.items():
        path = path.replace(name, value)
    return re.sub(r"\{[^}]+\}", str(SOME), path)


def every_door(platform: Embedded) -> Mapping[str, list[Door]]:
    return {name: list(doors(name, apart(one))) for name, one in platform.running.items()}


@pytest.mark.parametrize("caller", ["nobody", "service", *Role])
async def test_every_address_lets_in_whom_it_says_and_nobody_else(
    platform: Embedded, caller: str
) -> None:
    walked = 0
    for name, found in every_door(platform).items():
        running = platform.running[name]
        headers = headers_of(running, caller)
        async with at(running) as client:
            for door in found:
                answer = await client.request(door.method, address(door.path), headers=headers)
                assert answer.status_code not in {405, 429}, door
                let_in = was_let_in(answer, door, caller)
                assert let_in == may_call(door, caller), (door, answer.status_code, answer.text)
                walked += 1
    assert walked > ENOUGH


async def test_the_page_of_addresses_is_true(platform: Embedded) -> None:
    """`make docs` writes it anew."""
    written = (FOLDER / "access.md").read_text(encoding="utf-8")
    assert written == access_page.page(platform.running)


def test_the_page_of_permissions_is_true() -> None:
    """`make docs` writes it anew."""
    written = (FOLDER / "permissions.md").read_text(encoding="utf-8")
    assert written == permissions_page.text()
    for role in Role:
        assert role.chinese in written
        assert role.english in written


async def test_every_service_is_walked(platform: Embedded) -> None:
    found = every_door(platform)
    assert set(found) == set(SERVICES)
    assert all(found.values())


async def test_what_changes_something_is_open_to_strangers_only_where_they_need_it(
    platform: Embedded,
) -> None:
    """A new one is written down here, or the test fails."""
    found = {
        f"{door.method} {door.path}"
        for some in every_door(platform).values()
        for door in some
        if isinstance(door.access, Public) and door.method not in {"GET", "HEAD"}
    }
    assert found == STRANGERS_WRITE
