"""Everything wrong with a person, a unit, a token, a way back in is told at once, by its field."""

import re
from typing import Any

import httpx
import pytest

from services.mediation.tables import ApiTokenRow, RecoveryRow, StaffRow, UnitRow
from shared.rights import Role
from shared.trail.refusals import refusals_of
from shared.work import Database
from tests.mediation.doors import post
from tests.mediation.keeping import noted
from tests.mediation.people import a_person, count, roles_of
from tests.mediation.things import Colleague, logged_in

API = "/mediation/api/v1"
NEW, UNITS, TOKENS = "/mediation/staff/new", "/mediation/units?body=main", "/mediation/me/tokens"
RECOVERIES = "/mediation/recoveries"
RESPONDENT = "被投诉方不是工作人员：请在案件页面邀请，凭邀请查看自己的案件。"


@pytest.fixture
async def boss(stranger: httpx.AsyncClient, database: Database) -> Colleague:
    """An administrator of all bodies, logged in; there is another one."""
    await a_person(database, "other", Role.ADMINISTRATOR, body="")
    return await logged_in(stranger, database, "boss", body="", role="administrator")


def beside(page: httpx.Response) -> set[str]:
    """The fields that have a sentence beside them."""
    return set(re.findall(r'id="([a-z_]+)-error"', page.text))


def pointers(answer: httpx.Response) -> list[str]:
    return [one["pointer"] for one in answer.json()["errors"]]


async def test_the_form_of_a_new_person_tells_rules_and_what_cannot_be_read(
    boss: Colleague, database: Database
) -> None:
    wrong = {"name": "a b", "display": "", "body": "main", "phone": "x" * 30, "role": "king"}
    answer = await post(boss.client, NEW, NEW, **wrong)
    assert (answer.status_code, beside(answer)) == (422, {"name", "display", "phone", "role"})
    days = {"first_on": "2026-13-01", "last_on": "yesterday"}
    answer = await post(boss.client, NEW, NEW, **wrong, **days)
    assert answer.status_code == 422
    assert beside(answer) == {"name", "display", "phone", "role", "first_on", "last_on"}
    assert 'value="a b"' in answer.text
    assert await count(database, StaffRow) == 2


async def test_the_api_tells_everything_wrong_with_a_person_and_each_role(
    boss: Colleague, database: Database
) -> None:
    over = {"role": "king", "first_on": "2026-06-24", "last_on": "2026-06-23"}
    roles = [{"role": "mediator"}, over]
    form: dict[str, Any] = {"name": "a b", "display": "", "phone": "x" * 30, "roles": roles}
    answer = await boss.client.post(f"{API}/staff", json=form, headers=boss.header)
    assert answer.status_code == 422
    wrong = ["/display", "/name", "/phone", "/roles/1/role", "/roles/1/last_on"]
    assert pointers(answer) == wrong
    lin = await a_person(database, "lin")
    one = f"{API}/staff/{lin.id}"
    answer = await boss.client.post(f"{one}/grants", json=over, headers=boss.header)
    assert (answer.status_code, pointers(answer)) == (422, ["/role", "/last_on"])
    form = {"display": "", "phone": "x"}
    answer = await boss.client.put(one, json=form, headers=boss.header)
    assert (answer.status_code, pointers(answer)) == (422, ["/display", "/phone"])
    assert await count(database, StaffRow) == 3
    assert await roles_of(database, lin) == []


async def test_everything_wrong_with_a_unit_is_told_on_its_page_and_over_the_api(
    boss: Colleague, database: Database
) -> None:
    wrong = {"name": "", "code": "A/B", "region": "999999"}
    answer = await post(boss.client, UNITS, UNITS, **wrong)
    assert (answer.status_code, beside(answer)) == (422, {"name", "code", "region"})
    answer = await post(boss.client, UNITS, UNITS, **wrong, parent="nope")
    assert (answer.status_code, beside(answer)) == (422, {"name", "code", "region", "parent"})
    answer = await boss.client.post(f"{API}/units", json=wrong, headers=boss.header)
    assert (answer.status_code, pointers(answer)) == (422, ["/code", "/name", "/region"])
    assert await count(database, UnitRow) == 0


async def test_everything_wrong_with_a_token_is_told_before_a_password_is_asked_for(
    boss: Colleague, database: Database
) -> None:
    answer = await post(boss.client, TOKENS, name="", days="x")
    assert (answer.status_code, beside(answer)) == (422, {"name", "days", "scopes"})
    assert await count(database, ApiTokenRow) == 0


async def test_a_way_back_in_without_account_and_reason_is_told_beside_both_fields(
    boss: Colleague, database: Database
) -> None:
    answer = await post(boss.client, RECOVERIES, RECOVERIES, name="", reason="")
    assert (answer.status_code, beside(answer)) == (422, {"name", "reason"})
    answer = await post(boss.client, RECOVERIES, RECOVERIES, name="nobody", reason="见过本人了")
    assert (answer.status_code, beside(answer)) == (404, {"name"})
    assert await count(database, RecoveryRow) == 0


async def test_an_account_out_of_reach_is_like_none_and_the_trail_names_it_all_the_same(
    stranger: httpx.AsyncClient, database: Database
) -> None:
    here = await logged_in(stranger, database, "here", role="administrator")
    far = await a_person(database, "far", body="demo")
    answers = [
        await post(here.client, RECOVERIES, RECOVERIES, name=name, reason="")
        for name in ("far", "nobody")
    ]
    assert [(one.status_code, beside(one)) for one in answers] == [(422, {"name", "reason"})] * 2
    await refusals_of(database).write("mediation")
    [(action, _, said)] = await noted(database, "refused")
    assert (action, said["tried"]) == ("refused.beyond", {"kind": "account", "id": str(far.id)})
    assert await count(database, RecoveryRow) == 0


async def test_respondents_come_by_invitation_on_every_way_a_role_is_given(
    boss: Colleague, database: Database
) -> None:
    lin = await a_person(database, "lin")
    role = {"role": "respondent"}
    one = f"{API}/staff/{lin.id}/grants"
    granted = await boss.client.post(one, json=role, headers=boss.header)
    form = {"name": "shang", "display": "商家", "roles": [role]}
    added = await boss.client.post(f"{API}/staff", json=form, headers=boss.header)
    for answer, pointer in ((granted, "/role"), (added, "/roles/0/role")):
        assert answer.status_code == 422
        [told] = answer.json()["errors"]
        assert (told["pointer"], told["detail"]) == (pointer, RESPONDENT)
    page = f"/mediation/staff/{lin.id}"
    answer = await post(boss.client, f"{page}/grants", page, **role, body="main")
    assert (answer.status_code, RESPONDENT in answer.text) == (422, True)
    assert await roles_of(database, lin) == []
    assert await count(database, StaffRow) == 3
