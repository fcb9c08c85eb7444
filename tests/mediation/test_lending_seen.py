"""A right held in another body is lent in sight of it: its auditor sees who acts, and when."""

from datetime import date
from uuid import UUID

from services.mediation.use_cases.people import standing_in
from services.mediation.use_cases.people.doing import CONSOLE
from services.mediation.use_cases.people.granting import end_grant, grant_of
from services.mediation.use_cases.people.leaving import end_person
from services.mediation.use_cases.people.standing_in import WishedStandIn
from services.mediation.use_cases.staff import hold
from services.mediation.use_cases.trail.asking import AuditQuery
from services.mediation.use_cases.trail.listing import Installation, list_trail
from shared.bodies import DEMO, MAIN, Bodies, Body
from shared.rights import Role
from shared.work import Database
from tests.conftest import StandingClock
from tests.mediation.people import Person, a_person, acting
from tests.mediation.test_trail_whose import auditor

THREE = Installation(
    {},
    Bodies(
        (
            MAIN,
            Body("other", "另一机构", "另一机构", "另转"),
            Body("third", "三", "三", "三转"),
            DEMO,
        )
    ),
)
JUNE_23, JUNE_30 = date(2026, 6, 23), date(2026, 6, 30)


async def lent(database: Database, absent: Person, stand_in: Person) -> UUID:
    async with database.work() as work:
        wished = WishedStandIn(absent.id, stand_in.id, JUNE_23, JUNE_30)
        return await standing_in.arrange(work, wished, await acting(database, absent))


async def over(database: Database, which: UUID) -> None:
    async with database.work() as work:
        await standing_in.end(work, which, CONSOLE)


async def seen(database: Database, body: str) -> list[str]:
    """What the auditor of a body finds of stand-ins, oldest first, with who stands in for whom."""
    asked = AuditQuery(service="mediation")
    listed = await list_trail(database, THREE, asked, auditor(body))
    return [line.action for line in reversed(listed.lines) if line.action.startswith("standin.")]


async def also(database: Database, person: Person, role: Role, body: str) -> None:
    async with database.work() as work:
        await hold(work, person.id, [role], body)


BOTH = ["standin.begun", "standin.ended"]


async def test_the_auditor_of_the_body_in_which_the_right_is_held_sees_lending_and_ending(
    database: Database,
) -> None:
    wang, lin = await a_person(database, "wang", Role.LEADER), await a_person(database, "lin")
    await also(database, wang, Role.MEDIATOR, "other")
    one = await lent(database, wang, lin)
    assert await seen(database, "other") == ["standin.begun"]
    await over(database, one)
    assert [await seen(database, body) for body in ("main", "other", "third")] == [BOTH, BOTH, []]


async def test_who_holds_nothing_there_or_lends_none_of_it_is_not_shown_there(
    database: Database, clock: StandingClock
) -> None:
    """The duty of an auditor is lent to nobody, and what was taken away before is not lent."""
    wang, lin = await a_person(database, "wang", Role.LEADER), await a_person(database, "lin")
    await also(database, wang, Role.AUDITOR, "other")
    await also(database, wang, Role.MEDIATOR, "third")
    async with database.work() as work:
        await end_grant(
            work, await grant_of(work.session, wang.id, "mediator", "third", None), CONSOLE
        )
    clock.move(minutes=1)
    await over(database, await lent(database, wang, lin))
    assert [await seen(database, body) for body in ("main", "other", "third")] == [BOTH, [], []]


async def test_a_role_that_comes_or_goes_meanwhile_shows_that_the_lending_ended(
    database: Database, clock: StandingClock
) -> None:
    wang, lin = await a_person(database, "wang", Role.LEADER), await a_person(database, "lin")
    await also(database, wang, Role.MEDIATOR, "other")
    one = await lent(database, wang, lin)
    clock.move(minutes=1)
    await also(database, wang, Role.MEDIATOR, "third")
    async with database.work() as work:
        await end_grant(
            work, await grant_of(work.session, wang.id, "mediator", "other", None), CONSOLE
        )
    await over(database, one)
    assert [await seen(database, body) for body in ("other", "third")] == [BOTH, ["standin.ended"]]


async def test_what_a_person_of_all_bodies_lends_is_seen_where_the_stand_in_works(
    database: Database,
) -> None:
    boss = await a_person(database, "boss", Role.ADMINISTRATOR, body="")
    lin = await a_person(database, "lin")
    await over(database, await lent(database, boss, lin))
    assert [await seen(database, body) for body in ("main", "other")] == [BOTH, []]


async def test_whoever_leaves_ends_the_lending_in_sight_of_the_body_too(
    database: Database,
) -> None:
    """Also where the stand-in leaves: the row is about who was away, and names both."""
    wang, lin = await a_person(database, "wang", Role.LEADER), await a_person(database, "lin")
    await also(database, wang, Role.MEDIATOR, "other")
    await lent(database, wang, lin)
    async with database.work() as work:
        await end_person(work, lin.id, CONSOLE)
    assert [await seen(database, body) for body in ("main", "other", "third")] == [BOTH, BOTH, []]
