"""Who does not sign on any more loses what the groups gave, also where nobody says anything."""

from datetime import date, timedelta

import httpx
from sqlalchemy import select, update

from services.mediation.tables import GrantRow, StaffRow, SubjectRow
from services.mediation.use_cases.people.doing import CONSOLE
from services.mediation.use_cases.people.leaving import end_person
from services.mediation.use_cases.staff import account_of
from shared.clock import local_day, system_clock
from shared.rights import Role
from shared.runtime.migrate import downgrade, migrate
from shared.trail.rows import opened
from shared.trail.tables import AuditRow
from shared.work import Database
from tests.conftest import StandingClock
from tests.mediation.doors import rows
from tests.mediation.people import Person, a_person, roles_of
from tests.mediation.provider import Provider
from tests.mediation.sign_on.browser import come_back, held

A_DAY = timedelta(days=1)
WHOLE, HALF = 90, 45
"""Days after the last sign-on; days of them that are always left."""


async def zhou(database: Database) -> Person:
    """Whom the provider vouched for."""
    async with database.reading() as session:
        account = await account_of(session, "zhou")
    return Person(account.id, account.name)


async def last_days(database: Database) -> list[date | None]:
    """The last days of the roles that hold."""
    async with database.reading() as session:
        now = select(GrantRow).where(GrantRow.ended_at.is_(None))
        return [row.last_on for row in await session.scalars(now)]


async def granted(database: Database) -> list[dict[str, str]]:
    """What the provider gave, as the trail tells it."""
    found = [one for one in await rows(database, AuditRow) if one.action == "role.granted"]
    read = [opened(database.vault, one.sealed, one.id) for one in sorted(found, key=lambda x: x.id)]
    return [one[1]["said"] for one in read if one is not None]


async def test_a_role_holds_ninety_days_after_the_last_sign_on_and_then_no_more(
    visitor: httpx.AsyncClient, provider: Provider, database: Database, clock: StandingClock
) -> None:
    await come_back(visitor, provider)
    today = local_day(clock())
    assert await last_days(database) == [today + timedelta(days=WHOLE)]
    clock.move(days=WHOLE)
    assert await roles_of(database, await zhou(database)) == ["mediator own"]
    clock.move(days=1)
    assert await roles_of(database, await zhou(database)) == []
    await come_back(visitor, provider)
    assert await roles_of(database, await zhou(database)) == ["mediator own"]
    until = [str(today + timedelta(days=days)) for days in (WHOLE, WHOLE + 1 + WHOLE)]
    assert [one["last_on"] for one in await granted(database)] == until


async def test_who_comes_back_has_it_longer_and_that_is_noted_once_in_half_the_time(
    visitor: httpx.AsyncClient, provider: Provider, database: Database, clock: StandingClock
) -> None:
    await come_back(visitor, provider)
    first = local_day(clock()) + timedelta(days=WHOLE)
    clock.move(days=HALF)
    await come_back(visitor, provider)
    assert await last_days(database) == [first]
    clock.move(days=1)
    for _ in range(2):
        await come_back(visitor, provider)
    later = first + timedelta(days=HALF + 1)
    assert await last_days(database) == [later]
    assert [one["last_on"] for one in await granted(database)] == [str(first), str(later)]


async def test_a_role_that_was_given_for_ever_or_longer_ends_like_the_others_after_a_sign_on(
    visitor: httpx.AsyncClient, provider: Provider, database: Database, clock: StandingClock
) -> None:
    await come_back(visitor, provider)
    until = local_day(clock()) + timedelta(days=WHOLE)
    for odd in (None, until + A_DAY, local_day(clock())):
        async with database.work() as work:
            await work.session.execute(update(GrantRow).values(last_on=odd))
        await come_back(visitor, provider)
        assert await last_days(database) == [until]


async def test_one_that_begins_later_ends_as_long_after_its_beginning(
    visitor: httpx.AsyncClient, provider: Provider, database: Database, clock: StandingClock
) -> None:
    await come_back(visitor, provider)
    begins = local_day(clock()) + timedelta(days=200)
    async with database.work() as work:
        await work.session.execute(update(GrantRow).values(first_on=begins, last_on=None))
    for _ in range(2):
        await come_back(visitor, provider)
    found = {(one.first_on, one.last_on) for one in await rows(database, GrantRow)}
    span = timedelta(days=WHOLE)
    assert found == {(begins, begins + span), (local_day(clock()), local_day(clock()) + span)}
    assert len(await granted(database)) == 3


async def test_an_administrator_of_the_provider_is_another_one_although_the_role_has_a_last_day(
    visitor: httpx.AsyncClient, provider: Provider, database: Database
) -> None:
    """Each sign-on renews it; so the first account of an installation can be ended."""
    first = await a_person(database, "admin", Role.ADMINISTRATOR, body="")
    await come_back(visitor, provider, groups=["admins"])
    async with database.work() as work:
        await end_person(work, first.id, CONSOLE)
    assert await held(database) == [("administrator", "")]
    assert await roles_of(database, await zhou(database)) == ["administrator own"]


async def test_roles_that_the_provider_gave_before_end_ninety_days_after_the_migration(
    visitor: httpx.AsyncClient, provider: Provider, database: Database
) -> None:
    await a_person(database, "local", Role.MEDIATOR)
    await come_back(visitor, provider)
    async with database.work() as work:
        await work.session.execute(update(GrantRow).values(last_on=None))
    await downgrade(database.engine, "mediation", "0017")
    await migrate(database.engine, "mediation")
    until = local_day(system_clock()) + timedelta(days=WHOLE)
    [link] = await rows(database, SubjectRow)
    for one in await rows(database, GrantRow):
        assert one.last_on == (until if one.staff_id == link.staff_id else None)
    assert len(await rows(database, StaffRow)) == 2
