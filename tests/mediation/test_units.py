"""Units: made, renamed, moved with all below them, ended when nobody needs them."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from services.mediation.tables import CaseRow, UnitRow
from services.mediation.use_cases.people.doing import CONSOLE, By
from services.mediation.use_cases.people.leaving import end_person
from services.mediation.use_cases.people.units import (
    BadUnitError,
    NoLoopError,
    NoSuchUnitError,
    UnitInUseError,
    UnitTakenError,
    Wished,
    change_unit,
    end_unit,
    listed_units,
    make_unit,
)
from services.mediation.use_cases.tree import units_now
from shared.events import UnitChanged
from shared.kernel import RuleError
from shared.messaging.tables import OutboxRow
from shared.rights import EVERYWHERE, NOTHING, Action, NotAllowedError, Role
from shared.trail import Doer
from shared.work import Database
from tests.mediation.people import a_person, a_unit, acting, count, noted, units
from tests.mediation.things import a_case, said


async def moved(database: Database, unit: UUID, wished: Wished, by: By = CONSOLE) -> None:
    async with database.work() as work:
        await change_unit(work, unit, wished, by)


async def test_a_tree_of_three_levels_is_made_and_told(database: Database) -> None:
    province = await a_unit(database, "SC", name="四川省消委会", region="510000")
    city = await a_unit(database, "sn", province, region="510900")
    county = await a_unit(database, "sn-cs", city)
    found = await units(database)
    assert {one.code: one.path for one in found.values()} == {
        "sc": f"/{province.hex}/",
        "sn": f"/{province.hex}/{city.hex}/",
        "sn-cs": f"/{province.hex}/{city.hex}/{county.hex}/",
    }
    assert await noted(database, "unit", city) == ["unit.added"]
    told = [one for one in await said(database) if isinstance(one, UnitChanged)]
    assert [(one.unit_id, one.version, one.code) for one in told] == [
        (province, 1, "sc"),
        (city, 1, "sn"),
        (county, 1, "sn-cs"),
    ]


async def test_moving_a_unit_moves_all_below_it_and_rights_follow(database: Database) -> None:
    north, south = await a_unit(database, "north"), await a_unit(database, "south")
    city = await a_unit(database, "city", north)
    station = await a_unit(database, "station", city)
    leader = await a_person(database, "wang", Role.LEADER, unit=south)
    async with database.reading() as session:
        tree = await units_now(session)
    before = (await acting(database, leader)).rights.reach(Action.CASE_READ)
    assert not before.admits(tree.place("main", station))
    await moved(database, city, Wished("city", "市局", south))
    async with database.reading() as session:
        tree = await units_now(session)
    assert tree.by_id[station].path == f"/{south.hex}/{city.hex}/{station.hex}/"
    after = (await acting(database, leader)).rights.reach(Action.CASE_READ)
    assert after.admits(tree.place("main", station))
    assert await noted(database, "unit", city) == ["unit.added", "unit.moved"]
    last = [one for one in await said(database) if isinstance(one, UnitChanged)][-2:]
    assert {(one.unit_id, one.version, one.unit_name) for one in last} == {
        (city, 2, "市局"),
        (station, 2, "station部门"),
    }


async def test_a_unit_does_not_move_below_itself(database: Database) -> None:
    city = await a_unit(database, "city")
    station = await a_unit(database, "station", city)
    for below in (station, city):
        with pytest.raises(NoLoopError) as refused:
            await moved(database, city, Wished("city", "市局", below))
        assert refused.value.pointer == "/parent"
    found = await units(database)
    assert (found["city"].parent, found["city"].version) == (None, 1)
    assert await noted(database, "unit", city) == ["unit.added"]


async def test_two_moves_at_the_same_time_make_no_loop(database: Database) -> None:
    one, other = await a_unit(database, "one"), await a_unit(database, "other")
    moves = [
        moved(database, one, Wished("one", "一", other)),
        moved(database, other, Wished("other", "二", one)),
    ]
    done = await asyncio.gather(*moves, return_exceptions=True)
    assert sorted(type(error).__name__ for error in done if error) == ["NoLoopError"]
    parents = {row.parent for row in (await units(database)).values()}
    assert parents in ({None, one}, {None, other})


async def test_a_branch_grows_to_sixty_four_levels_and_no_deeper_not_even_by_a_move(
    database: Database,
) -> None:
    above: UUID | None = None
    for level in range(64):
        above = await a_unit(database, f"l{level}", above)
    with pytest.raises(BadUnitError, match="部门最多64级"):
        await a_unit(database, "l64", above)
    top = await a_unit(database, "top")
    deep = (await units(database))["l0"]
    with pytest.raises(BadUnitError, match="部门最多64级"):
        await moved(database, deep.id, Wished("l0", "第一级", top))
    found = await units(database)
    assert (len(found), found["l0"].parent) == (65, None)


@pytest.mark.parametrize(
    ("wished", "pointer"),
    [
        (Wished("", "无"), "/code"),
        (Wished("a/b", "甲"), "/code"),
        (Wished("a", " "), "/name"),
        (Wished("a", "甲" * 61), "/name"),
        (Wished("a", "甲", None, "999999"), "/region"),
        (Wished("a", "甲", UUID(int=7)), "/parent"),
        (Wished("TAKEN", "甲"), "/code"),
    ],
)
async def test_a_unit_that_cannot_be_is_refused(
    database: Database, wished: Wished, pointer: str
) -> None:
    await a_unit(database, "taken")
    with pytest.raises((BadUnitError, UnitTakenError)) as refused:
        async with database.work() as work:
            await make_unit(work, "main", wished, CONSOLE)
    assert refused.value.pointer == pointer
    assert list(await units(database)) == ["taken"]
    assert await count(database, OutboxRow) == 1


async def test_a_unit_in_use_is_not_ended_and_an_empty_one_is(database: Database) -> None:
    city = await a_unit(database, "city")
    station = await a_unit(database, "station", city)

    async def refused(which: UUID, sentence: str) -> None:
        with pytest.raises(UnitInUseError, match=sentence):
            async with database.work() as work:
                await end_unit(work, which, CONSOLE)
        assert [row.ended_at for row in (await units(database)).values()] == [None, None]

    await refused(city, "下面还有部门")
    lin = await a_person(database, "lin", Role.MEDIATOR, unit=station)
    await refused(station, "还有工作人员")
    case = await a_case(database)
    async with database.work() as work:
        await end_person(work, lin.id, CONSOLE)
        at = update(CaseRow).where(CaseRow.id == case.id)
        await work.session.execute(at.values(unit=station))
    await refused(station, "在办案件")
    async with database.work() as work:
        await work.session.execute(at.values(unit=None))
        await end_unit(work, station, CONSOLE)
        await end_unit(work, city, CONSOLE)
    assert all(row.ended_at for row in (await units(database)).values())
    assert await noted(database, "unit", station) == ["unit.added", "unit.ended"]
    with pytest.raises(BadUnitError):
        await a_unit(database, "below", city)


async def test_an_ended_unit_changes_no_more_and_what_stays_as_it_was_is_not_noted(
    database: Database,
) -> None:
    city = await a_unit(database, "city", name="市局")
    await moved(database, city, Wished("city", "市局"))
    assert await noted(database, "unit", city) == ["unit.added"]
    async with database.work() as work:
        await end_unit(work, city, CONSOLE)
    with pytest.raises(UnitInUseError, match="已经撤销"):
        await moved(database, city, Wished("city", "新名字"))
    assert (await units(database))["city"].name == "市局"


async def test_who_may_not_manage_units_changes_none(database: Database) -> None:
    city = await a_unit(database, "city")
    lin = await acting(database, await a_person(database, "lin", Role.SECRETARY_GENERAL))
    elsewhere = await a_person(database, "chen", Role.ADMINISTRATOR, body="demo")
    nobody = By(NOTHING, Doer("staff"))
    far = await acting(database, elsewhere)
    for by, error in ((lin, NotAllowedError), (far, NoSuchUnitError), (nobody, NoSuchUnitError)):
        with pytest.raises(NotAllowedError):
            async with database.work() as work:
                await make_unit(work, "main", Wished("new", "新"), by)
        with pytest.raises(error):
            await moved(database, city, Wished("city", "新"), by)
        with pytest.raises(error):
            async with database.work() as work:
                await end_unit(work, city, by)
    found: Any = await units(database)
    assert (list(found), found["city"].version) == (["city"], 1)


async def test_the_tree_shows_people_and_open_cases(database: Database) -> None:
    city = await a_unit(database, "city")
    await a_unit(database, "b", city)
    await a_unit(database, "a", city)
    await a_person(database, "lin", unit=city)
    await a_case(database)
    async with database.work() as work:
        await work.session.execute(update(CaseRow).values(unit=city))
    async with database.reading() as session:
        listed = await listed_units(session, "main", EVERYWHERE)
    shown = [(one.unit.code, one.level, one.people, one.open_cases) for one in listed]
    assert shown == [("city", 1, 1, 1), ("a", 2, 0, 0), ("b", 2, 0, 0)]


async def test_codes_are_free_again_in_another_body(database: Database) -> None:
    await a_unit(database, "city")
    await a_unit(database, "city", body="demo")
    assert await count(database, UnitRow) == 2
    with pytest.raises(RuleError):
        await a_unit(database, "CITY")
