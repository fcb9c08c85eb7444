"""Rows of the trail say what was done exactly: how many, which, from when, what it was before."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.mediation.use_cases.desk import Filters
from services.mediation.use_cases.ledger import Order, write_ledger
from services.mediation.use_cases.people import standing_in
from services.mediation.use_cases.people.changing import reset_at_console
from services.mediation.use_cases.people.doing import CONSOLE
from services.mediation.use_cases.people.leaving import end_person
from services.mediation.use_cases.people.persons import person_in
from shared.bodies import Bodies
from shared.rights import Role
from shared.trail import Doer
from shared.trail.rows import opened
from shared.trail.tables import AuditRow
from shared.work import Database
from tests.mediation.people import a_person, acting
from tests.mediation.test_leaving import arranged
from tests.mediation.things import a_case

CLERK = Doer("staff", UUID(int=7), "林调解员", "mediator")


async def last(database: Database, action: str) -> dict[str, Any]:
    """What the newest row of this action says."""
    newest = select(AuditRow).where(AuditRow.action == action).order_by(AuditRow.id.desc())
    async with database.reading() as session:
        row = (await session.scalars(newest.limit(1))).one()
    found = opened(database.vault, row.sealed, row.id)
    assert found is not None
    said: dict[str, Any] = found[1]["said"]
    return said


async def test_a_ledger_says_how_many_rows_by_which_filters(database: Database) -> None:
    for number in range(3):
        await a_case(database, channel="web" if number else "phone")
    wanted = Filters(("main",), state="open", channel="web", assignee=None, q=None)
    for most, written in ((100, {"rows": 2}), (1, {"rows": 1, "more": True})):
        path = await write_ledger(database, Order(wanted, "zh", Bodies(), most, [CLERK]))
        path.unlink()
        assert await last(database, "case.exported") == {
            "bodies": ["main"],
            "state": "open",
            "channel": "web",
            "searched": False,
            **written,
        }


async def test_whoever_is_ended_is_noted_with_the_roles_that_ended(database: Database) -> None:
    wang = await a_person(database, "wang", Role.LEADER)
    async with database.work() as work:
        await end_person(work, wang.id, CONSOLE)
    said = await last(database, "staff.ended")
    assert said["bodies"] == ["main"]
    assert said["roles"] == [{"role": "leader", "body": "main", "unit": None}]


async def test_a_stand_in_that_ends_is_noted_with_its_days(database: Database) -> None:
    wang, lin = await a_person(database, "wang", Role.LEADER), await a_person(database, "lin")
    one = await arranged(database, wang, lin, await acting(database, wang))
    begun = await last(database, "standin.begun")
    async with database.work() as work:
        await standing_in.end(work, one, await acting(database, lin))
    ended = await last(database, "standin.ended")
    same = ("stand_in", "first_on", "last_on")
    assert {name: ended[name] for name in same} == {name: begun[name] for name in same}


async def test_the_console_says_whether_an_account_was_opened_again(database: Database) -> None:
    wang = await a_person(database, "wang", Role.MEDIATOR)
    for ended in (False, True):
        async with database.work() as work:
            if ended:
                await end_person(work, wang.id, CONSOLE)
            await reset_at_console(work, await person_in(work.session, wang.id), CONSOLE)
        assert await last(database, "staff.reset") == {"reopened": ended}
