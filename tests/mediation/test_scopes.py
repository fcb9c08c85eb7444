"""Everybody sees and does what their roles reach: own cases, the unit, all below it, the body."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.mediation.domain.case import Step
from services.mediation.tables import CaseRow
from services.mediation.use_cases.acting import NoSuchColleagueError, Request
from services.mediation.use_cases.allowing import Caller, Seen
from services.mediation.use_cases.cases import NoSuchCaseError
from services.mediation.use_cases.desk import Count, Filters, count_cases, list_cases, tabs
from services.mediation.use_cases.finding import find_cases
from services.mediation.use_cases.people.holding import grants_of
from services.mediation.use_cases.people.standing_in import WishedStandIn, arrange
from services.mediation.use_cases.taking import Wanted, take
from services.mediation.use_cases.tree import units_now
from shared.events import CaseAssigned, CaseOpened
from shared.rights import Action, NotAllowedError, Rights, Role
from shared.trail import Doer
from shared.work import Database
from tests.mediation.people import Person, a_person, a_unit, acting
from tests.mediation.things import IntakeInMemory, a_case, log_of, said, the_case

WHERE = ("head", "city", "county", "other")


async def tree_of_cases(database: Database) -> tuple[dict[str, UUID], dict[str, CaseRow]]:
    """A city with a county below it, another city, and an open case in each and in the body."""
    city = await a_unit(database, "city", region="510900")
    county = await a_unit(database, "county", city, region="510903")
    other = await a_unit(database, "other", region="510100")
    regions = {"head": "110101", "city": "510921", "county": "510903", "other": "510104"}
    cases = {name: await a_case(database, region=region) for name, region in regions.items()}
    return {"city": city, "county": county, "other": other}, cases


async def caller(database: Database, person: Person) -> Caller:
    """Somebody as the routes know them."""
    async with database.reading() as session:
        held = await grants_of(session, person.id, database.clock())
        tree = await units_now(session)
    return Caller(Doer("staff", person.id), Rights(held), tree)


async def seen(database: Database, who: Caller, **filters: Any) -> set[str]:
    """The numbers of the cases on somebody's desk, by the page and by the API alike."""
    asked = Filters(("main",), Seen(who.rights.reach(Action.CASE_READ), who.tree), **filters)
    async with database.reading() as session:
        page, _ = await list_cases(session, database.vault, asked, None)
        counted = await count_cases(session, database.vault, asked)
    found = await find_cases(database, asked, None, 50)
    numbers = [one.case["number"] for one in page]
    assert numbers == [one.case["number"] for one in found.cases]
    assert counted == Count(len(numbers), more=False)
    assert len(set(numbers)) == len(numbers)
    return set(numbers)


async def test_a_new_case_lies_with_the_unit_of_its_region(database: Database) -> None:
    units, cases = await tree_of_cases(database)
    assert [cases[name].unit for name in WHERE] == [
        None, units["city"], units["county"], units["other"],
    ]  # fmt: skip
    told = [one.unit for one in await said(database) if isinstance(one, CaseOpened)]
    assert told == [None, *(str(units[name]) for name in ("city", "county", "other"))]


async def test_what_a_colleague_registers_lies_with_their_unit(database: Database) -> None:
    units, _ = await tree_of_cases(database)
    registrar = await a_person(database, "lin", Role.REGISTRAR, unit=units["other"])
    case = await a_case(database, region="510903", registrar=registrar.id)
    assert case.unit == units["other"]


@pytest.mark.parametrize(
    ("role", "unit", "expected"),
    [
        (Role.MEDIATOR, None, {"head"}),
        (Role.MEDIATOR, "city", {"city"}),
        (Role.LEADER, "city", {"city", "county"}),
        (Role.LEADER, "county", {"county"}),
        (Role.LEADER, None, set(WHERE)),
        (Role.SECRETARY_GENERAL, "city", set(WHERE)),
        (Role.AUDITOR, None, set(WHERE)),
        (Role.DEPARTMENT_CONTACT, "city", set()),
        (Role.ADMINISTRATOR, None, set()),
        (Role.STATISTICIAN, None, set()),
    ],
)
async def test_the_desk_lists_what_a_role_reaches(
    database: Database, role: Role, unit: str | None, expected: set[str]
) -> None:
    units, cases = await tree_of_cases(database)
    person = await a_person(database, "lin", role, unit=units[unit] if unit else None)
    who = await caller(database, person)
    assert await seen(database, who) == {cases[name].number for name in expected}
    for name, case in cases.items():
        found = await seen(database, who, q=case.number)
        assert found == ({case.number} if name in expected else set())
    async with database.reading() as session:
        asked = Filters(("main",), Seen(who.rights.reach(Action.CASE_READ), who.tree))
        counts = await tabs(session, database.vault, asked, date(2026, 6, 23))
    assert counts["registered"] == Count(len(expected), more=False)


async def test_own_cases_are_seen_wherever_they_lie_and_counted_once(database: Database) -> None:
    units, cases = await tree_of_cases(database)
    person = await a_person(
        database, "lin", Role.DEPARTMENT_CONTACT, Role.MEDIATOR, unit=units["city"]
    )
    chief = await caller(database, await a_person(database, "chief", Role.SECRETARY_GENERAL))
    for name in ("city", "other"):
        await step(database, chief, cases[name], Step.ASSIGN, assignee=person.id)
    who = await caller(database, person)
    assert await seen(database, who) == {cases["city"].number, cases["other"].number}


async def step(database: Database, who: Caller, case: CaseRow, what: Step, **facts: Any) -> CaseRow:
    wanted = Wanted(case.number, who, Request(what, facts))
    return await take(database, wanted, IntakeInMemory(knows_everyone=True))


async def test_a_step_beyond_reach_is_unknown_and_one_beyond_the_role_is_refused(
    database: Database,
) -> None:
    units, cases = await tree_of_cases(database)
    mediator = await caller(
        database, await a_person(database, "lin", Role.MEDIATOR, unit=units["city"])
    )
    auditor = await caller(database, await a_person(database, "wu", Role.AUDITOR))
    before = len(await said(database))
    for name in ("head", "county", "other"):
        with pytest.raises(NoSuchCaseError):
            await step(database, mediator, cases[name], Step.ACCEPT)
    for what, facts in (
        (Step.ACCEPT, {}),
        (Step.NOTE, {"text": "看过"}),
        (Step.ASSIGN, {"assignee": None}),
        (Step.AMEND, {"changes": {"/matter/place": "城东"}}),
    ):
        with pytest.raises(NotAllowedError):
            await step(database, auditor, cases["city"], what, **facts)
    assert len(await said(database)) == before
    for case in cases.values():
        assert (await the_case(database, case.number)).version == 1
    assert (await step(database, mediator, cases["city"], Step.ACCEPT)).state == "accepted"


async def test_a_department_contact_writes_notes_on_own_cases_and_nothing_else(
    database: Database,
) -> None:
    units, cases = await tree_of_cases(database)
    contact = await a_person(database, "ke", Role.DEPARTMENT_CONTACT, unit=units["city"])
    chief = await caller(database, await a_person(database, "chief", Role.SECRETARY_GENERAL))
    who = await caller(database, contact)
    with pytest.raises(NoSuchCaseError):
        await step(database, who, cases["city"], Step.NOTE, text="科室意见")
    await step(database, chief, cases["city"], Step.ASSIGN, assignee=contact.id)
    assert (await step(database, who, cases["city"], Step.NOTE, text="科室意见")).version == 3
    with pytest.raises(NotAllowedError):
        await step(database, who, cases["city"], Step.ACCEPT)
    assert (await the_case(database, cases["city"].number)).version == 3


async def test_a_case_is_given_to_another_unit_and_leaves_the_first_ones_desk(
    database: Database,
) -> None:
    units, cases = await tree_of_cases(database)
    mediator = await caller(
        database, await a_person(database, "lin", Role.MEDIATOR, unit=units["city"])
    )
    await a_person(database, "wu", Role.MEDIATOR, unit=units["other"])
    case = cases["city"]
    for wrong in (uuid4(), await a_unit(database, "far", body="demo")):
        with pytest.raises(NoSuchColleagueError):
            await step(database, mediator, case, Step.ASSIGN, unit=wrong)
    assert (await the_case(database, case.number)).version == 1
    await step(database, mediator, case, Step.ASSIGN, unit=units["other"])
    assert (await the_case(database, case.number)).unit == units["other"]
    assert await seen(database, mediator) == set()
    [told] = [one for one in await said(database) if isinstance(one, CaseAssigned)]
    assert (told.unit, told.assignee) == (units["other"], None)


async def test_a_stand_in_acts_and_both_names_are_in_the_log(database: Database) -> None:
    units, cases = await tree_of_cases(database)
    away = await a_person(database, "away", Role.MEDIATOR, unit=units["city"])
    here = await a_person(database, "here", Role.MEDIATOR, unit=units["other"])
    async with database.work() as work:
        wished = WishedStandIn(away.id, here.id, date(2026, 6, 23), date(2026, 6, 30))
        await arrange(work, wished, await acting(database, away))
    who = await caller(database, here)
    await step(database, who, cases["city"], Step.ACCEPT)
    await step(database, who, cases["other"], Step.ACCEPT)
    async with database.reading() as session:
        [lent] = (await log_of(session, cases["city"]))[1:]
        [own] = (await log_of(session, cases["other"]))[1:]
    assert (lent.actor, lent.behalf, lent.role) == (here.id, away.id, "mediator")
    assert (own.actor, own.behalf, own.role) == (here.id, None, "mediator")
