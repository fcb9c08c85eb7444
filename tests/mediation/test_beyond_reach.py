"""Whoever asks beyond their reach learns nothing, and the trail learns who it was and of what."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI

from services.mediation.tables import (
    GrantRow,
    HoldRow,
    PrivacyRequestRow,
    SessionRow,
    StandInRow,
)
from services.mediation.use_cases.people.doing import CONSOLE
from services.mediation.use_cases.people.standing_in import WishedStandIn, arrange
from services.mediation.use_cases.privacy.holds import set_hold
from services.mediation.use_cases.privacy.requests import ERASURE, Subject, take_down
from services.mediation.use_cases.trail.asking import AuditQuery, understood
from shared.clock import local_day
from shared.kernel import BEYOND, RuleError, Tried
from shared.rights import Grant, Role
from shared.trail.refusals import refusals_of
from shared.web import Staff
from shared.work import Database
from tests.mediation.doors import post, rows
from tests.mediation.keeping import noted, officer
from tests.mediation.people import a_person, a_unit
from tests.mediation.things import Colleague, a_case, logged_in

API = "/mediation/api/v1"
HERE = "/mediation/keeping"


@pytest.fixture
async def other(site: FastAPI) -> AsyncGenerator[httpx.AsyncClient]:
    """Another program at another place."""
    transport = httpx.ASGITransport(app=site)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


async def told(database: Database) -> list[tuple[str, Any]]:
    """The refusals of the trail: of what kind, and of what."""
    await refusals_of(database).write("mediation")
    return [(action, said.get("tried")) for action, _, said in await noted(database, "refused")]


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
    assert await told(database) == [("refused.beyond", seen)]
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
    assert await told(database) == [("refused.beyond", {"kind": "case", "id": str(case.id)})]


async def a_token(who: Colleague) -> Any:
    """A token of a colleague's script: its id, and its text."""
    wished = {"name": "台账", "scopes": ["case.read"], "days": 7}
    made = await who.client.post(f"{API}/me/tokens", json=wished, headers=who.header)
    assert made.status_code == 201, made.text
    return made.json()


async def test_a_script_is_named_by_the_person_whose_token_it_has(
    lin: Colleague, other: httpx.AsyncClient, database: Database
) -> None:
    case = await a_case(database, body="demo")
    bearer = {"Authorization": f"Bearer {(await a_token(lin))['token']}"}
    answer = await other.get(f"{API}/cases/{case.id}", headers=bearer)
    assert answer.status_code == 404
    await refusals_of(database).write("mediation")
    [(action, who, _)] = await noted(database, "refused")
    assert (action, who) == ("refused.beyond", lin.actor.id)


async def test_a_foreign_token_is_like_none_and_the_trail_names_it(
    lin: Colleague, other: httpx.AsyncClient, database: Database
) -> None:
    wang, token = await logged_in(other, database, "wang"), (await a_token(lin))["id"]
    foreign = await other.delete(f"{API}/me/tokens/{token}", headers=wang.header)
    none = await other.delete(f"{API}/me/tokens/{uuid4()}", headers=wang.header)
    assert (foreign.status_code, none.status_code) == (404, 404)
    assert foreign.json()["detail"] == none.json()["detail"]
    assert [one["id"] for one in (await lin.client.get(f"{API}/me/tokens")).json()["items"]] == [
        token
    ]
    assert await told(database) == [("refused.beyond", {"kind": "token", "id": token})]


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
    assert await told(database) == [("refused.beyond", {"kind": "case", "id": str(case.id)})]


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
    assert await told(database) == [("refused.beyond", {"kind": "hold", "id": str(hold)})]


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
    assert await told(database) == [
        ("refused.beyond", {"kind": "case", "id": str(case.id)}),
        ("refused.beyond", {"kind": "request", "id": str(made)}),
    ]


async def test_people_and_units_of_other_bodies_are_like_none(
    stranger: httpx.AsyncClient, database: Database
) -> None:
    boss = await logged_in(stranger, database, "boss", role="administrator")
    far, unit = (
        await a_person(database, "far", body="demo"),
        await a_unit(database, "c", body="demo"),
    )
    form = {"code": "x", "name": "x"}
    put, send, get = boss.client.put, boss.client.post, boss.client.get
    header = boss.header
    for person in (far.id, uuid4()):
        one = f"{API}/staff/{person}"
        assert (await get(one)).status_code == 404
        assert (await send(f"{one}/end", json={}, headers=header)).status_code == 404
    for name in (unit, uuid4()):
        assert (await get(f"/mediation/units/{name}")).status_code == 404
        assert (await put(f"{API}/units/{name}", json=form, headers=header)).status_code == 404
        assert (await send(f"{API}/units/{name}/end", headers=header)).status_code == 404
    done = {action for kind in ("staff", "unit") for action, _, _ in await noted(database, kind)}
    assert done == {"staff.added", "unit.added"}
    person_seen, unit_seen = (
        {"kind": "person", "id": str(far.id)},
        {"kind": "unit", "id": str(unit)},
    )
    assert await told(database) == [
        *[("refused.beyond", person_seen)] * 2,
        *[("refused.beyond", unit_seen)] * 3,
    ]


async def test_what_may_be_read_but_not_done_is_refused_and_named(
    stranger: httpx.AsyncClient, database: Database
) -> None:
    case = await a_case(database)
    wang = await logged_in(stranger, database, "wang", role="registrar")
    assert (await wang.client.get(f"{API}/cases/{case.id}")).status_code == 200
    assert (await wang.post_step(case, "accept")).status_code == 403
    assert await told(database) == [("refused.forbidden", {"kind": "case", "named": str(case.id)})]


async def test_roles_and_stand_ins_of_whom_one_does_not_see_are_like_none(
    stranger: httpx.AsyncClient, database: Database
) -> None:
    boss = await logged_in(stranger, database, "boss", role="administrator")
    far = await a_person(database, "far", Role.MEDIATOR, body="demo")
    near = await a_person(database, "near", Role.MEDIATOR, body="demo")
    [grant] = [one.id for one in await rows(database, GrantRow) if one.staff_id == far.id]
    day = local_day(database.clock())
    async with database.work() as work:
        stand_in = await arrange(work, WishedStandIn(far.id, near.id, day, day), CONSOLE)
    for name, address in ((grant, f"staff/{far.id}/grants"), (stand_in, "stand-ins")):
        answers = [
            await boss.client.delete(f"{API}/{address}/{one}", headers=boss.header)
            for one in (name, uuid4())
        ]
        assert [one.status_code for one in answers] == [404, 404]
        assert answers[0].json()["detail"] == answers[1].json()["detail"]
    assert [one.ended_at for one in await rows(database, GrantRow)] == [None] * 3
    assert [one.ended_at for one in await rows(database, StandInRow)] == [None]
    seen = {"kind": "person", "id": str(far.id)}
    assert await told(database) == [("refused.beyond", seen)] * 2


async def test_a_session_of_somebody_else_is_like_none(
    lin: Colleague, other: httpx.AsyncClient, database: Database
) -> None:
    wang = await logged_in(other, database, "wang")
    [session] = [one.id for one in await rows(database, SessionRow) if one.staff_id == lin.actor.id]
    answers = [
        await other.delete(f"{API}/me/sessions/{one}", headers=wang.header)
        for one in (session, uuid4())
    ]
    assert [one.status_code for one in answers] == [404, 404]
    assert answers[0].json()["detail"] == answers[1].json()["detail"]
    assert len(await rows(database, SessionRow)) == 2
    assert await told(database) == [("refused.beyond", {"kind": "session", "id": str(session)})]


async def test_an_auditor_of_one_body_finds_neither_cases_nor_people_of_another(
    database: Database,
) -> None:
    case = await a_case(database, body="demo")
    far = await a_person(database, "far", body="demo")
    wu = Staff(UUID(int=8), "wu", "吴", "auditor", "main")
    wu = replace(wu, grants=(Grant(Role.AUDITOR, wu.id, "main"),))
    refused = []
    for asked in ({"case": case.number}, {"person": "far"}, {"person": "nobody"}):
        with pytest.raises(RuleError) as error:
            async with database.reading() as session:
                await understood(session, AuditQuery(**asked), wu)
        refused.append((error.value.deed, error.value.tried))
    assert refused == [
        (BEYOND, Tried("case", case.id)),
        (BEYOND, Tried("person", far.id)),
        ("", None),
    ]
