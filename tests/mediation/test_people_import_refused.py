"""What a file asks for and no file may give stands in the trail, like other refused attempts."""

import httpx
import pytest

from services.mediation.pages.people.files import packed
from services.mediation.tables import GrantRow, StaffRow
from services.mediation.use_cases.people.importing import STAFF_COLUMNS, lines_of
from shared.rights import Role
from shared.sheets import sheet_of
from shared.trail.refusals import refusals_of
from shared.work import Database
from tests.mediation.keeping import noted
from tests.mediation.people import Person, a_person, count
from tests.mediation.test_people_import_page import STAFF, looked_at
from tests.mediation.things import Colleague, form_token, logged_in

TABLE = (
    "账号,姓名,角色\nlin,,管理员\nboss,,审计员\nfar,远方,调解员\nnobody,无名,个人信息保护负责人\n"
    "wang,王芳,国王\n"
)


@pytest.fixture
async def boss(stranger: httpx.AsyncClient, database: Database) -> Colleague:
    await a_person(database, "other", Role.ADMINISTRATOR)
    return await logged_in(stranger, database, "boss", role="administrator")


@pytest.fixture
async def lin(database: Database) -> Person:
    return await a_person(database, "lin", Role.MEDIATOR)


@pytest.fixture
async def far(database: Database) -> Person:
    return await a_person(database, "far", Role.MEDIATOR, body="b2")


async def test_rows_that_no_file_may_bring_are_told_to_the_trail_each_time_they_are_tried(
    boss: Colleague, lin: Person, far: Person, database: Database
) -> None:
    before = await count(database, StaffRow), await count(database, GrantRow)
    await looked_at(boss.client, STAFF, TABLE.encode())
    looked = [
        ("refused.forbidden", "SecondNeededError", str(lin.id)),
        ("refused.forbidden", "NotToOneselfError", str(boss.actor.id)),
        ("refused.forbidden", "SecondNeededError", str(boss.actor.id)),
        ("refused.beyond", "NameTakenError", str(far.id)),
        ("refused.forbidden", "SecondNeededError", None),
    ]
    assert await refused(database, boss) == looked
    rows = packed(lines_of(sheet_of(TABLE.encode(), "people.csv"), STAFF_COLUMNS))
    token = form_token(await boss.client.get(STAFF))
    data = {"form_token": token, "rows": rows, "body": "main"}
    done = await boss.client.post(STAFF + "/do", data=data)
    assert "第二位管理员" in done.text
    assert await refused(database, boss) == looked + looked
    assert "nobody" not in str(await noted(database, "refused"))
    assert (await count(database, StaffRow), await count(database, GrantRow)) == before


async def refused(database: Database, by: Colleague) -> list[tuple[str, str, str | None]]:
    """What the trail tells of refusals, all of one person: deed, error, and whose account."""
    await refusals_of(database).write("mediation")
    rows = await noted(database, "refused")
    assert {doer for _, doer, _ in rows} == {by.actor.id}
    return [(action, said["error"], said["tried"].get("id")) for action, _, said in rows]
