"""People, units, roles, tokens and sessions beyond somebody's reach are like none, too."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from services.mediation.tables import (
    GrantRow,
    SessionRow,
    StandInRow,
)
from services.mediation.use_cases.people.doing import CONSOLE
from services.mediation.use_cases.people.standing_in import WishedStandIn, arrange
from services.mediation.use_cases.trail.asking import AuditQuery, understood
from shared.acting import Staff
from shared.clock import local_day
from shared.kernel import BEYOND, RuleError, Tried
from shared.rights import Grant, Role
from shared.trail.refusals import refusals_of
from shared.work import Database
from tests.mediation.doors import rows
from tests.mediation.keeping import noted, refused_in
from tests.mediation.people import BODIES, a_person, a_unit
from tests.mediation.things import Colleague, a_case, logged_in

API = "/mediation/api/v1"
HERE = "/mediation/keeping"


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
    assert await refused_in(database) == [("refused.beyond", {"kind": "token", "id": token})]


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
    assert await refused_in(database) == [
        *[("refused.beyond", person_seen)] * 2,
        *[("refused.beyond", unit_seen)] * 3,
    ]


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
    assert await refused_in(database) == [("refused.beyond", seen)] * 2


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
    assert await refused_in(database) == [
        ("refused.beyond", {"kind": "session", "id": str(session)})
    ]


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
                await understood(session, AuditQuery(**asked), wu, BODIES)
        refused.append((error.value.deed, error.value.tried))
    assert refused == [
        (BEYOND, Tried("case", case.id)),
        (BEYOND, Tried("person", far.id)),
        ("", None),
    ]
