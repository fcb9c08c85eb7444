"""The way to the provider and back, as a browser goes it."""

from typing import Any

import httpx
from sqlalchemy import select

from services.mediation.settings import MediationSettings
from services.mediation.tables import GrantRow, SessionRow, StaffRow, SubjectRow
from shared.work import Database
from tests.mediation.doors import HTML, rows
from tests.mediation.provider import CLIENT, ISSUER, SECRET, Provider

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


async def sign_on_anew(visitor: httpx.AsyncClient, provider: Provider) -> httpx.Response:
    """There and back, where the person shows the provider who they are."""
    return await come_back(visitor, provider, auth_time=int(provider.clock().timestamp()))


async def nobody_got_in(visitor: httpx.AsyncClient, database: Database) -> None:
    assert "redress_session" not in visitor.cookies
    for table in (SessionRow, StaffRow, SubjectRow):
        assert await rows(database, table) == []


async def held(database: Database) -> list[tuple[str, str]]:
    """The roles that hold."""
    async with database.reading() as session:
        now = select(GrantRow).where(GrantRow.ended_at.is_(None))
        return sorted((row.role, row.body) for row in await session.scalars(now))
