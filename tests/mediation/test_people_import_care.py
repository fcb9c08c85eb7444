"""Staff from spreadsheets by whoever may not do all of it, while others change the same people."""

from services.mediation.use_cases.people.doing import CONSOLE
from services.mediation.use_cases.people.importing import plan_staff
from services.mediation.use_cases.people.standing_in import WishedStandIn, arrange
from shared.clock import local_day
from shared.rights import Role
from shared.work import Database
from tests.mediation.people import a_person, acting, noted, roles_of
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
