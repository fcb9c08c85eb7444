"""Staff and units from spreadsheets: what is wrong is named by row, what is right is taken once."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import select

from services.mediation.tables import GrantRow, StaffRow, UnitRow
from services.mediation.use_cases.hashing import verified
from services.mediation.use_cases.people.doing import CONSOLE, By
from services.mediation.use_cases.people.importing import (
    STAFF_COLUMNS,
    UNIT_COLUMNS,
    Columns,
    Line,
    Outcome,
    import_staff,
    import_units,
    lines_from,
    lines_of,
)
from services.mediation.use_cases.people.leaving import end_person
from shared.events import UnitChanged
from shared.rights import NotAllowedError, Role
from shared.sheets import open_sheet, sheet_of
from shared.sheets.problems import FileRefusedError
from shared.trail.tables import AuditRow
from shared.work import Database
from tests.mediation.people import a_person, a_unit, acting, count, noted, roles_of, units
from tests.mediation.things import said


def read(table: str, columns: Columns = STAFF_COLUMNS) -> list[Line]:
    return lines_of(sheet_of(table.encode(), "people.csv"), columns)


async def brought(database: Database, table: str, by: By = CONSOLE) -> tuple[list[str], list[str]]:
    """What became of each row and why it was refused; the accounts that are new."""
    async with database.work() as work:
        plan, made = await import_staff(work, "main", read(table), by)
    return [told(one.row, one.outcome, one.remarks) for one in plan.rows], [one[0] for one in made]


async def units_from(database: Database, table: str, by: By = CONSOLE) -> list[str]:
    async with database.work() as work:
        plan = await import_units(work, "main", read(table, UNIT_COLUMNS), by)
    return [told(one.row, one.outcome, one.remarks) for one in plan.rows]


def told(row: int, outcome: Outcome, remarks: Sequence[object]) -> str:
    words = "; ".join(one.in_words("zh") for one in remarks)  # type: ignore[attr-defined] # Remark
    return f"{row} {outcome.value} {words}".strip()


async def test_units_come_in_any_order_and_the_same_file_again_changes_nothing(
    database: Database,
) -> None:
    table = "代码,名称,上级代码,行政区划\ncs,船山区,sn,510903\nSN,遂宁市,,510900\nz,总部,,\n"
    assert await units_from(database, table) == [
        "2 new 新增，上级：sn",
        "3 new 新增，上级：-",
        "4 new 新增，上级：-",
    ]
    found = await units(database)
    assert found["cs"].path == f"/{found['sn'].id.hex}/{found['cs'].id.hex}/"
    assert await noted(database, "unit", found["cs"].id) == ["unit.added"]
    before = await count(database, AuditRow)
    assert await units_from(database, table) == ["2 same", "3 same", "4 same"]
    assert await count(database, AuditRow) == before
    events = [one for one in await said(database) if isinstance(one, UnitChanged)]
    assert len(events) == 3


async def test_known_units_are_renamed_and_moved_with_all_below_them(database: Database) -> None:
    north, south = await a_unit(database, "north"), await a_unit(database, "south")
    city = await a_unit(database, "city", north, name="市局")
    station = await a_unit(database, "station", city)
    table = "code,name,parent\ncity,遂宁市局,south\nstation,,\n"
    assert await units_from(database, table) == [
        "2 changed 名称改为遂宁市局; 移到south下面",
        "3 same",
    ]
    found = await units(database)
    assert found["station"].path == f"/{south.hex}/{city.hex}/{station.hex}/"
    assert await noted(database, "unit", city) == ["unit.added", "unit.moved"]


async def test_rows_of_units_that_cannot_be_are_left_out_and_named(database: Database) -> None:
    await a_unit(database, "old")
    table = (
        "代码,名称,上级代码,行政区划\n"
        "a,甲,b,\n"  # a loop: a -> b -> a
        "b,乙,a,\n"
        "c,丙,nowhere,\n"
        "d,丁,c,\n"  # its parent is refused
        "e,戊,,999999\n"
        "f,己,,\n"
        "F,己二,,\n"
        ",庚,,\n"
        "g,,,\n"
        "old,老,f,\n"
    )
    assert await units_from(database, table) == [
        "2 refused 上级绕成了圈：「a」最后又归到自己下面。",
        "3 refused 上级绕成了圈：「b」最后又归到自己下面。",
        "4 refused 没有上级代码「nowhere」：请先写上级那一行，或者改正代码。",
        "5 refused 没有上级代码「c」：请先写上级那一行，或者改正代码。",
        "6 refused 没有这个行政区划代码，应是6位数字，例如510903。",
        "7 new 新增，上级：-",
        "8 refused 第7行已经写了代码「f」。",
        "9 refused 部门代码用1到40个小写字母、数字和 . - _。",
        "10 refused 请写部门名称，最多60个字。",
        "11 changed 名称改为老; 移到f下面",
    ]
    assert sorted(await units(database)) == ["f", "old"]


async def test_a_known_unit_does_not_get_into_a_loop_by_a_file(database: Database) -> None:
    city = await a_unit(database, "city")
    await a_unit(database, "station", city)
    assert await units_from(database, "代码,名称,上级代码\ncity,市局,station\n") == [
        "2 refused 上级绕成了圈：「city」最后又归到自己下面。"
    ]
    assert (await units(database))["city"].version == 1


async def test_people_come_with_roles_and_days_and_the_same_file_again_changes_nothing(
    database: Database,
) -> None:
    city = await a_unit(database, "sn")
    table = (
        "账号,姓名,部门代码,角色,电话,生效日期,失效日期\n"
        "Wang,王芳,SN,调解员、leader,0825-12315,2026年6月24日,2026-12-31\n"
        "li,李强,,Statistician; auditor,,,\n"
    )
    rows, made = await brought(database, table)
    assert rows == [
        "2 new 新增王芳，角色：调解员、部门负责人",
        "3 new 新增李强，角色：统计员、审计员",
    ]
    assert made == ["wang", "li"]
    async with database.reading() as session:
        [wang] = await session.scalars(select(StaffRow).where(StaffRow.name == "wang"))
        held = await session.scalars(select(GrantRow).where(GrantRow.staff_id == wang.id))
        days = {(one.role, one.unit, str(one.first_on), str(one.last_on)) for one in held}
    assert (wang.display, wang.unit, wang.phone) == ("王芳", city, "0825-12315")
    assert days == {
        ("mediator", city, "2026-06-24", "2026-12-31"),
        ("leader", city, "2026-06-24", "2026-12-31"),
    }
    assert await noted(database, "staff", wang.id) == ["staff.added", *["role.granted"] * 2]
    before = await count(database, AuditRow)
    assert await brought(database, table) == (["2 same", "3 same"], [])
    assert (await count(database, AuditRow), await count(database, GrantRow)) == (before, 4)


async def test_the_one_time_password_of_an_import_opens_the_account(database: Database) -> None:
    table = "账号,姓名,角色\nwang,王芳,调解员\n"
    async with database.work() as work:
        _, [(_, _, password)] = await import_staff(work, "main", read(table), CONSOLE)
    async with database.reading() as session:
        [wang] = await session.scalars(select(StaffRow))
    assert (verified(password, wang.password), verified("x", wang.password)) == (True, False)
    assert wang.must_change


async def test_who_is_known_is_changed_and_loses_nothing(database: Database) -> None:
    await a_unit(database, "sn")
    lin = await a_person(database, "lin", Role.MEDIATOR)
    rows, made = await brought(database, "账号,姓名,部门代码,角色,电话\nlin,林静,sn,统计员,12315\n")
    assert rows == ["2 changed 姓名改为林静; 电话改为12315; 调到部门sn; 增加角色：统计员"]
    assert (made, sorted(await roles_of(database, lin))) == (
        [],
        ["mediator own", "statistician own"],
    )


async def test_rows_of_people_that_cannot_be_are_left_out_and_named(database: Database) -> None:
    gone, _ = await a_person(database, "gone"), await a_person(database, "far", body="demo")
    async with database.work() as work:
        await end_person(work, gone.id, CONSOLE)
    table = (
        "账号,姓名,部门代码,角色,电话,生效日期,失效日期\n"
        "a/b,甲,,调解员,,,\n"
        "ok1,乙,nowhere,调解员,,,\n"
        "ok2,丙,,国王,,,\n"
        "ok3,丁,,调解员,,2026-07-01,2026-06-30\n"
        "ok4,戊,,调解员,,第三天,\n"
        "ok5,己,,调解员,打电话,,\n"
        "ok6,,,调解员,,,\n"
        "ok7,庚,,,,,\n"
        "gone,辛,,调解员,,,\n"
        "far,壬,,调解员,,,\n"
        "good,癸,,调解员,,,\n"
        "GOOD,癸二,,调解员,,,\n"
        "ok8,子,,被投诉方,,,\n"
    )
    rows, made = await brought(database, table)
    reasons = [row.split(" ", 2) for row in rows]
    assert [row for row in reasons if row[1] != "refused"] == [
        ["12", "new", "新增癸，角色：调解员"]
    ]
    assert made == ["good"]
    begins = {row[0]: row[2][:12] for row in reasons if row[1] == "refused"}
    assert begins == {
        "2": "账号要2到40个字，只用",
        "3": "没有部门代码「nowhe",
        "4": "没有「国王」这种角色；可",
        "5": "结束日期不能早于开始日期",
        "6": "「生效日期/from」写",
        "7": "这不是电话号码，请写成 ",
        "8": "新账号要写姓名。",
        "9": "新账号要写至少一个角色。",
        "10": "账号「gone」已经停用",
        "11": "账号「far」属于别的机",
        "13": "第12行已经写了账号「g",
        "14": "没有「被投诉方」这种角色",
    }
    assert await count(database, StaffRow) == 3


async def test_everything_that_is_wrong_with_a_row_is_told_at_once(database: Database) -> None:
    gone = await a_person(database, "gone")
    async with database.work() as work:
        await end_person(work, gone.id, CONSOLE)
    table = (
        "账号,姓名,部门代码,角色,电话,生效日期,失效日期\n"
        "x y,,nowhere,国王、王后,打电话,第三天,2026-06-30\n"
        "gone,,,,,2026-07-01,2026-06-30\n"
    )
    rows, made = await brought(database, table)
    first, second = (row.split(" ", 2)[2] for row in rows)
    assert [part[:10] for part in first.split("; ")] == [
        "「生效日期/from",
        "账号要2到40个字，",
        "这不是电话号码，请写",
        "没有部门代码「now",
        "没有「国王」这种角色",
        "没有「王后」这种角色",
        "新账号要写姓名。",
    ]
    assert [part[:10] for part in second.split("; ")] == [
        "结束日期不能早于开始",
        "账号「gone」已经",
    ]
    assert made == []
    assert await count(database, StaffRow) == 1


async def test_an_important_role_is_not_given_by_the_file_of_one_administrator(
    database: Database,
) -> None:
    boss = await a_person(database, "boss", Role.ADMINISTRATOR)
    await a_person(database, "other", Role.ADMINISTRATOR)
    await a_person(database, "lin", Role.MEDIATOR)
    table = "账号,姓名,角色\nnew,新人,审计员、调解员\nlin,,管理员\nwang,王芳,调解员\n"
    rows, made = await brought(database, table, await acting(database, boss))
    why = (
        "要另一位管理员确认，不能从表格授予；"
        "请在人员的页面上授予，没有第二位管理员的，在控制台导入。"
    )
    assert rows == [
        f"2 refused 「审计员」{why}",
        f"3 refused 「管理员」{why}",
        "4 new 新增王芳，角色：调解员",
    ]
    assert made == ["wang"]
    assert await count(database, GrantRow) == 4
    rows, made = await brought(database, table)
    assert (rows[:2], made) == ([f"2 refused 「审计员」{why}", f"3 refused 「管理员」{why}"], [])
    assert await count(database, GrantRow) == 4


async def test_on_the_console_a_file_gives_important_roles_where_nobody_could_confirm_them(
    database: Database,
) -> None:
    await a_person(database, "boss", Role.ADMINISTRATOR)
    lin = await a_person(database, "lin", Role.MEDIATOR)
    rows, _ = await brought(database, "账号,角色\nlin,管理员、审计员\n")
    assert rows == ["2 changed 增加角色：管理员、审计员"]
    held = ["administrator own", "auditor own", "mediator own"]
    assert sorted(await roles_of(database, lin)) == held


async def test_nobody_gives_themselves_a_role_by_a_file(database: Database) -> None:
    boss = await a_person(database, "boss", Role.ADMINISTRATOR)
    rows, _ = await brought(database, "账号,角色\nboss,秘书长\n", await acting(database, boss))
    assert rows == ["2 refused 不能给自己授予角色，请由另一位管理员办理。"]
    assert await roles_of(database, boss) == ["administrator own"]


async def test_who_manages_nobody_brings_nobody_in(database: Database) -> None:
    lin = await acting(database, await a_person(database, "lin", Role.SECRETARY_GENERAL))
    with pytest.raises(NotAllowedError):
        await brought(database, "账号,姓名,角色\nwang,王芳,调解员\n", lin)
    with pytest.raises(NotAllowedError):
        await units_from(database, "代码,名称\nsn,遂宁\n", lin)
    assert (await count(database, StaffRow), await count(database, UnitRow)) == (1, 0)


async def test_a_file_in_gbk_with_a_title_above_its_columns_is_read(
    database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "人员.csv"
    text = "人员名单（2026年）\n账号*,姓名,角色\nwang,王芳,调解员\n"
    file.write_bytes(text.encode("gbk"))
    lines = lines_of(open_sheet(file), STAFF_COLUMNS)
    assert [line.as_json() for line in lines] == [
        [3, {"name": "wang", "display": "王芳", "roles": "调解员"}]
    ]
    assert lines_from([line.as_json() for line in lines]) == lines
    with pytest.raises(FileRefusedError, match="缺少列：账号/name/account/登录名"):
        read("姓名,角色\n王芳,调解员\n")
    assert await count(database, StaffRow) == 0


async def test_five_thousand_people_and_units_come_at_one_go(database: Database) -> None:
    rows = "".join(f"u{n},部门{n},{f'u{n // 10}' if n else ''},\n" for n in range(5000))
    done = await units_from(database, "代码,名称,上级代码,行政区划\n" + rows)
    assert {one.split(" ")[1] for one in done} == {"new"}
    people = "".join(f"p{n},人{n},u{n},调解员\n" for n in range(5000))
    _, made = await brought(database, "账号,姓名,部门代码,角色\n" + people)
    assert len(made) == 5000
    assert await count(database, GrantRow, GrantRow.unit.is_not(None)) == 5000
    assert await count(database, UnitRow, UnitRow.path.like("/%/%/%/%/")) == 4900
