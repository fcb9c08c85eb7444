"""A unit is ended while something is put into it: no open case lies in what is over."""

import asyncio
from uuid import UUID

import pytest

from services.mediation.domain.case import Step
from services.mediation.tables import UnitRow
from services.mediation.use_cases.acting import Request, take_step
from services.mediation.use_cases.assigning import NoSuchColleagueError
from services.mediation.use_cases.cases import case_of
from services.mediation.use_cases.people.doing import CONSOLE
from services.mediation.use_cases.people.units.changing import UnitInUseError, end_unit
from services.mediation.use_cases.tree import tree_of_work
from shared.rights import Role
from shared.work import Database
from tests.mediation.meanwhile import stopped
from tests.mediation.people import a_person, a_unit
from tests.mediation.things import a_case, a_colleague, step, the_case


async def ended(database: Database, unit: UUID) -> None:
    async with database.work() as work:
        await end_unit(work, unit, CONSOLE)


async def is_open(database: Database, unit: UUID) -> bool:
    async with database.reading() as session:
        return (await session.get_one(UnitRow, unit)).ended_at is None


async def test_a_unit_that_is_just_given_a_case_is_not_ended(on_postgresql: Database) -> None:
    database = on_postgresql
    lin, unit = await a_colleague(database), await a_unit(database, "ward")
    await a_person(database, "wu", Role.SECRETARY_GENERAL)
    case = await a_case(database)
    async with database.work() as work:
        mine = await case_of(work.session, case.number)
        await take_step(work, mine, Request(Step.ASSIGN, {"unit": unit}, 1), lin)
        ending = asyncio.create_task(ended(database, unit))
        assert await stopped(database, ending) == 1
    with pytest.raises(UnitInUseError):
        await ending
    assert (await the_case(database, case.number)).unit == unit
    assert await is_open(database, unit)


async def test_a_case_is_not_given_to_a_unit_that_is_just_ended(on_postgresql: Database) -> None:
    database = on_postgresql
    lin, unit = await a_colleague(database), await a_unit(database, "ward")
    await a_person(database, "wu", Role.SECRETARY_GENERAL)
    case = await a_case(database)
    async with database.work() as work:
        await end_unit(work, unit, CONSOLE)
        giving = asyncio.create_task(step(database, case, "assign", lin, unit=unit))
        assert await stopped(database, giving) == 1
    with pytest.raises(NoSuchColleagueError):
        await giving
    now = await the_case(database, case.number)
    assert (now.unit, now.version) == (None, 1)


async def test_a_new_case_does_not_begin_in_a_unit_that_another_process_ended(
    database: Database, twin: Database
) -> None:
    unit = await a_unit(database, "ward", region="510903")
    async with twin.work() as work:
        assert unit in (await tree_of_work(work)).by_id
    await ended(database, unit)
    assert (await a_case(twin, region="510903")).unit is None


async def test_a_new_case_begins_in_the_unit_that_looks_after_its_region(
    database: Database,
) -> None:
    unit = await a_unit(database, "ward", region="510903")
    assert (await a_case(database, region="510903")).unit == unit
