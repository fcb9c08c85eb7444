"""A case is given to who can work on it where it lies, and to units where somebody can."""

import re
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import select

from services.mediation.domain.hands import WORKING, Hand, anybody_for
from services.mediation.tables import CaseRow, GrantRow, StaffRow, UnitRow
from services.mediation.use_cases.assigning import (
    CannotWorkThereError,
    NobodyThereError,
    NoSuchColleagueError,
    hands_in,
)
from services.mediation.use_cases.people.standing_in import WishedStandIn, arrange
from shared.kernel import RuleError
from shared.rights import PERMISSIONS, Action, Grant, Role, Thing
from shared.units import path_of
from shared.work import Database
from tests.mediation.people import Person, a_person, a_unit, acting, given
from tests.mediation.things import (
    Colleague,
    a_case,
    a_colleague,
    form_token,
    log_of,
    logged_in,
    said,
    step,
    the_case,
)

TODAY = date(2026, 6, 23)
ME, CITY, WARD, OTHER = (uuid4() for _ in range(4))
ABOVE, BELOW, BESIDE = path_of("", CITY), path_of(path_of("", CITY), WARD), path_of("", OTHER)
PLACES = {
    "body": Thing("main"),
    "city": Thing("main", CITY, ABOVE),
    "ward": Thing("main", WARD, BELOW),
    "other": Thing("main", OTHER, BESIDE),
    "elsewhere": Thing("demo"),
}


def test_the_roles_that_work_on_cases_are_those_that_handle_them_and_department_contacts() -> None:
    assert {
        Role.MEDIATOR, Role.LEADER, Role.SECRETARY_GENERAL, Role.DEPARTMENT_CONTACT,
    } == WORKING  # fmt: skip


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.MEDIATOR, {"city"}),
        (Role.LEADER, {"city", "ward"}),
        (Role.SECRETARY_GENERAL, {"body", "city", "ward", "other"}),
        (Role.DEPARTMENT_CONTACT, {"body", "city", "ward", "other"}),
        *((role, set()) for role in Role if role not in WORKING),
    ],
)
def test_who_can_work_on_a_case_follows_from_role_and_place(role: Role, expected: set[str]) -> None:
    hand = Hand(ME, "我", (Grant(role, ME, "main", CITY, ABOVE),))
    assert {name for name, place in PLACES.items() if hand.can_work_on(place)} == expected
    for name, place in PLACES.items():
        finds = name in expected and role is not Role.DEPARTMENT_CONTACT
        assert anybody_for([hand], place) is finds
        taken = replace(place, owner=uuid4())
        assert hand.can_work_on(taken) is (name in expected)


def test_rights_that_are_lent_work_on_what_the_absent_could_reach_but_not_on_their_own() -> None:
    away = uuid4()
    lent = Hand(ME, "我", (Grant(Role.MEDIATOR, away, "main", CITY, ABOVE),))
    assert [name for name, place in PLACES.items() if lent.can_work_on(place)] == ["city"]
    contact = Hand(ME, "我", (Grant(Role.DEPARTMENT_CONTACT, away, "main", CITY, ABOVE),))
    assert not any(map(contact.can_work_on, PLACES.values()))
    assert not anybody_for([], PLACES["city"])


async def the_town(database: Database) -> dict[str, UUID]:
    """A city with a ward below it and a unit beside it."""
    city = await a_unit(database, "city", region="510900")
    ward = await a_unit(database, "ward", city, region="510903")
    other = await a_unit(database, "other")
    return {"city": city, "ward": ward, "other": other}


async def refused(
    database: Database, case: CaseRow, error: type[RuleError], **facts: Any
) -> RuleError:
    """Giving the case so is refused, and nothing happened."""
    events = len(await said(database))
    lin = await a_colleague(database, f"giver{uuid4().hex[:6]}")
    with pytest.raises(error) as caught:
        await step(database, case, "assign", lin, **facts)
    now = await the_case(database, case.number)
    assert (now.version, now.unit, now.assignee) == (case.version, case.unit, case.assignee)
    assert len(await said(database)) == events
    async with database.reading() as session:
        assert len(await log_of(session, case)) == case.version
    return caught.value


@pytest.mark.parametrize("role", [None, *(role for role in Role if role not in WORKING)], ids=str)
async def test_a_case_is_not_given_to_whose_role_does_not_work_on_cases(
    database: Database, role: Role | None
) -> None:
    units = await the_town(database)
    roles = [role] if role else []
    person = await a_person(database, "wu", *roles, unit=units["ward"])
    case = await a_case(database)
    assert case.unit == units["ward"]
    error = await refused(database, case, CannotWorkThereError, assignee=person.id)
    assert error.pointer == "/assignee"
    assert error.facts == {"who": "wu同志", "place": "ward部门"}


async def test_a_case_is_given_within_the_reach_of_the_role(database: Database) -> None:
    units = await the_town(database)
    beside = await a_person(database, "beside", Role.MEDIATOR, unit=units["other"])
    above = await a_person(database, "above", Role.LEADER, unit=units["city"])
    ended = await a_person(database, "ended", Role.MEDIATOR, unit=units["ward"])
    async with database.work() as work:
        row = await work.session.get(StaffRow, ended.id)
        assert row is not None
        row.ended_at = work.now
    lin, case = await a_colleague(database), await a_case(database)
    await refused(database, case, CannotWorkThereError, assignee=beside.id)
    await refused(database, case, CannotWorkThereError, assignee=above.id, unit=units["other"])
    await refused(database, case, NoSuchColleagueError, assignee=ended.id)
    case = await step(database, case, "assign", lin, assignee=above.id)
    assert (case.unit, case.assignee) == (units["ward"], above.id)
    case = await step(database, case, "assign", lin, assignee=beside.id, unit=units["other"])
    assert (case.unit, case.assignee) == (units["other"], beside.id)


async def test_a_role_that_begins_later_or_is_over_does_not_count(database: Database) -> None:
    early, late = await a_person(database, "early"), await a_person(database, "late")
    await given(database, late, Role.MEDIATOR, days=(date(2026, 6, 24), None))
    await given(database, early, Role.MEDIATOR, days=(date(2026, 6, 23), date(2026, 6, 23)))
    case = await a_case(database)
    await refused(database, case, CannotWorkThereError, assignee=late.id)
    async with database.reading() as session:
        assert set(await hands_in(session, "main", TODAY)) >= {early.id}
        assert early.id not in await hands_in(session, "main", date(2026, 6, 24))
        assert late.id in await hands_in(session, "main", date(2026, 6, 24))


async def stands_in(database: Database, away: Person, here: Person, *days: date) -> None:
    async with database.work() as work:
        first_on, last_on = days
        wished = WishedStandIn(away.id, here.id, first_on, last_on)
        await arrange(work, wished, await acting(database, away))


async def test_a_case_is_given_to_who_stands_in_for_somebody_who_works_on_it(
    database: Database,
) -> None:
    units = await the_town(database)
    away = await a_person(database, "away", Role.MEDIATOR, unit=units["ward"])
    here = await a_person(database, "here", Role.STATISTICIAN, unit=units["other"])
    later = await a_person(database, "later", Role.STATISTICIAN, unit=units["other"])
    contact = await a_person(database, "contact", Role.DEPARTMENT_CONTACT)
    await stands_in(database, away, here, TODAY, TODAY)
    await stands_in(database, contact, later, TODAY, TODAY)
    lin, case = await a_colleague(database), await a_case(database)
    await refused(database, case, CannotWorkThereError, assignee=later.id)
    case = await step(database, case, "assign", lin, assignee=here.id)
    assert case.assignee == here.id
    async with database.reading() as session:
        assert here.id not in await hands_in(session, "main", date(2026, 6, 24))


async def test_a_case_is_not_given_to_a_unit_where_nobody_could_work_on_it(
    database: Database,
) -> None:
    units = await the_town(database)
    await a_person(database, "books", Role.STATISTICIAN, unit=units["other"])
    case, lin = await a_case(database), await a_colleague(database)
    error = await refused(database, case, NobodyThereError, unit=units["other"])
    assert (error.pointer, error.facts) == ("/unit", {"place": "other部门"})
    await a_person(database, "wu", Role.MEDIATOR, unit=units["other"])
    case = await step(database, case, "assign", lin, unit=units["other"])
    assert (case.unit, case.assignee) == (units["other"], None)


async def test_a_case_stays_where_it_lies_even_if_nobody_works_there_any_more(
    database: Database,
) -> None:
    units = await the_town(database)
    case = await a_case(database)
    async with database.work() as work:
        row = await work.session.get(UnitRow, units["ward"])
        assert row is not None
        row.ended_at = work.now
    lin = await a_colleague(database)
    case = await step(database, case, "assign", lin, unit=units["ward"], assignee=None)
    assert (case.version, case.unit, case.assignee) == (2, units["ward"], None)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("zh", ("wu同志不能办理「本机构（不归部门）」的案件：没有在那里办理案件的角色，"
               "也没有代理有这种角色的人。请改选别的人或者部门，或者请管理员给wu同志加上角色。")),
        ("en", ("wu同志 cannot work on cases of “The organisation itself (no unit)”: no role to "
               "handle cases there, and no standing in for somebody who has one. Choose somebody "
               "else or another unit, or ask an administrator to give wu同志 the role.")),
    ],
)  # fmt: skip
async def test_the_api_says_what_is_wrong_and_how_to_mend_it(
    lin: Colleague, database: Database, language: str, sentence: str
) -> None:
    person, case = await a_person(database, "wu", Role.AUDITOR), await a_case(database)
    lin.header["Accept-Language"] = language
    answer = await lin.post_step(case, "assign", assignee=str(person.id))
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert error == {
        "pointer": "/assignee", "detail": sentence, "code": "CannotWorkThereError",
    }  # fmt: skip
    now = await the_case(database, case.number)
    assert (now.version, now.assignee) == (1, None)


async def test_the_api_offers_whom_and_which_units_a_case_can_be_given_to(
    lin: Colleague, database: Database
) -> None:
    units = await the_town(database)
    above = await a_person(database, "above", Role.LEADER, unit=units["city"])
    beside = await a_person(database, "beside", Role.MEDIATOR, unit=units["other"])
    await a_person(database, "books", Role.STATISTICIAN, unit=units["ward"])
    case = await a_case(database, region="110101")
    answer = await lin.client.get(f"/mediation/api/v1/cases/{case.id}/steps")
    [assign] = [one for one in answer.json()["items"] if one["step"] == "assign"]
    assert assign["units"] == [
        {"id": None, "code": "", "name": "本机构（不归部门）"},
        {"id": str(units["city"]), "code": "city", "name": "city部门"},
        {"id": str(units["ward"]), "code": "ward", "name": "ward部门"},
        {"id": str(units["other"]), "code": "other", "name": "other部门"},
    ]
    assert assign["assignees"] == [{"id": str(lin.actor.id), "name": "lin调解员", "here": True}, *(
        {"id": str(one.id), "name": f"{one.name}同志", "here": False} for one in (above, beside)
    )]  # fmt: skip
    others = [one for one in answer.json()["items"] if one["step"] != "assign"]
    assert not any("assignees" in one or "units" in one for one in others)


def form_of(text: str) -> str:
    """The form of giving the case on."""
    begins = text.index("/steps/assign")
    return text[begins : text.index("</form>", begins)]


def options(form: str, name: str) -> dict[str, str]:
    """What a field of a form offers: code -> words."""
    field = form[form.index(f'name="{name}"') :]
    found = re.findall(
        r'<option value="([^"]*)"[^>]*>([^<]*)</option>', field[: field.index("</sel")]
    )
    return dict(found)


async def test_the_form_offers_only_who_can_work_on_the_case(
    lin: Colleague, database: Database
) -> None:
    units = await the_town(database)
    beside = await a_person(database, "beside", Role.MEDIATOR, unit=units["other"])
    contact = await a_person(database, "contact", Role.DEPARTMENT_CONTACT, unit=units["ward"])
    here = await a_person(database, "here", Role.STATISTICIAN)
    await stands_in(database, beside, here, TODAY, TODAY)
    for role in (Role.AUDITOR, Role.ADMINISTRATOR, Role.REGISTRAR):
        await a_person(database, role.value, role)
    case = await a_case(database, region="110101")
    page = await lin.client.get(f"/mediation/cases/{case.number}")
    form = form_of(page.text)
    assert options(form, "assign.unit") == {
        "": "本机构（不归部门）", str(units["other"]): "other部门",
    }  # fmt: skip
    assert options(form, "assign.assignee") == {
        "": "没有人",
        str(contact.id): "contact同志",
        str(lin.actor.id): "lin调解员",
        str(beside.id): "beside同志（other部门）",
        str(here.id): "here同志（other部门）",
    }
    assert re.findall(r'<optgroup label="([^"]*)">', form) == [
        "可以办理现在这个部门的案件", "要同时改选部门",
    ]  # fmt: skip
    english = form_of((await lin.client.get(f"/mediation/cases/{case.number}?lang=en")).text)
    assert options(english, "assign.assignee")[str(here.id)] == "here同志 (other部门)"


async def test_the_form_says_why_somebody_cannot_have_the_case(
    lin: Colleague, database: Database
) -> None:
    units = await the_town(database)
    beside = await a_person(database, "beside", Role.MEDIATOR, unit=units["other"])
    case = await a_case(database, region="110101")
    page = f"/mediation/cases/{case.number}"
    shown = await lin.client.get(page)
    data = {"form_token": form_token(shown), "version": 1, "assign.unit": ""}
    data |= {"assign.assignee": str(beside.id)}
    answer = await lin.client.post(f"{page}/steps/assign", data=data)
    assert answer.status_code == 422
    form = form_of(answer.text)
    assert '<p class="error" id="assign-assignee-error">beside同志不能办理「本机构' in form
    assert f'<option value="{beside.id}" selected>' in form
    assert (await the_case(database, case.number)).version == 1
    answer = await lin.client.post(
        f"{page}/steps/assign", data=data | {"assign.unit": str(units["other"])}
    )
    assert answer.status_code == 303
    now = await the_case(database, case.number)
    assert (now.unit, now.assignee) == (units["other"], beside.id)


async def test_whose_role_has_ended_is_shown_and_to_be_replaced(
    lin: Colleague, database: Database
) -> None:
    wu = await a_person(database, "wu")
    await given(database, wu, Role.MEDIATOR, days=(TODAY, TODAY))
    case = await step(database, await a_case(database), "assign", lin.actor, assignee=wu.id)
    async with database.work() as work:
        [grant] = await work.session.scalars(select(GrantRow).where(GrantRow.staff_id == wu.id))
        grant.ended_at = work.now
    form = form_of((await lin.client.get(f"/mediation/cases/{case.number}")).text)
    assert "wu同志现在没有办理这件案件的角色，请改选。" in form
    assert str(wu.id) not in options(form, "assign.assignee")


async def test_who_may_not_give_cases_on_is_offered_nobody(
    stranger: httpx.AsyncClient, database: Database
) -> None:
    reader = await logged_in(stranger, database, "reader", role="auditor")
    case = await a_case(database)
    page = await reader.client.get(f"/mediation/cases/{case.number}")
    assert page.status_code == 200
    assert "/steps/assign" not in page.text
    assert "assign.assignee" not in page.text
    assert Action.CASE_ASSIGN not in PERMISSIONS[Role.AUDITOR]
