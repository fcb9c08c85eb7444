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
from shared.clock import local_day
from shared.ids import uuid7
from shared.rights import Grant, Role
from shared.trail import Chain, Doer, Said, note
from shared.trail.reading import Line
from shared.web import Staff
from shared.work import Database
from tests.conftest import StandingClock
from tests.mediation.things import a_case, a_colleague, walk

ME = uuid7()
ONE_DAY = timedelta(days=1)


def auditor(body: str = "") -> Staff:
    grants = (Grant(Role.AUDITOR, ME, body),)
    return Staff(ME, "shen", "沈先生", "auditor", body, grants=grants)


async def found(database: Database, body: str = "", **query: Any) -> list[tuple[str, str]]:
    """The actions and things that a question to mediation finds, newest first."""
    asked = AuditQuery(service="mediation", **query)
    listed = await list_trail(database, {}, asked, auditor(body))
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
    reviewed = await review(database, {}, MediationSettings(), query, officer)
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
    await list_trail(database, {}, AuditQuery(service="mediation"), me)
    listed = await list_trail(database, {}, AuditQuery(service="mediation"), auditor())
    last = listed.lines[1]
    assert (last.action, last.doer_name, last.for_id) == ("audit.read", "沈先生", absent.id)
    assert last.for_name == "wang调解员"
    assert listed.lines[0].for_id is None
