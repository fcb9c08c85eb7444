"""Cases beyond somebody's reach are like none, and the trail learns who it was and of what."""

from uuid import uuid4

import httpx
import pytest

from services.mediation.tables import (
    HoldRow,
    PrivacyRequestRow,
)
from services.mediation.use_cases.privacy.holds import set_hold
from services.mediation.use_cases.privacy.requests import ERASURE, Subject, take_down
from shared.work import Database
from tests.mediation.doors import post, rows
from tests.mediation.keeping import noted, officer, refused_in
from tests.mediation.things import Colleague, a_case, logged_in

API = "/mediation/api/v1"
HERE = "/mediation/keeping"


def without(answer: httpx.Response, *names: str) -> str:
    """What was answered, but for what was asked."""
    text = answer.text
    for name in names:
        text = text.replace(name, "…")
    return text


@pytest.mark.parametrize("of", ["", "/steps", "/look", "/steps/note"])
async def test_a_foreign_case_is_like_none_and_the_trail_names_it(
    lin: Colleague, database: Database, of: str
) -> None:
    case = await a_case(database, body="demo")
    nowhere = str(uuid4())

    async def ask(name: str) -> httpx.Response:
        address = f"{API}/cases/{name}{of}"
        if of in {"", "/steps"}:
            return await lin.client.get(address)
        form = {"text": "看看"} if of == "/steps/note" else {"parts": ["words"], "reason": "merge"}
        return await lin.client.post(address, json=form, headers=lin.header | {"If-Match": "1"})

    foreign, none = await ask(str(case.id)), await ask(nowhere)
    assert (foreign.status_code, none.status_code) == (404, 404)
    assert without(foreign, str(case.id)) == without(none, nowhere)
    seen = {"kind": "case", "id": str(case.id)}
    assert await refused_in(database) == [("refused.beyond", seen)]
    [(_, who, said)] = await noted(database, "refused")
    assert who == lin.actor.id
    assert said["route"] == f"{API}/cases/{{case_id}}{of.replace('note', '{step}')}"
    assert (said["method"], said["error"]) == (foreign.request.method, "NoSuchCaseError")
    assert await noted(database, "case") == []


async def test_a_number_leads_to_the_case_that_was_tried(
    lin: Colleague, database: Database
) -> None:
    case = await a_case(database, body="demo")
    page = await lin.client.get(f"/mediation/cases/{case.number}", headers={"accept": "text/html"})
    assert page.status_code == 404
    assert await refused_in(database) == [("refused.beyond", {"kind": "case", "id": str(case.id)})]


async def test_a_hold_on_a_foreign_case_is_like_one_on_none(
    stranger: httpx.AsyncClient, database: Database
) -> None:
    zhou = await logged_in(stranger, database, "zhou", role="privacy_officer")
    case = await a_case(database, body="demo")
    typed = {"reason": "法院调取", "until": ""}
    foreign = await post(zhou.client, f"{HERE}/holds", HERE, number=case.number, **typed)
    none = await post(zhou.client, f"{HERE}/holds", HERE, number="260622-ZZZZZZZZZ", **typed)
    assert (foreign.status_code, none.status_code) == (404, 404)
    assert await rows(database, HoldRow) == []
    assert await refused_in(database) == [("refused.beyond", {"kind": "case", "id": str(case.id)})]


async def test_a_foreign_hold_cannot_be_lifted_and_looks_like_none(
    stranger: httpx.AsyncClient, database: Database
) -> None:
    zhou = await logged_in(stranger, database, "zhou", role="privacy_officer")
    case = await a_case(database, body="demo")
    async with database.work() as work:
        hold = await set_hold(work, case, "法院调取", None, officer(9, "demo"))
    foreign = await post(zhou.client, f"{HERE}/holds/{hold}/lift", HERE)
    none = await post(zhou.client, f"{HERE}/holds/{uuid4()}/lift", HERE)
    assert (foreign.status_code, none.status_code) == (404, 404)
    [row] = await rows(database, HoldRow)
    assert row.lifted_at is None
    assert await refused_in(database) == [("refused.beyond", {"kind": "hold", "id": str(hold)})]


async def test_a_request_names_no_foreign_case_and_no_foreign_request_is_seen(
    stranger: httpx.AsyncClient, database: Database
) -> None:
    zhou = await logged_in(stranger, database, "zhou", role="privacy_officer")
    own, case = await a_case(database), await a_case(database, body="demo")
    typed = {"name": "张三", "checked": "看了身份证", "kind": ERASURE}
    new = f"{HERE}/requests/new"
    for numbers in (f"{own.number} {case.number}", f"{own.number} 260622-ZZZZZZZZZ"):
        answer = await post(zhou.client, f"{HERE}/requests", new, numbers=numbers, **typed)
        assert answer.status_code == 404
    assert await rows(database, PrivacyRequestRow) == []
    async with database.work() as work:
        who = Subject(name="李四", checked="看了身份证")
        made = await take_down(work, ERASURE, who, [case], officer(9, "demo"))
    for page in (made, uuid4()):
        assert (await zhou.client.get(f"{HERE}/requests/{page}")).status_code == 404
    assert await refused_in(database) == [
        ("refused.beyond", {"kind": "case", "id": str(case.id)}),
        ("refused.beyond", {"kind": "request", "id": str(made)}),
    ]


async def test_what_may_be_read_but_not_done_is_refused_and_named(
    stranger: httpx.AsyncClient, database: Database
) -> None:
    case = await a_case(database)
    wang = await logged_in(stranger, database, "wang", role="registrar")
    assert (await wang.client.get(f"{API}/cases/{case.id}")).status_code == 200
    assert (await wang.post_step(case, "accept")).status_code == 403
    assert await refused_in(database) == [
        ("refused.forbidden", {"kind": "case", "named": str(case.id)})
    ]
