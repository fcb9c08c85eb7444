"""Important roles take two administrators: one asks, another confirms, neither is the person."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from services.mediation.tables import GrantRow, RoleRequestRow, StaffRow, StandInRow
from services.mediation.use_cases.people.adding import WishedAccount, add_person
from services.mediation.use_cases.people.confirming import (
    AskedAlreadyError,
    NoSuchRequestError,
    OwnRequestError,
    confirm,
    decline,
    requested,
)
from services.mediation.use_cases.people.doing import By
from services.mediation.use_cases.people.giving import WishedGrant
from services.mediation.use_cases.people.granting import Given, grant_role
from services.mediation.use_cases.people.leaving import end_person
from services.mediation.use_cases.people.persons import NotToOneselfError
from services.mediation.use_cases.people.seconds import AloneError, StandInError
from services.mediation.use_cases.people.standing_in import WishedStandIn, arrange
from shared.clock import local_day
from shared.kernel import RuleError
from shared.rights import NotAllowedError, Role
from shared.work import Database
from tests.conftest import StandingClock
from tests.mediation.people import (
    BODIES,
    Person,
    a_person,
    acting,
    count,
    given,
    noted,
    roles_of,
)

POWERFUL = (Role.ADMINISTRATOR, Role.PRIVACY_OFFICER, Role.AUDITOR)


@pytest.fixture
async def wang(database: Database) -> Person:
    return await a_person(database, "wang", Role.ADMINISTRATOR, body="")


@pytest.fixture
async def zhao(database: Database) -> Person:
    return await a_person(database, "zhao", Role.ADMINISTRATOR)


@pytest.fixture
async def lin(database: Database) -> Person:
    return await a_person(database, "lin")


async def asked(
    database: Database, who: Person, to: Person, role: Role = Role.AUDITOR, body: str = "main"
) -> Given:
    by = await acting(database, who)
    async with database.work() as work:
        return await grant_role(work, to.id, WishedGrant(role.value, body), BODIES, by)


async def confirmed(database: Database, which: UUID, by: By) -> UUID:
    async with database.work() as work:
        return await confirm(work, which, BODIES, by)


async def refused(database: Database, which: UUID, by: By, why: type[RuleError]) -> None:
    """It is refused, and everything stays as it was."""
    before = await count(database), await decided(database)
    with pytest.raises(why):
        await confirmed(database, which, by)
    assert (await count(database), await decided(database)) == before


async def decided(database: Database) -> int:
    return await count(database, RoleRequestRow, RoleRequestRow.decided_at.is_not(None))


async def seen_by(database: Database, who: Person) -> list[tuple[str, str, bool]]:
    by = await acting(database, who)
    async with database.reading() as session:
        found = await requested(session, by, database.clock())
    return [(one.display, one.asked_by, one.mine) for one in found]


@pytest.mark.parametrize("role", POWERFUL)
async def test_an_important_role_holds_only_when_another_administrator_confirmed_it(
    database: Database, wang: Person, zhao: Person, lin: Person, role: Role
) -> None:
    waiting = await asked(database, wang, lin, role)
    assert waiting.waits
    assert await roles_of(database, lin) == []
    assert await seen_by(database, wang) == [("lin同志", "wang同志", True)]
    assert await seen_by(database, zhao) == [("lin同志", "wang同志", False)]
    made = await confirmed(database, waiting.id, await acting(database, zhao))
    assert await roles_of(database, lin) == [f"{role.value} own"]
    assert await seen_by(database, wang) == []
    async with database.reading() as session:
        grant = await session.get_one(GrantRow, made)
        row = await session.get_one(RoleRequestRow, waiting.id)
    assert (grant.granted_by, row.asked_by, row.grant_id) == (zhao.id, wang.id, made)
    assert await noted(database, "staff", lin.id) == ["role.asked", "role.granted"]


async def test_roles_without_such_power_are_given_by_one(
    database: Database, wang: Person, lin: Person
) -> None:
    plain = [one for one in Role if one not in (*POWERFUL, Role.RESPONDENT)]
    for role in plain:
        assert not (await asked(database, wang, lin, role)).waits
    assert await count(database, GrantRow, GrantRow.staff_id == lin.id) == len(plain) == 8


@pytest.mark.usefixtures("lin")
async def test_where_there_is_one_administrator_the_console_does_it(
    database: Database, wang: Person, lin: Person
) -> None:
    with pytest.raises(AloneError, match="redress staff grant lin auditor --body main"):
        await asked(database, wang, lin)
    assert await count(database, RoleRequestRow) == 0
    assert await noted(database, "staff", lin.id) == []
    await given(database, lin, Role.AUDITOR)
    assert await roles_of(database, lin) == ["auditor own"]


async def test_nobody_confirms_what_they_asked_for_or_what_they_would_hold(
    database: Database, wang: Person, zhao: Person, lin: Person
) -> None:
    by_wang, by_zhao = await acting(database, wang), await acting(database, zhao)
    which = (await asked(database, wang, lin)).id
    await refused(database, which, by_wang, OwnRequestError)
    qian = await a_person(database, "qian", Role.ADMINISTRATOR)
    for_zhao = (await asked(database, qian, zhao)).id
    await refused(database, for_zhao, by_zhao, NotToOneselfError)
    with pytest.raises(NotToOneselfError):
        await asked(database, wang, wang)
    assert await roles_of(database, lin) == []
    assert await roles_of(database, zhao) == ["administrator own"]


async def test_a_stand_in_neither_asks_nor_confirms(
    database: Database, wang: Person, zhao: Person, lin: Person
) -> None:
    """Whoever is lent an administrator's rights is none: not even with a second account."""
    puppet = await a_person(database, "puppet")
    today = local_day(database.clock())
    async with database.work() as work:
        wished = WishedStandIn(zhao.id, puppet.id, today, today)
        await arrange(work, wished, await acting(database, zhao))
    assert await roles_of(database, puppet) == ["administrator lent"]
    by_puppet = await acting(database, puppet)
    with pytest.raises(StandInError):
        await asked(database, puppet, lin)
    which = (await asked(database, wang, lin)).id
    await refused(database, which, by_puppet, StandInError)
    with pytest.raises(StandInError):
        async with database.work() as work:
            await decline(work, which, by_puppet)
    assert await count(database, StandInRow) == 1
    assert await roles_of(database, lin) == []


async def test_a_new_account_does_not_hold_such_a_role_before_it_is_confirmed(
    database: Database, wang: Person, zhao: Person
) -> None:
    by = await acting(database, wang)
    wished = WishedAccount("puppet", "影子", "main")
    roles = [WishedGrant("administrator", "main"), WishedGrant("mediator", "main")]
    async with database.work() as work:
        added = await add_person(work, wished, roles, BODIES, by)
    assert added.waits
    puppet = Person(added.id, added.name)
    assert await roles_of(database, puppet) == ["mediator own"]
    with pytest.raises(NotAllowedError):
        await asked(database, puppet, puppet)
    [(_, _, mine)] = await seen_by(database, zhao)
    assert not mine


async def test_one_administrator_alone_adds_no_account_with_such_a_role(
    database: Database, wang: Person
) -> None:
    by = await acting(database, wang)
    wished, roles = WishedAccount("puppet", "影子", "main"), [WishedGrant("auditor", "main")]
    with pytest.raises(AloneError):
        async with database.work() as work:
            await add_person(work, wished, roles, BODIES, by)
    assert await count(database, StaffRow) == 1
    assert await count(database, RoleRequestRow) == 0


async def test_an_administrator_of_another_body_is_no_second(
    database: Database, wang: Person, lin: Person
) -> None:
    elsewhere = await a_person(database, "sun", Role.ADMINISTRATOR, body="demo")
    with pytest.raises(AloneError):
        await asked(database, wang, lin)
    await a_person(database, "zhao", Role.ADMINISTRATOR)
    which = (await asked(database, wang, lin)).id
    assert await seen_by(database, elsewhere) == []
    await refused(database, which, await acting(database, elsewhere), NoSuchRequestError)
    with pytest.raises(AloneError, match="--body all"):
        await asked(database, wang, lin, body="")


async def test_a_request_waits_a_week_and_only_while_its_asker_is_an_administrator(
    database: Database, clock: StandingClock, wang: Person, zhao: Person, lin: Person
) -> None:
    which = (await asked(database, wang, lin)).id
    with pytest.raises(AskedAlreadyError):
        await asked(database, zhao, lin)
    by_zhao = await acting(database, zhao)
    clock.move(days=7)
    await refused(database, which, by_zhao, NoSuchRequestError)
    assert await seen_by(database, zhao) == []
    qian = await a_person(database, "qian", Role.ADMINISTRATOR, body="")
    again = (await asked(database, qian, lin)).id
    async with database.work() as work:
        await end_person(work, qian.id, await acting(database, wang))
    await refused(database, again, by_zhao, NoSuchRequestError)
    assert await roles_of(database, lin) == []


async def test_a_role_that_is_confirmed_late_begins_then(
    database: Database, clock: StandingClock, wang: Person, zhao: Person, lin: Person
) -> None:
    which = (await asked(database, wang, lin)).id
    clock.move(days=3)
    made = await confirmed(database, which, await acting(database, zhao))
    async with database.reading() as session:
        grant = await session.get_one(GrantRow, made)
        row = await session.get_one(RoleRequestRow, which)
    assert grant.first_on - row.first_on == timedelta(days=3)


async def test_a_request_is_declined_by_another_or_taken_back(
    database: Database, wang: Person, zhao: Person, lin: Person
) -> None:
    for who in (zhao, wang):
        which = (await asked(database, wang, lin)).id
        async with database.work() as work:
            await decline(work, which, await acting(database, who))
        await refused(database, which, await acting(database, zhao), NoSuchRequestError)
    assert await roles_of(database, lin) == []
    assert await noted(database, "staff", lin.id) == ["role.asked", "role.declined"] * 2


async def test_two_who_confirm_at_once_give_it_once(
    database: Database, wang: Person, zhao: Person, lin: Person
) -> None:
    qian = await a_person(database, "qian", Role.ADMINISTRATOR)
    which = (await asked(database, wang, lin)).id
    both = [confirmed(database, which, await acting(database, one)) for one in (zhao, qian)]
    done = await asyncio.gather(*both, return_exceptions=True)
    assert [type(one).__name__ for one in done if isinstance(one, Exception)] == [
        "NoSuchRequestError"
    ]
    assert await count(database, GrantRow, GrantRow.staff_id == lin.id) == 1
