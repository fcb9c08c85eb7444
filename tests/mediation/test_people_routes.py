"""Staff, units, stand-ins and permissions over the API."""

from typing import Any

import httpx

from services.mediation.tables import StaffRow, UnitRow
from shared.rights import PERMISSIONS, Role
from shared.work import Database
from tests.mediation.people import a_person, a_unit, count, roles_of
from tests.mediation.things import Colleague, logged_in

API = "/mediation/api/v1"


async def an_administrator(client: httpx.AsyncClient, database: Database) -> Colleague:
    """Somebody who manages all bodies, logged in, besides another one."""
    await a_person(database, "other", Role.ADMINISTRATOR, body="")
    return await logged_in(client, database, "boss", body="", role="administrator")


async def test_a_person_is_added_changed_and_ended(
    stranger: httpx.AsyncClient, database: Database
) -> None:
    boss = await an_administrator(stranger, database)
    unit = await a_unit(database, "city")
    form: dict[str, Any] = {
        "name": "Chen",
        "display": "陈晓",
        "unit": str(unit),
        "roles": [{"role": "mediator", "body": "main", "unit": str(unit)}],
    }
    made = await stranger.post(API + "/staff", json=form, headers=boss.header)
    assert (made.status_code, made.json()["name"]) == (201, "chen")
    one = f"{API}/staff/{made.json()['id']}"
    changed = {"display": "陈小晓", "phone": "0999-12315"}
    answer = await stranger.put(one, json=changed, headers=boss.header)
    assert (answer.status_code, answer.json()["unit"]) == (200, None)
    told = (await stranger.get(one)).json()
    assert [(grant["role"], grant["unit"]) for grant in told["grants"]] == [("mediator", str(unit))]
    assert (told["display"], told["open_cases"]) == ("陈小晓", 0)
    assert (await stranger.post(one + "/end", headers=boss.header)).status_code == 204
    listed = (await stranger.get(API + "/staff")).json()["items"]
    assert [row["name"] for row in listed] == ["boss", "other"]
    over = (await stranger.get(API + "/staff?ended=true")).json()["items"]
    assert [(row["name"], row["roles"]) for row in over] == [("chen", [])]


async def test_people_are_found_by_unit_role_and_word_page_by_page(
    stranger: httpx.AsyncClient, database: Database
) -> None:
    await an_administrator(stranger, database)
    city = await a_unit(database, "city")
    station = await a_unit(database, "station", city)
    await a_person(database, "lin", Role.MEDIATOR, Role.LEADER, unit=station)
    await a_person(database, "wang", Role.REGISTRAR)

    async def names(query: str) -> list[str]:
        return [one["name"] for one in (await stranger.get(API + "/staff" + query)).json()["items"]]

    assert await names(f"?unit={city}") == ["lin"]
    assert await names("?role=registrar") == ["wang"]
    assert await names("?q=ANG") == ["wang"]
    assert await names("?q=lin同") == ["lin"]
    assert await names("?q=%25") == []
    first = (await stranger.get(API + "/staff?limit=2")).json()
    assert [(one["name"], one["role"]) for one in first["items"]] == [
        ("boss", "administrator"),
        ("lin", "leader"),
    ]
    assert await names(f"?limit=2&cursor={first['next']}") == ["other", "wang"]


async def test_a_mediator_sees_colleagues_of_the_body_and_manages_nobody(
    lin: Colleague, database: Database
) -> None:
    await a_person(database, "far", body="demo")
    wang = await a_person(database, "wang")
    listed = (await lin.client.get(API + "/staff")).json()["items"]
    assert [one["name"] for one in listed] == ["lin", "wang"]
    form = {"role": "leader", "body": "main"}
    one = f"{API}/staff/{wang.id}"
    back = one + "/recoveries"
    for path, body in ((one + "/grants", form), (one + "/end", {}), (back, {"reason": "手机丢了"})):
        answer = await lin.client.post(path, json=body, headers=lin.header)
        assert answer.status_code == 403
    assert await roles_of(database, wang) == []
    assert await count(database, StaffRow, StaffRow.ended_at.is_not(None)) == 0


async def test_units_are_made_moved_and_ended(
    stranger: httpx.AsyncClient, database: Database
) -> None:
    boss = await an_administrator(stranger, database)

    async def made(code: str, parent: str | None = None) -> Any:
        form = {"code": code, "name": code, "parent": parent}
        answer = await stranger.post(API + "/units", json=form, headers=boss.header)
        assert answer.status_code == 201
        return answer.json()["id"]

    city = await made("city")
    station = await made("station", city)
    loop = {"code": "city", "name": "city", "parent": station}
    refused = await stranger.put(f"{API}/units/{city}", json=loop, headers=boss.header)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (409, "/parent")
    nowhere = {"code": "x", "name": "x", "body": "nowhere"}
    assert (
        await stranger.post(API + "/units", json=nowhere, headers=boss.header)
    ).status_code == 422
    listed = (await stranger.get(API + "/units")).json()["items"]
    assert [(one["code"], one["level"]) for one in listed] == [("city", 1), ("station", 2)]
    assert (
        await stranger.post(f"{API}/units/{station}/end", headers=boss.header)
    ).status_code == 200
    assert await count(database, UnitRow, UnitRow.ended_at.is_(None)) == 1


async def test_everybody_arranges_who_stands_in_for_them(
    lin: Colleague, database: Database
) -> None:
    wang = await a_person(database, "wang")
    days = {"first_on": "2026-06-23", "last_on": "2026-06-30"}
    form = {"stand_in": str(wang.id)} | days
    made = await lin.client.post(API + "/stand-ins", json=form, headers=lin.header)
    assert made.status_code == 201
    assert await roles_of(database, wang) == ["mediator lent"]
    for_other = {"absent": str(wang.id), "stand_in": str(lin.actor.id)} | days
    refused = await lin.client.post(API + "/stand-ins", json=for_other, headers=lin.header)
    assert refused.status_code == 403
    [told] = (await lin.client.get(API + "/stand-ins")).json()["items"]
    assert (told["stand_in"], told["last_on"]) == (str(wang.id), "2026-06-30")
    one = f"{API}/stand-ins/{told['id']}"
    assert (await lin.client.delete(one, headers=lin.header)).status_code == 204
    assert await roles_of(database, wang) == []


async def test_the_table_of_permissions_is_told_as_it_is(lin: Colleague) -> None:
    told = (await lin.client.get(API + "/permissions")).json()
    assert told["permissions"] == {
        role.value: {action.value: scope.english for action, scope in allowed.items()}
        for role, allowed in PERMISSIONS.items()
    }
    assert told["roles"]["auditor"] == {"zh": "审计员", "en": "Auditor"}


async def test_whoever_is_ended_is_out_at_once_where_it_was_done(
    stranger: httpx.AsyncClient, database: Database
) -> None:
    lin = await logged_in(stranger, database, "lin")
    kept = stranger.cookies["redress_session"]
    assert (await stranger.get(API + "/cases")).status_code == 200
    stranger.cookies.clear()
    boss = await an_administrator(stranger, database)
    ended = await stranger.post(f"{API}/staff/{lin.actor.id}/end", headers=boss.header)
    assert ended.status_code == 204
    stranger.cookies.clear()
    stranger.cookies.set("redress_session", kept)
    assert (await stranger.get(API + "/cases")).status_code == 401


async def test_an_important_role_waits_for_another_administrator_over_the_api(
    stranger: httpx.AsyncClient, database: Database
) -> None:
    lin = await a_person(database, "lin")
    boss = await an_administrator(stranger, database)
    grants, requests = f"{API}/staff/{lin.id}/grants", f"{API}/role-requests"
    form = {"role": "auditor", "body": "main"}
    made = await stranger.post(grants, json=form, headers=boss.header)
    assert (made.status_code, made.json()["waits"]) == (201, True)
    [told] = (await stranger.get(requests)).json()["items"]
    assert (told["id"], told["role"], told["mine"]) == (made.json()["id"], "auditor", True)
    one = f"{requests}/{told['id']}"
    alone = await stranger.post(one + "/confirm", headers=boss.header)
    assert (alone.status_code, alone.json()["type"]) == (403, "OwnRequestError")
    assert await roles_of(database, lin) == []
    stranger.cookies.clear()
    second = await logged_in(stranger, database, "second", body="", role="administrator")
    confirmed = await stranger.post(one + "/confirm", headers=second.header)
    assert confirmed.status_code == 200
    assert await roles_of(database, lin) == ["auditor own"]
    gone = await stranger.delete(one, headers=second.header)
    assert gone.status_code == 404
