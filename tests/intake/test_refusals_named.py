"""What was tried in vain is in the trail: a complaint by its id, what does not exist as a hash."""

from collections.abc import AsyncGenerator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from services.intake import pages, routes
from services.intake.ports import Means
from shared.acting import Staff
from shared.rights import ROLES, Grant
from shared.trail.refusals import refusals_of
from shared.web import EdgeOptions, edge
from shared.web.sessions import NobodyLoggedIn
from shared.work import Database
from tests.intake.builders import a_complaint
from tests.intake.conftest import WIDE

API = "/intake/api/v1"
WANG = UUID(int=33)


class Elsewhere(NobodyLoggedIn):
    """People of another body are logged in, each with their role for a cookie."""

    async def of(self, cookie: str) -> Staff | None:
        grant = Grant(ROLES[cookie], WANG, "demo")
        return Staff(WANG, "wang", "王", cookie, "demo", None, (grant,))


@pytest.fixture
async def web(database: Database, means: Means) -> AsyncGenerator[httpx.AsyncClient]:
    options = EdgeOptions(public_url="http://test", sessions=Elsewhere(), limits=WIDE)
    routers = [*routes.routers(means), *pages.routers(means)]
    app = edge("intake", routers, database, options=options)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


async def create(web: httpx.AsyncClient, **changed: Any) -> Any:
    answer = await web.post(f"{API}/complaints", json=a_complaint(**changed))
    assert answer.status_code == 201, answer.text
    return answer.json()


def told(database: Database) -> list[tuple[str, UUID | None, Any]]:
    """What waits to be written: of what kind, by whom, and what was tried."""
    waiting = refusals_of(database).waiting
    return [(said.action, doer.id, said.values.get("tried")) for doer, said in waiting]


async def test_a_wrong_code_names_the_complaint_and_a_wrong_number_is_a_hash(
    web: httpx.AsyncClient, database: Database
) -> None:
    made = await create(web)
    code, nowhere = "000000000000", "260623-0000000ZZ"
    for number in (made["number"], nowhere, nowhere.lower(), "我的编号"):
        asked = {"number": number, "query_code": code}
        assert (await web.post(f"{API}/status", json=asked)).status_code == 404
    wrong = [tried for _, _, tried in told(database)]
    assert wrong[0] == {"kind": "complaint", "id": made["id"]}
    assert [set(one) for one in wrong[1:]] == [{"kind", "hash"}] * 3
    assert wrong[1] == wrong[2] != wrong[3]
    assert {action for action, _, _ in told(database)} == {"code.wrong"}
    said = str([said.values for _, said in refusals_of(database).waiting])
    assert not any(one in said for one in (code, nowhere, "我的编号", made["number"]))


async def test_a_foreign_complaint_or_file_is_like_none_and_the_trail_names_it(
    web: httpx.AsyncClient, database: Database
) -> None:
    made = await create(web)
    cookie = {"Cookie": "redress_session=mediator"}
    for name in (made["id"], uuid4()):
        for address in (f"{API}/complaints/{name}", f"{API}/complaints/{name}/attachments/{WANG}"):
            answer = await web.get(address, headers=cookie)
            assert answer.status_code == 404
            assert answer.json()["detail"] == "没有这件投诉，请检查网址。"
    tried = {"kind": "complaint", "id": made["id"]}
    assert told(database) == [("refused.beyond", WANG, tried)] * 2


async def test_who_reported_elsewhere_is_like_nobody_and_the_trail_names_the_report(
    web: httpx.AsyncClient, database: Database
) -> None:
    made = await create(web, kind="report")
    cookie = {"Cookie": "redress_session=privacy_officer"}
    pages = [
        await web.get(f"/intake/reporters/{one}", headers=cookie)
        for one in (made["number"], "260623-0000000ZZ")
    ]
    assert [one.status_code for one in pages] == [404, 404]
    assert told(database) == [("refused.beyond", WANG, {"kind": "complaint", "id": made["id"]})]


async def test_who_may_not_at_all_is_refused_and_the_trail_keeps_the_number_they_asked_for(
    web: httpx.AsyncClient, database: Database
) -> None:
    cookie = {"Cookie": "redress_session=mediator"}
    answer = await web.get("/intake/reporters/26o623-oooooooZZ", headers=cookie)
    assert answer.status_code == 403
    named = {"kind": "number", "named": "260623-0000000ZZ"}
    assert told(database) == [("refused.forbidden", WANG, named)]
