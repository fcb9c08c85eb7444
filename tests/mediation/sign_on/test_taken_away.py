"""What the provider took away is gone here, too: also from who had it open or on a machine."""

from collections.abc import AsyncGenerator

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from services.mediation.tables import ApiTokenRow, GrantRow, SessionRow, StaffRow
from services.mediation.use_cases import api_tokens
from services.mediation.use_cases.people.holding import session_facts
from shared.acting import Staff
from shared.rights import Role
from shared.trail.tables import AuditRow
from shared.web.sessions import staff_from
from shared.work import Database
from tests.mediation.doors import API, ME, rows
from tests.mediation.people import a_person
from tests.mediation.provider import Provider
from tests.mediation.sign_on.browser import come_back, held


@pytest.fixture
async def elsewhere(site: FastAPI, visitor: httpx.AsyncClient) -> AsyncGenerator[httpx.AsyncClient]:
    """The same person at another machine."""
    transport = httpx.ASGITransport(app=site)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


async def the_account(database: Database) -> Staff:
    """Whom the provider vouched for, as a page knows them."""
    async with database.reading() as session:
        [account] = await session.scalars(select(StaffRow).where(StaffRow.name == "zhou"))
        facts = await session_facts(session, account, database.clock())
    return staff_from(facts)


async def a_script(database: Database, scope: str) -> dict[str, str]:
    """What a script of theirs sends along, good for a year."""
    async with database.work() as work:
        wish = api_tokens.Wish("nightly", [scope], 365)
        _, text = await api_tokens.make(work, await the_account(database), wish)
    return {"Authorization": f"Bearer {text}"}


async def noted(database: Database) -> list[tuple[str, str]]:
    """What the provider did to people, with its doer."""
    async with database.reading() as session:
        told = select(AuditRow).where(AuditRow.action.in_(["role.ended", "session.all_ended"]))
        found = list(await session.scalars(told.order_by(AuditRow.id)))
    return [(row.kind, row.action) for row in found if row.doer_kind == "system"]


@pytest.mark.parametrize("groups", [[], ["others"], None, ["lost"]])
async def test_who_lost_the_last_group_loses_roles_sessions_and_scripts_and_is_refused(
    visitor: httpx.AsyncClient,
    elsewhere: httpx.AsyncClient,
    provider: Provider,
    database: Database,
    groups: list[str] | None,
) -> None:
    await a_person(database, "other", Role.ADMINISTRATOR, body="")
    await come_back(visitor, provider, groups=["admins"])
    script = await a_script(database, "staff.read")
    assert (await elsewhere.get(f"{API}/staff", headers=script)).status_code == 200
    refused = await come_back(elsewhere, provider, groups=groups)
    assert (refused.status_code, "没有角色" in refused.text) == (403, True)
    assert "redress_session" not in elsewhere.cookies
    assert await held(database) == [("administrator", "")]  # the other one's
    assert await rows(database, SessionRow) == []
    [token] = await rows(database, ApiTokenRow)
    assert token.ended_at == database.clock()
    assert (await visitor.get(f"{ME}/sessions")).status_code == 401
    assert (await elsewhere.get(f"{API}/staff", headers=script)).status_code == 401
    assert await noted(database) == [("staff", "role.ended"), ("session", "session.all_ended")]


async def test_who_is_refused_again_is_noted_once_and_comes_back_with_a_group(
    visitor: httpx.AsyncClient, provider: Provider, database: Database
) -> None:
    await come_back(visitor, provider)
    script = await a_script(database, "case.read")
    for _ in range(2):
        assert (await come_back(visitor, provider, groups=[])).status_code == 403
    assert await noted(database) == [("staff", "role.ended"), ("session", "session.all_ended")]
    assert (await come_back(visitor, provider)).status_code == 303
    assert await held(database) == [("mediator", "main")]
    assert len(await rows(database, StaffRow)) == 1
    visitor.cookies.clear()
    assert (await visitor.get(f"{API}/cases", headers=script)).status_code == 401


async def test_the_last_administrator_keeps_the_role_for_a_successor_but_no_way_in(
    visitor: httpx.AsyncClient,
    elsewhere: httpx.AsyncClient,
    provider: Provider,
    database: Database,
) -> None:
    await come_back(visitor, provider, groups=["admins"])
    script = await a_script(database, "staff.read")
    refused = await come_back(elsewhere, provider, groups=[])
    assert (refused.status_code, "最后一位管理全部机构的管理员" in refused.text) == (409, True)
    assert await held(database) == [("administrator", "")]
    assert await rows(database, SessionRow) == []
    assert (await elsewhere.get(f"{API}/staff", headers=script)).status_code == 401
    assert await noted(database) == [("session", "session.all_ended")]


async def test_a_stranger_without_a_group_that_counts_gets_no_account(
    visitor: httpx.AsyncClient, provider: Provider, database: Database
) -> None:
    """A unit that is not there gives nothing either."""
    refused = await come_back(visitor, provider, groups=["lost"])
    assert (refused.status_code, "没有角色" in refused.text) == (403, True)
    for table in (SessionRow, StaffRow, GrantRow, AuditRow):
        assert await rows(database, table) == []
