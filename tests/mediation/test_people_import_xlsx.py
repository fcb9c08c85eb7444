"""Units and people come in from a real Excel file: cells that are dates and numbers, not text."""

from datetime import date, datetime
from io import BytesIO
from typing import Any

import httpx
import openpyxl
import pytest

from services.mediation.tables import GrantRow, StaffRow
from shared.rights import Role
from shared.work import Database
from tests.mediation.doors import rows
from tests.mediation.people import a_person, units
from tests.mediation.test_people_import_page import STAFF, UNITS, hidden, looked_at
from tests.mediation.things import Colleague, form_token, logged_in


@pytest.fixture
async def boss(stranger: httpx.AsyncClient, database: Database) -> Colleague:
    await a_person(database, "other", Role.ADMINISTRATOR, body="")
    return await logged_in(stranger, database, "boss", body="", role="administrator")


def a_book(*lines: list[Any]) -> bytes:
    """An Excel file, as Excel itself would keep these values."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in lines:
        sheet.append(line)
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


async def brought_in(client: httpx.AsyncClient, page: str, book: bytes) -> httpx.Response:
    """Look at a file, then import it."""
    seen = await looked_at(client, page, book, "名单.xlsx")
    assert seen.status_code == 200, seen.text
    data = {"form_token": form_token(seen), "rows": hidden(seen, "rows"), "body": "main"}
    return await client.post(page + "/do", data=data)


async def test_units_and_people_come_in_from_cells_that_are_numbers_and_dates(
    boss: Colleague, database: Database
) -> None:
    tree = a_book(
        ["代码", "名称", "上级代码", "行政区划"],
        [5109, "遂宁市消委会", None, 510900],
        ["cs", "船山区消委会", 5109, 510903],
    )
    done = await brought_in(boss.client, UNITS, tree)
    assert done.status_code == 200, done.text
    made = await units(database)
    assert {code: (one.name, one.region) for code, one in made.items()} == {
        "5109": ("遂宁市消委会", "510900"),
        "cs": ("船山区消委会", "510903"),
    }
    assert made["cs"].parent == made["5109"].id
    names = a_book(
        ["账号", "姓名", "部门", "电话", "角色", "生效日期", "失效日期"],
        ["wang", "王芳", "cs", 82512315, "调解员", date(2026, 7, 1), datetime(2026, 12, 31)],  # noqa: DTZ001 - Excel knows no zones
        ["li", "李强", 5109, None, "登记员", None, "2026-08-31"],
    )
    done = await brought_in(boss.client, STAFF, names)
    assert done.status_code == 200, done.text
    people = {one.name: one for one in await rows(database, StaffRow)}
    assert (people["wang"].unit, people["wang"].phone) == (made["cs"].id, "82512315")
    days = {
        one.staff_id: (one.role, one.unit, one.first_on, one.last_on)
        for one in await rows(database, GrantRow)
    }
    wang, li = people["wang"].id, people["li"].id
    july, december = date(2026, 7, 1), date(2026, 12, 31)
    assert days[wang] == ("mediator", made["cs"].id, july, december)
    assert days[li] == ("registrar", made["5109"].id, date(2026, 6, 23), date(2026, 8, 31))


async def test_a_day_that_is_none_is_told_and_only_the_other_rows_come_in(
    boss: Colleague, database: Database
) -> None:
    names = a_book(
        ["账号", "姓名", "角色", "失效日期"],
        ["wang", "王芳", "调解员", date(2026, 12, 31)],
        ["li", "李强", "调解员", "月底"],
    )
    seen = await looked_at(boss.client, STAFF, names, "名单.xlsx")
    assert seen.status_code == 200
    assert "「失效日期/to」写的不是日期；请写成 2026-06-30。" in seen.text
    done = await brought_in(boss.client, STAFF, names)
    assert done.status_code == 200
    assert {one.name for one in await rows(database, StaffRow)} == {"boss", "other", "wang"}
