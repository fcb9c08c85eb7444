"""Importing on a page: look first, then do it; passwords once; nothing of it is kept between."""

import re

import httpx
import pytest
from fastapi import FastAPI, Request

from services.mediation.pages.people.files import packed, sealed, unpacked
from services.mediation.tables import GrantRow, StaffRow, UnitRow
from services.mediation.use_cases.hashing import new_password
from services.mediation.use_cases.people.importing import Line
from services.mediation.use_cases.people.importing.lines import MOST_LINES
from shared.acting import Staff
from shared.kernel import RuleError
from shared.rights import Role
from shared.work import Database
from tests.mediation.people import a_person, count
from tests.mediation.things import Colleague, form_token, logged_in

STAFF, UNITS = "/mediation/staff/import", "/mediation/units/import"
TABLE = "账号,姓名,角色\nwang,王芳,调解员\nli,李强,国王\n=cmd,坏,调解员\n"


@pytest.fixture
async def boss(stranger: httpx.AsyncClient, database: Database) -> Colleague:
    await a_person(database, "other", Role.ADMINISTRATOR, body="")
    return await logged_in(stranger, database, "boss", body="", role="administrator")


async def looked_at(
    client: httpx.AsyncClient, page: str, table: bytes, name: str = "people.csv"
) -> httpx.Response:
    """Choose a file and look at it."""
    token = form_token(await client.get(page))
    data = {"form_token": token, "body": "main"}
    return await client.post(page, data=data, files={"file": (name, table)})


def hidden(page: httpx.Response, name: str) -> str:
    found = re.search(f'name="{name}" value="([^"]+)"', page.text)
    assert found, page.text
    return found[1]


async def test_people_are_looked_at_first_and_come_in_with_passwords_shown_once(
    boss: Colleague, database: Database
) -> None:
    client = boss.client
    page = await looked_at(client, STAFF, TABLE.encode("gbk"))
    assert page.status_code == 200
    assert "新增王芳，角色：调解员" in page.text
    assert "没有「国王」这种角色" in page.text
    assert await count(database, StaffRow) == 2
    data = {"form_token": form_token(page), "rows": hidden(page, "rows"), "body": "main"}
    done = await client.post(STAFF + "/do", data=data)
    assert "导入好了" in done.text
    assert await count(database, StaffRow, StaffRow.name == "wang") == 1
    handed = {"form_token": form_token(done), "made": hidden(done, "made")}
    file = await client.post(STAFF + "/passwords.csv", data=handed)
    assert re.fullmatch(
        r"账号,姓名,一次性密码\r\nwang,王芳,[a-z2-9-]{19}\r\n", file.text.removeprefix("\ufeff")
    )
    again = await client.post(STAFF + "/do", data=data)
    assert 'name="made"' not in again.text
    assert await count(database, GrantRow, GrantRow.body == "main") == 1


async def test_passwords_are_handed_out_to_nobody_but_who_made_them(
    boss: Colleague, database: Database
) -> None:
    client = boss.client
    page = await looked_at(client, STAFF, TABLE.encode())
    data = {"form_token": form_token(page), "rows": hidden(page, "rows"), "body": "main"}
    made = hidden(await client.post(STAFF + "/do", data=data), "made")
    other = await logged_in(client, database, "boss2", body="", role="administrator")
    token = form_token(await other.client.get(STAFF))
    refused = await client.post(STAFF + "/passwords.csv", data={"form_token": token, "made": made})
    assert refused.status_code == 422
    assert "wang" not in refused.text


async def test_passwords_of_the_largest_import_are_handed_out(
    boss: Colleague, site: FastAPI
) -> None:
    made = [(f"mediator-{n:05}", "王芳", new_password()) for n in range(MOST_LINES)]
    assert boss.actor.id
    by = Staff(boss.actor.id, "boss", "boss", "administrator", "")
    data = {"made": sealed(Request({"type": "http", "app": site}), by, made)}
    data |= {"form_token": form_token(await boss.client.get(STAFF))}
    file = await boss.client.post(STAFF + "/passwords.csv", data=data)
    assert (file.status_code, file.text.count("\r\n")) == (200, 1 + MOST_LINES)


async def test_units_come_in_from_a_page(boss: Colleague, database: Database) -> None:
    page = await looked_at(boss.client, UNITS, "代码,名称,上级代码\nb,乙,a\na,甲,\n".encode())
    data = {"form_token": form_token(page), "rows": hidden(page, "rows"), "body": "main"}
    assert "导入好了" in (await boss.client.post(UNITS + "/do", data=data)).text
    assert await count(database, UnitRow) == 2


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "", "请选择一个 xlsx 或 csv 文件"),
        (b"PK\x03\x04 broken", "x.xlsx", "已损坏，或不是 xlsx"),
        ("姓名\n王芳\n".encode(), "x.csv", "缺少列"),
        (b"<html>", "x.csv", "不是表格"),
    ],
)
async def test_a_file_that_cannot_be_read_says_why(
    boss: Colleague, database: Database, content: bytes, name: str, words: str
) -> None:
    page = await looked_at(boss.client, STAFF, content, name)
    assert (page.status_code, words in page.text) == (422, True)
    assert await count(database, StaffRow) == 2


async def test_rows_that_were_bent_on_the_way_change_nothing(
    boss: Colleague, database: Database
) -> None:
    token = form_token(await boss.client.get(STAFF))
    for rows in ("", "x", packed([Line(2, {"name": "wang"})])[:-9]):
        data = {"form_token": token, "rows": rows, "body": "main"}
        answer = await boss.client.post(STAFF + "/do", data=data)
        assert (answer.status_code, "没有完整传回来" in answer.text) == (422, True)
    nowhere = {"form_token": token, "rows": packed([]), "body": "nowhere"}
    assert (await boss.client.post(STAFF + "/do", data=nowhere)).status_code == 403
    assert await count(database, StaffRow) == 2
    lines = [Line(7, {"name": "wang", "roles": "调解员"})]
    assert unpacked(packed(lines)) == lines
    with pytest.raises(RuleError):
        unpacked(packed([Line(1, {"name": "x" * 9 * 2**20})]))


async def test_who_may_not_manage_finds_no_import(lin: Colleague) -> None:
    for page in (STAFF, UNITS):
        assert (await lin.client.get(page)).status_code == 403
    assert "从表格导入" not in (await lin.client.get("/mediation/staff")).text


async def test_the_template_is_a_file_that_can_be_imported(
    boss: Colleague, database: Database
) -> None:
    template = (await boss.client.get(STAFF + "/template.csv")).content
    page = await looked_at(boss.client, STAFF, template)
    assert "新增王芳，角色：调解员、登记员" in page.text
    assert await count(database, StaffRow) == 2
