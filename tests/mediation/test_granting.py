"""Roles: who gives them to whom, how long they hold, and that the last administrator stays."""

import asyncio
from datetime import UTC, date, datetime

import pytest

from services.mediation.tables import GrantRow, StaffRow
from services.mediation.use_cases.people.doing import CONSOLE, By
from services.mediation.use_cases.people.giving import (
    BadGrantError,
    GrantedAlreadyError,
    WishedGrant,
)
from services.mediation.use_cases.people.granting import end_grant, grant_role
from services.mediation.use_cases.people.last import LastAdministratorError
from services.mediation.use_cases.people.leaving import end_person
from services.mediation.use_cases.people.persons import NoSuchPersonError, NotToOneselfError
from services.mediation.use_cases.people.units import BadUnitError, end_unit
from shared.kernel import RuleError
from shared.rights import NotAllowedError, Role
from shared.work import Database
from tests.conftest import StandingClock
from tests.mediation.people import (
    BODIES,
    Person,
    a_person,
    a_unit,
    acting,
    count,
    given,
    noted,
    roles_of,
)

JUNE_23, JUNE_24, JUNE_25 = date(2026, 6, 23), date(2026, 6, 24), date(2026, 6, 25)


async def two_administrators(database: Database) -> tuple[Person, Person]:
    return (
        await a_person(database, "admin", Role.ADMINISTRATOR, body=""),
        await a_person(database, "other", Role.ADMINISTRATOR, body=""),
    )


async def test_a_role_is_given_and_taken_away(database: Database) -> None:
    admin, _ = await two_administrators(database)
    lin = await a_person(database, "lin")
    by = await acting(database, admin)
    grant = await given(database, lin, Role.MEDIATOR, by)
    assert await roles_of(database, lin) == ["mediator own"]
    async with database.work() as work:
        await end_grant(work, grant, by)
    assert await roles_of(database, lin) == []
    assert await noted(database, "staff", lin.id) == ["role.granted", "role.ended"]


async def test_nobody_gives_a_role_to_themselves(database: Database) -> None:
    admin, _ = await two_administrators(database)
    with pytest.raises(NotToOneselfError):
        await given(database, admin, Role.SECRETARY_GENERAL, await acting(database, admin))
    assert await roles_of(database, admin) == ["administrator own"]
    assert await noted(database, "staff", admin.id) == []


@pytest.mark.parametrize(
    ("now", "days", "held"),
    [
        (datetime(2026, 6, 23, 15, 59, 59, tzinfo=UTC), (JUNE_24, None), []),
        (datetime(2026, 6, 23, 16, 0, tzinfo=UTC), (JUNE_24, None), ["mediator own"]),
        (datetime(2026, 6, 24, 15, 59, 59, tzinfo=UTC), (JUNE_24, JUNE_24), ["mediator own"]),
        (datetime(2026, 6, 24, 16, 0, tzinfo=UTC), (JUNE_24, JUNE_24), []),
    ],
)
async def test_a_role_holds_on_its_days_in_shanghai(
    on_sqlite: Database,
    clock: StandingClock,
    now: datetime,
    days: tuple[date | None, date | None],
    held: list[str],
) -> None:
    lin = await a_person(on_sqlite, "lin")
    await given(on_sqlite, lin, Role.MEDIATOR, days=days)
    clock.now = now
    assert await roles_of(on_sqlite, lin) == held


async def test_the_same_role_twice_on_days_that_overlap_is_refused(database: Database) -> None:
    lin = await a_person(database, "lin")
    await given(database, lin, Role.MEDIATOR, days=(None, JUNE_24))
    for first in (JUNE_23, JUNE_24):
        with pytest.raises(GrantedAlreadyError):
            await given(database, lin, Role.MEDIATOR, days=(first, None))
    assert await count(database) == 1
    await given(database, lin, Role.MEDIATOR, days=(JUNE_25, None))
    assert await count(database) == 2


async def test_two_administrators_who_give_the_same_role_at_once_give_it_once(
    database: Database,
) -> None:
    one, other = await two_administrators(database)
    lin = await a_person(database, "lin")
    both = [
        given(database, lin, Role.MEDIATOR, await acting(database, who)) for who in (one, other)
    ]
    done = await asyncio.gather(*both, return_exceptions=True)
    assert [type(one).__name__ for one in done if isinstance(one, Exception)] == [
        "GrantedAlreadyError"
    ]
    assert await count(database, GrantRow, GrantRow.staff_id == lin.id) == 1
    assert await noted(database, "staff", lin.id) == ["role.granted"]


@pytest.mark.parametrize(
    ("wished", "pointer"),
    [
        (WishedGrant("king", "main"), "/role"),
        (WishedGrant("mediator", "nowhere"), "/body"),
        (WishedGrant("mediator", "main", None, JUNE_24, JUNE_23), "/last_on"),
        (WishedGrant("mediator", "main", None, date(2026, 6, 1), date(2026, 6, 22)), "/last_on"),
    ],
)
async def test_a_role_that_cannot_be_given_so_is_refused(
    database: Database, wished: WishedGrant, pointer: str
) -> None:
    lin = await a_person(database, "lin")
    with pytest.raises(BadGrantError) as refused:
        async with database.work() as work:
            await grant_role(work, lin.id, wished, BODIES, CONSOLE)
    assert refused.value.pointer == pointer
    assert await count(database) == 0


async def test_a_role_is_held_only_in_a_unit_at_work_of_the_body(database: Database) -> None:
    lin = await a_person(database, "lin")
    elsewhere, over = await a_unit(database, "a", body="demo"), await a_unit(database, "b")
    async with database.work() as work:
        await end_unit(work, over, CONSOLE)
    for unit in (elsewhere, over):
        wished = WishedGrant("mediator", "main", unit)
        with pytest.raises(BadUnitError):
            async with database.work() as work:
                await grant_role(work, lin.id, wished, BODIES, CONSOLE)
    assert await count(database) == 0


async def test_an_administrator_of_one_body_gives_roles_there_and_nowhere_else(
    database: Database,
) -> None:
    head = await a_person(database, "head", Role.ADMINISTRATOR)
    lin, stranger = await a_person(database, "lin"), await a_person(database, "chen", body="demo")
    by = await acting(database, head)
    foreign = [(stranger, body, NoSuchPersonError) for body in ("main", "demo")]
    for to, body, error in ((lin, "", NotAllowedError), (lin, "demo", NotAllowedError), *foreign):
        with pytest.raises(error):
            async with database.work() as work:
                await grant_role(work, to.id, WishedGrant("leader", body), BODIES, by)
    assert await count(database) == 1
    await given(database, lin, Role.LEADER, by)
    assert await roles_of(database, lin) == ["leader own"]


async def test_the_last_administrator_of_everything_stays(database: Database) -> None:
    admin, other = await two_administrators(database)
    await a_person(database, "head", Role.ADMINISTRATOR)
    by = await acting(database, other)
    async with database.work() as work:
        await end_person(work, admin.id, by)
    with pytest.raises(LastAdministratorError):
        async with database.work() as work:
            await end_person(work, other.id, CONSOLE)
    async with database.reading() as session:
        account = await session.get_one(StaffRow, other.id)
    assert account.ended_at is None
    assert await roles_of(database, other) == ["administrator own"]


async def test_whose_own_days_are_counted_is_no_successor_of_the_last_administrator(
    database: Database,
) -> None:
    admin = await a_person(database, "admin", Role.ADMINISTRATOR, body="")
    chen = await a_person(database, "chen", body="")
    for first, last in ((None, date(2026, 12, 31)), (date(2027, 1, 1), None)):
        async with database.work() as work:
            wished = WishedGrant("administrator", "", None, first, last)
            await grant_role(work, chen.id, wished, BODIES, CONSOLE)
    with pytest.raises(LastAdministratorError):
        async with database.work() as work:
            await end_person(work, admin.id, CONSOLE)
    assert await roles_of(database, admin) == ["administrator own"]


async def test_two_administrators_who_end_each_other_at_once_leave_one(
    database: Database,
) -> None:
    one, other = await two_administrators(database)
    by_one, by_other = await acting(database, one), await acting(database, other)

    async def ended(who: Person, by: By) -> None:
        async with database.work() as work:
            await end_person(work, who.id, by)

    done = await asyncio.gather(ended(other, by_one), ended(one, by_other), return_exceptions=True)
    [refused] = [error for error in done if error]
    assert isinstance(refused, LastAdministratorError)
    assert await count(database, StaffRow, StaffRow.ended_at.is_(None)) == 1
    assert await count(database, GrantRow, GrantRow.ended_at.is_(None)) == 1


async def test_a_role_of_an_account_that_is_over_is_not_given(database: Database) -> None:
    lin = await a_person(database, "lin")
    async with database.work() as work:
        await end_person(work, lin.id, CONSOLE)
    with pytest.raises(RuleError, match="已经停用"):
        await given(database, lin, Role.MEDIATOR)
    assert await count(database) == 0
