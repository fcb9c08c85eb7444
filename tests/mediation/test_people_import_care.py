"""Staff from spreadsheets by whoever may not do all of it, while others change the same people."""

import asyncio

from services.mediation.tables import StaffRow
from services.mediation.use_cases.people.doing import CONSOLE
from services.mediation.use_cases.people.importing import plan_staff
from services.mediation.use_cases.people.leaving import end_person
from services.mediation.use_cases.people.standing_in import WishedStandIn, arrange
from services.mediation.use_cases.people.units import end_unit
from shared.clock import local_day
from shared.rights import Role
from shared.work import Database
from tests.mediation.meanwhile import stopped
from tests.mediation.people import a_person, a_unit, acting, count, noted, roles_of
from tests.mediation.test_people_import import brought, read


async def test_a_stand_in_gives_no_role_to_whom_they_stand_in_for_by_a_file(
    database: Database,
) -> None:
    boss = await a_person(database, "boss", Role.ADMINISTRATOR)
    lin = await a_person(database, "lin", Role.MEDIATOR)
    async with database.work() as work:
        today = local_day(database.clock())
        await arrange(work, WishedStandIn(boss.id, lin.id, today, today), CONSOLE)
    table = "账号,角色\nboss,秘书长\n"
    by = await acting(database, lin)
    async with database.reading() as session:
        looked = await plan_staff(session, "main", read(table), by, today)
    refusal = "不能给自己授予角色，请由另一位管理员办理。"
    assert [one.in_words("zh") for one in looked.rows[0].remarks] == [refusal]
    assert await brought(database, table, by) == ([f"2 refused {refusal}"], [])
    assert await roles_of(database, boss) == ["administrator own"]


async def test_a_file_that_only_adds_a_role_notes_no_other_change(database: Database) -> None:
    lin = await a_person(database, "lin", Role.MEDIATOR)
    await brought(database, "账号,姓名,角色\nlin,lin同志,统计员\n")
    assert await noted(database, "staff", lin.id) == ["role.granted"]
    await brought(database, "账号,姓名,角色\nlin,林静,统计员\n")
    assert await noted(database, "staff", lin.id) == ["role.granted", "staff.changed"]


async def test_a_file_waits_for_who_is_just_ended_and_gives_them_nothing(
    on_postgresql: Database,
) -> None:
    database = on_postgresql
    lin = await a_person(database, "lin", Role.MEDIATOR)
    async with database.work() as work:
        await end_person(work, lin.id, CONSOLE)
        bringing = asyncio.create_task(brought(database, "账号,角色\nlin,统计员\n"))
        assert await stopped(database, bringing) == 1
    assert await bringing == (["2 refused 账号「lin」已经停用，请换一个账号。"], [])
    assert await count(database) == 1


async def test_a_file_waits_for_a_unit_that_is_just_ended_and_puts_nobody_there(
    on_postgresql: Database,
) -> None:
    database = on_postgresql
    unit = await a_unit(database, "sn")
    async with database.work() as work:
        await end_unit(work, unit, CONSOLE)
        table = "账号,姓名,部门代码,角色\nwang,王芳,sn,调解员\n"
        bringing = asyncio.create_task(brought(database, table))
        assert await stopped(database, bringing) == 1
    [row], made = await bringing
    assert (row[:20], made) == ("2 refused 没有部门代码「sn」", [])
    assert await count(database, StaffRow) == 0
