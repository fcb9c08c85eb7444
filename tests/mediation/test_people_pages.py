"""The pages of units, staff, one person, stand-ins and permissions."""

import re
from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import update

from services.mediation.tables import (
    CaseRow,
    GrantRow,
    RetentionPeriodRow,
    StaffRow,
    StandInRow,
    UnitRow,
)
from services.mediation.use_cases.people import confirming
from services.mediation.use_cases.people.doing import CONSOLE
from services.mediation.use_cases.people.leaving import end_person
from services.mediation.use_cases.staff import hold
from shared.rights import Role
from shared.work import Database
from tests.conftest import StandingClock
from tests.mediation.people import (
    BODIES,
    Person,
    a_person,
    a_unit,
    acting,
    count,
    noted,
    roles_of,
    units,
)
from tests.mediation.things import Colleague, a_case, form_token, logged_in, step

UNITS, STAFF, KEEPING = "/mediation/units", "/mediation/staff", "/mediation/keeping"


@pytest.fixture
async def boss(stranger: httpx.AsyncClient, database: Database) -> Colleague:
    """An administrator of all bodies, logged in; there is another one."""
    await a_person(database, "other", Role.ADMINISTRATOR, body="")
    return await logged_in(stranger, database, "boss", body="", role="administrator")


async def sent(client: httpx.AsyncClient, page: str, to: str = "", **fields: Any) -> httpx.Response:
    """Fill in the form of a page and send it."""
    token = form_token(await client.get(page))
    return await client.post(to or page, data={"form_token": token} | fields)


async def test_a_unit_is_made_moved_and_ended_on_its_pages(
    boss: Colleague, database: Database
) -> None:
    client = boss.client
    answer = await sent(client, f"{UNITS}?body=main", code="SN", name="遂宁", region="510900")
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"{UNITS}?body=main&done=added",
    )
    city = (await units(database))["sn"]
    await sent(client, f"{UNITS}?body=main", code="cs", name="船山", parent=str(city.id))
    page = await client.get(f"{UNITS}?body=main")
    assert re.search(r"遂宁</a>.*<ul>.*船山</a>", page.text, re.DOTALL)
    station = (await units(database))["cs"]
    one = f"{UNITS}/{station.id}"
    answer = await sent(client, one, code="cs", name="船山区", parent="")
    assert answer.status_code == 303
    assert (await units(database))["cs"].parent is None
    answer = await sent(client, one, one + "/end")
    assert answer.status_code == 303
    assert await count(database, UnitRow, UnitRow.ended_at.is_(None)) == 1
    folded = (await client.get(f"{UNITS}?body=main")).text.split("<details", 1)
    assert ["船山区" in part for part in folded] == [False, True]


async def test_what_is_wrong_with_a_unit_stands_beside_its_field(
    boss: Colleague, database: Database
) -> None:
    answer = await sent(boss.client, f"{UNITS}?body=main", code="a b/", name="", region="999999")
    assert answer.status_code == 422
    assert 'id="code-error"' in answer.text
    assert 'value="a b/"' in answer.text
    city = await a_unit(database, "city")
    await a_unit(database, "station", city)
    answer = await sent(boss.client, f"{UNITS}/{city}", f"{UNITS}/{city}/end")
    assert (answer.status_code, "下面还有部门" in answer.text) == (409, True)
    assert await count(database, UnitRow, UnitRow.ended_at.is_(None)) == 2


async def test_a_body_that_is_not_there_gets_no_unit_and_no_period(
    boss: Colleague, stranger: httpx.AsyncClient, database: Database
) -> None:
    answer = await sent(boss.client, UNITS, f"{UNITS}?body=nowhere", code="sn", name="遂宁")
    assert (answer.status_code, "没有这个机构。" in answer.text) == (422, True)
    assert 'value="遂宁"' in answer.text
    assert await count(database, UnitRow) == 0
    wu = await logged_in(stranger, database, "wu", body="", role="privacy_officer")
    fields = {"body": "nowhere", "code": "complaint", "months": "60"}
    answer = await sent(wu.client, KEEPING, f"{KEEPING}/periods", **fields)
    assert (answer.status_code, "没有这个机构。" in answer.text) == (404, True)
    assert await count(database, RetentionPeriodRow) == 0


async def test_a_person_is_added_and_the_password_is_shown_this_once(
    boss: Colleague, database: Database
) -> None:
    fields = {"name": "chen", "display": "陈晓", "body": "main", "role": "mediator"}
    answer = await sent(boss.client, STAFF + "/new", **fields)
    assert answer.status_code == 303
    page = await boss.client.get(answer.headers["location"])
    assert re.search(r'一次性密码：</strong> <span class="code">[a-z2-9-]{19}<', page.text)
    assert "一次性密码：</strong>" not in (await boss.client.get(answer.headers["location"])).text
    assert await count(database, StaffRow, StaffRow.name == "chen") == 1
    assert await count(database, GrantRow, GrantRow.body == "main") == 1
    again = await sent(boss.client, STAFF + "/new", **fields)
    assert (again.status_code, 'id="name-error"' in again.text) == (409, True)
    assert await count(database, StaffRow) == 3


async def test_roles_are_given_and_taken_away_on_the_page(
    boss: Colleague, database: Database
) -> None:
    lin = await a_person(database, "lin")
    one = f"{STAFF}/{lin.id}"
    refused = await sent(boss.client, one + "/grants", role="", body="main")
    assert (refused.status_code, 'id="role-error"' in refused.text) == (422, True)
    dates = {"first_on": "2026-06-24", "last_on": "2026-06-23"}
    refused = await sent(boss.client, one + "/grants", role="mediator", body="main", **dates)
    assert (refused.status_code, 'id="last_on-error"' in refused.text) == (422, True)
    assert await count(database, GrantRow, GrantRow.staff_id == lin.id) == 0
    given = await sent(boss.client, one + "/grants", role="mediator", body="main")
    assert given.status_code == 303
    page = await boss.client.get(one)
    [address] = re.findall(r'action="([^"]+/grants/[^"]+/end)"', page.text)
    assert (await sent(boss.client, one, address)).status_code == 303
    assert await roles_of(database, lin) == []


async def test_ending_a_person_asks_again_and_counts_the_cases_in_their_hands(
    boss: Colleague, database: Database
) -> None:
    case = await a_case(database)
    lin = await logged_in(boss.client, database, "lin")
    await step(database, case, "assign", lin.actor, assignee=lin.actor.id)
    boss_again = await logged_in(boss.client, database, "boss2", body="", role="administrator")
    one = f"{STAFF}/{lin.actor.id}"
    page = await boss_again.client.get(one + "/end")
    assert "手里还有1件在办案件" in page.text
    assert case.number not in page.text, "an administrator reads no cases"
    answer = await sent(boss_again.client, one + "/end")
    assert answer.headers["location"] == f"{one}?done=ended"
    assert await count(database, CaseRow, CaseRow.assignee == lin.actor.id) == 1
    page = await boss_again.client.get(one)
    assert "已停用" in page.text
    assert "停用账号" not in page.text


async def test_cases_in_somebodys_hands_are_named_where_the_reader_reads_cases(
    boss: Colleague, database: Database
) -> None:
    here, far = await a_case(database), await a_case(database, body="demo")
    lin = await logged_in(boss.client, database, "lin", body="", role="secretary_general")
    for case in (here, far):
        await step(database, case, "assign", lin.actor, assignee=lin.actor.id)
    one, api = f"{STAFF}/{lin.actor.id}", f"/mediation/api/v1/staff/{lin.actor.id}"
    own = (await lin.client.get(one)).text
    assert [case.number in own for case in (here, far)] == [True, True]
    zhao = await logged_in(boss.client, database, "zhao", role="secretary_general")
    page = (await zhao.client.get(one)).text
    assert [case.number in page for case in (here, far)] == [True, False]
    assert (await zhao.client.get(api)).json()["open_cases"] == 1


async def test_nobody_finds_buttons_that_are_not_for_them(
    lin: Colleague, database: Database
) -> None:
    wang = await a_person(database, "wang")
    page = (await lin.client.get(f"{STAFF}/{wang.id}")).text
    assert "wang同志" in page
    assert '<form class="panel' not in page
    assert (await lin.client.get(STAFF + "/new")).status_code == 403
    far = await a_person(database, "far", body="demo")
    assert (await lin.client.get(f"{STAFF}/{far.id}")).status_code == 404
    assert "新增部门" not in (await lin.client.get(UNITS)).text


async def test_somebody_lets_a_colleague_act_for_them(lin: Colleague, database: Database) -> None:
    wang = await a_person(database, "wang")
    mine = "/mediation/me/stand-in"
    days = {"first_on": "2026-06-23", "last_on": "2026-06-30"}
    refused = await sent(lin.client, mine, stand_in=str(wang.id), first_on="2026-06-23")
    assert (refused.status_code, 'id="last_on-error"' in refused.text) == (422, True)
    assert await count(database, StandInRow) == 0
    answer = await sent(lin.client, mine, stand_in=str(wang.id), **days)
    assert answer.status_code == 303
    assert await roles_of(database, wang) == ["mediator lent"]
    page = await lin.client.get(mine)
    assert "wang同志代理我" in page.text
    [address] = re.findall(r'action="([^"]+/end)"', page.text)
    await sent(lin.client, mine, address)
    assert await roles_of(database, wang) == []


async def test_an_account_that_is_over_shows_its_page_and_changes_no_more(
    boss: Colleague, database: Database
) -> None:
    lin: Person = await a_person(database, "lin")
    async with database.work() as work:
        await end_person(work, lin.id, CONSOLE)
    one = f"{STAFF}/{lin.id}"
    token = form_token(await boss.client.get(STAFF + "/new"))
    for path in (one, one + "/grants"):
        fields = {"form_token": token, "display": "新", "role": "mediator", "body": "main"}
        answer = await boss.client.post(path, data=fields)
        assert answer.status_code in {409, 422}
    assert await noted(database, "staff", lin.id) == ["staff.ended"]


async def test_an_important_role_waits_on_the_pages_until_another_one_confirms_it(
    boss: Colleague, database: Database
) -> None:
    lin, other = await a_person(database, "lin"), await a_person(database, "qian", body="")
    one = f"{STAFF}/{lin.id}"
    form = {"role": "auditor", "body": "main"}
    answer = await sent(boss.client, one + "/grants", one + "/grants", **form)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{one}?done=asked")
    for path in (one, STAFF):
        page = (await boss.client.get(path)).text
        assert "等另一位管理员确认的角色" in page
        assert "要由另一位管理员确认。" in page
        assert "确认授予" not in page
    [confirm] = re.findall(r'action="([^"]+/confirm)"', page)
    alone = await sent(boss.client, one, confirm)
    assert alone.status_code == 403
    for what in (confirm, confirm.replace("/confirm", "/decline")):
        elsewhere = what.replace(str(lin.id), str(other.id))
        assert (await sent(boss.client, one, elsewhere)).status_code == 404
    assert await roles_of(database, lin) == []
    async with database.work() as work:
        await hold(work, other.id, [Role.ADMINISTRATOR])
    by_other = await acting(database, other)
    async with database.work() as work:
        await confirming.confirm(work, UUID(confirm.split("/")[-2]), BODIES, by_other)
    assert await roles_of(database, lin) == ["auditor own"]
    assert "等另一位管理员确认的角色" not in (await boss.client.get(one)).text


async def test_the_page_of_a_person_says_how_they_get_back_in(
    stranger: httpx.AsyncClient, database: Database
) -> None:
    boss = await logged_in(stranger, database, "boss", body="", role="administrator")
    lin = await a_person(database, "lin")
    alone = (await boss.client.get(f"{STAFF}/{lin.id}")).text
    assert "redress staff reset lin" in alone
    assert "/mediation/recoveries?name=lin" not in alone
    await a_person(database, "other", Role.ADMINISTRATOR, body="")
    two = (await boss.client.get(f"{STAFF}/{lin.id}")).text
    assert "redress staff reset lin" not in two
    assert "/mediation/recoveries?name=lin" in two
    assert 'value="lin"' in (await boss.client.get("/mediation/recoveries?name=lin")).text


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_the_table_of_permissions_is_open_to_everybody_who_is_logged_in(
    lin: Colleague, language: str
) -> None:
    page = (await lin.client.get(f"/mediation/permissions?lang={language}")).text
    assert page.count("<h2") == len(Role) + 1
    assert ("本部门及下级" if language == "zh" else "subtree") in page
    assert ("我的角色" if language == "zh" else "My role") in page


@pytest.mark.parametrize(
    ("role", "address"),
    [
        (Role.MEDIATOR, "/mediation/cases"),
        (Role.STATISTICIAN, "/analytics/"),
        (Role.ADMINISTRATOR, "/mediation/staff"),
        (Role.AUDITOR, "/mediation/cases"),
    ],
)
async def test_everybody_begins_on_the_first_page_their_rights_open(
    stranger: httpx.AsyncClient, database: Database, role: Role, address: str
) -> None:
    await logged_in(stranger, database, "lin", role=role.value)
    answer = await stranger.get("/mediation/")
    assert (answer.status_code, answer.headers["location"]) == (303, address)


async def test_whoever_holds_no_role_today_reads_whom_to_ask(
    lin: Colleague, database: Database
) -> None:
    await a_person(database, "boss", Role.ADMINISTRATOR, body="")
    async with database.work() as work:
        await work.session.execute(
            update(GrantRow)
            .where(GrantRow.staff_id == lin.actor.id)
            .values(last_on=date(2026, 6, 22))
        )
    page = (await lin.client.get("/mediation/")).text
    assert "您还没有角色" in page
    assert "请找管理员：boss同志。" in page
    assert 'href="/mediation/cases"' not in page
    assert (await lin.client.get("/mediation/cases")).status_code == 403


async def test_a_role_that_was_not_chosen_is_asked_for_and_none_is_given(
    boss: Colleague, database: Database
) -> None:
    lin = await a_person(database, "lin")
    page = f"{STAFF}/{lin.id}/grants"
    answer = await sent(boss.client, page, role="", body="main")
    assert answer.status_code == 422
    assert '<p class="error" id="role-error">请选择一个角色。</p>' in answer.text
    assert "registrar, " not in answer.text
    assert await roles_of(database, lin) == []


async def test_all_bodies_are_named_in_english_where_somebody_works_and_where_roles_are_held(
    boss: Colleague, database: Database
) -> None:
    lin = await a_person(database, "lin")
    for page in (f"{STAFF}/new", f"{STAFF}/{lin.id}/grants"):
        shown = (await boss.client.get(f"{page}?lang=en")).text
        assert ">All organisations</option>" in shown
        assert "全部机构" not in shown


@pytest.mark.parametrize(("later", "said"), [(1, False), (10, True)])
async def test_errors_of_a_token_speak_of_a_password_only_where_one_was_asked_for(
    boss: Colleague, clock: StandingClock, *, later: int, said: bool
) -> None:
    clock.move(minutes=later)
    answer = await sent(boss.client, "/mediation/me", "/mediation/me/tokens", name="", days="x")
    assert answer.status_code == 422
    assert ("密码不会保留，请重新填。" in answer.text) is said
    assert ("其他内容都已保留，不用重填。" in answer.text) is not said
