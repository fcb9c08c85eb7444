"""The auditors' questions, put to mediation's own trail on both databases."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from services.mediation.settings import MediationSettings
from services.mediation.tables import CaseRow
from services.mediation.use_cases.keeping import Actor
from services.mediation.use_cases.trail.asking import AuditQuery
from services.mediation.use_cases.trail.listing import list_trail
from services.mediation.use_cases.trail.reviewing import review
from shared.acting import Staff, doers_of
from shared.clock import local_day
from shared.ids import uuid7
from shared.rights import Action, Grant, Role
from shared.trail import Chain, Doer, Said, note
from shared.trail.reading import Line
from shared.trail.searches import Outcome, searches_of
from shared.work import Database
from tests.conftest import StandingClock
from tests.mediation.test_trail_whose import TWO
from tests.mediation.things import a_case, a_colleague, walk

ME, HE = uuid7(), uuid7()
ONE_DAY = timedelta(days=1)


def auditor(body: str = "") -> Staff:
    grants = (Grant(Role.AUDITOR, ME, body),)
    return Staff(ME, "shen", "沈先生", "auditor", body, grants=grants)


async def found(database: Database, body: str = "", **query: Any) -> list[tuple[str, str]]:
    """The actions and things that a question to mediation finds, newest first."""
    asked = AuditQuery(service="mediation", **query)
    listed = await list_trail(database, TWO, asked, auditor(body))
    return [(line.action, listed.names.thing(line)) for line in listed.lines if not is_mine(line)]


def is_mine(line: Line) -> bool:
    return line.doer == ME


@pytest.fixture
async def story(database: Database) -> tuple[CaseRow, CaseRow, Actor]:
    """Lin's case in the main body, accepted and looked into; another body's, just opened."""
    ours, theirs = await a_case(database), await a_case(database, body="demo", demo=True)
    lin = await a_colleague(database)
    await walk(database, ours, lin, "accept")
    doer = Doer("staff", lin.id, "林调解员", "mediator")
    async with database.work() as work:
        look = Said("mask.opened", {"reason": "identity", "in_hand": False})
        await note(work, Chain("case", str(ours.id)), doer, look)
    return ours, theirs, lin


Story = tuple[CaseRow, CaseRow, Actor]


async def test_every_filter_lets_through_what_it_says(database: Database, story: Story) -> None:
    ours, theirs, _ = story
    look, accepted = ("mask.opened", ours.number), ("step:accept", ours.number)
    opened, other = ("step:open", ours.number), ("step:open", theirs.number)
    assert await found(database) == [look, accepted, other, opened]
    assert await found(database, case=ours.number) == [look, accepted, opened]
    assert await found(database, person="lin") == [look, accepted]
    assert await found(database, action="step:open") == [other, opened]
    assert await found(database, action="mask.opened") == [look]
    assert await found(database, kind="case", limit=2) == [look, accepted]
    assert await found(database, kind="unit") == []


async def test_days_are_legal_days_both_included(
    database: Database, story: Story, clock: StandingClock
) -> None:
    today = local_day(clock.now)
    assert len(await found(database, since=today, until=today)) == 4
    assert await found(database, until=today - ONE_DAY) == []
    assert await found(database, since=today + ONE_DAY) == []


async def test_a_body_sees_its_own(database: Database, story: Story) -> None:
    ours, theirs, _ = story
    assert [thing for _, thing in await found(database, "main")] == [ours.number] * 3
    assert await found(database, "demo") == [("step:open", theirs.number)]


async def test_looks_are_reviewed(database: Database, story: Story) -> None:
    ours, _, lin = story
    officer = Staff(
        ME, "he", "何女士", "privacy_officer", "",
        grants=(Grant(Role.PRIVACY_OFFICER, ME, ""),),
    )  # fmt: skip
    query = AuditQuery(service="mediation")
    reviewed = await review(database, TWO, MediationSettings(), query, officer)
    assert [line.key for line in reviewed.listed.lines] == [str(ours.id)]
    assert [(one.pattern, one.who) for one in reviewed.unusual] == [("foreign", lin.id)]
    async with database.reading() as session:
        cases = (await session.scalars(select(CaseRow.version))).all()
    assert sorted(cases) == [1, 2], "nothing follows by itself"


async def test_a_stand_in_reads_it_with_both_names(database: Database) -> None:
    absent = await a_colleague(database, "wang")
    assert absent.id is not None
    lent = (Grant(Role.AUDITOR, absent.id, "", holder_name="wang调解员"),)
    me = Staff(ME, "shen", "沈先生", "auditor", "", grants=lent)
    await list_trail(database, TWO, AuditQuery(service="mediation"), me)
    listed = await list_trail(database, TWO, AuditQuery(service="mediation"), auditor())
    last = listed.lines[1]
    assert (last.action, last.doer_name, last.for_id) == ("audit.read", "沈先生", absent.id)
    assert last.for_name == "wang调解员"
    assert listed.lines[0].for_id is None


async def two_absent(database: Database, role: Role) -> tuple[Staff, list[Actor]]:
    """Somebody who stands in for two people, each with a right in a body of their own."""
    wang, chen = await a_colleague(database, "wang"), await a_colleague(database, "chen", "demo")
    lent = []
    for absent, body in ((wang, "main"), (chen, "demo")):
        assert absent.id is not None
        lent.append(Grant(role, absent.id, body, holder_name=f"{body}的同事"))
    return Staff(ME, "shen", "沈先生", role.value, "", grants=tuple(lent)), [wang, chen]


async def test_who_reads_it_for_several_people_is_found_by_each_of_their_names(
    database: Database,
) -> None:
    me, absent = await two_absent(database, Role.AUDITOR)
    await list_trail(database, TWO, AuditQuery(service="mediation"), me)
    listed = await list_trail(database, TWO, AuditQuery(service="mediation"), auditor())
    read = [line for line in listed.lines if line.for_id]
    assert {(line.action, line.doer_name, line.for_name) for line in read} == {
        ("audit.read", "沈先生", "main的同事"),
        ("audit.read", "沈先生", "demo的同事"),
    }
    for name, one in zip(("wang", "chen"), absent, strict=True):
        asked = AuditQuery(service="mediation", person=name)
        [line] = (await list_trail(database, TWO, asked, auditor())).lines
        assert (line.action, line.for_id) == ("audit.read", one.id)


async def test_a_search_for_several_people_has_each_of_their_names_and_is_one_look(
    database: Database, story: Story
) -> None:
    me, absent = await two_absent(database, Role.SECRETARY_GENERAL)
    found = Outcome("desk", 1)
    searches_of(database).add(doers_of(me, Action.CASE_READ), "13800000000", found)
    assert await searches_of(database).write() == 2
    officer = Staff(
        HE, "he", "何女士", "privacy_officer", "",
        grants=(Grant(Role.PRIVACY_OFFICER, HE, ""),),
    )  # fmt: skip
    usual = MediationSettings(looks_per_hour=1)
    reviewed = await review(database, TWO, usual, AuditQuery(service="mediation"), officer)
    searched = [line for line in reviewed.listed.lines if line.action == "case.searched"]
    assert {line.for_id for line in searched} == {one.id for one in absent}
    assert {one.who for one in reviewed.unusual}.isdisjoint({ME})
