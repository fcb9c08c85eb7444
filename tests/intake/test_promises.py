"""The public pages promise nothing but what happens."""

from typing import Any

import httpx
import pytest
from sqlalchemy import select

from services.intake.tables import ComplaintRow
from services.intake.use_cases.hearing import note_steps
from shared.events import CaseAgreed, CaseClosed, CaseEvent, CaseForwarded, CaseRefused
from shared.work import Database
from tests.intake.builders import of_a_case
from tests.intake.test_pages import FILLED, HTML, STATUS, blank, hidden, looking, send

CALLS: list[tuple[type[CaseEvent], dict[str, Any], str]] = [
    (CaseRefused, {"state": "closed", "reason": "of_a_pack_to_come"},
     "想知道原因，可以打电话 000-12315 问我们。"),
    (CaseAgreed, {"state": "agreed"}, "商家不照办，可以打电话 000-12315 告诉我们。"),
    (CaseClosed, {"state": "closed", "outcome": "deemed", "closed_on": "2026-06-23"},
     "有不明白的，可以打电话 000-12315 问我们。"),
]  # fmt: skip


@pytest.mark.parametrize("said", CALLS)
@pytest.mark.parametrize("body", ["main", "demo"])
async def test_people_are_told_to_ring_only_where_there_is_a_telephone(
    web: httpx.AsyncClient,
    database: Database,
    body: str,
    said: tuple[type[CaseEvent], dict[str, Any], str],
) -> None:
    event, facts, sentence = said
    answer = await send(web, await blank(web) | FILLED | {"body": body})
    assert answer.status_code == 303
    async with database.work() as work:
        row = (await work.session.scalars(select(ComplaintRow))).one()
        await note_steps(work, [of_a_case(event, row.id, 5, **facts)])
    page = (await web.get(STATUS, headers=HTML)).text
    assert (sentence in page) is (body == "demo")
    assert ("打电话" in page) is (body == "demo")


async def test_what_a_page_does_not_keep_is_not_said_to_be_kept(
    web: httpx.AsyncClient, database: Database
) -> None:
    kept = "其他内容都已保留，不用重填。"
    wrong = await send(web, await blank(web) | FILLED | {"complainant.phone": "123"})
    assert kept in wrong.text
    page = (await web.get(STATUS, headers=HTML)).text
    fields = {"form_token": hidden(page, "form_token"), "number": "1", "query_code": "123456"}
    found = (await web.post(STATUS, data=fields, headers=HTML)).text
    assert "123456" not in found
    assert "查询码不会保留，请重新填。" in found
    assert kept not in found
    opened = await looking(web)
    token = {"form_token": hidden(opened, "form_token")}
    nothing = (await web.post(f"{STATUS}/evidence", data=token, headers=HTML)).text
    assert "这次选的文件一个也没有收下。" in nothing
    assert kept not in nothing


async def test_no_page_speaks_of_urging_that_nobody_does(
    web: httpx.AsyncClient, database: Database
) -> None:
    await send(web, await blank(web) | FILLED)
    async with database.work() as work:
        row = (await work.session.scalars(select(ComplaintRow))).one()
        facts = {"serial": 1, "forwarded_on": "2026-06-15", "reply_due": "2026-06-20"}
        await note_steps(work, [of_a_case(CaseForwarded, row.id, 5, "forwarded", **facts)])
    page = (await web.get(STATUS, headers=HTML)).text
    assert "商家应当在这一天以前答复；答复登记以后，这里就看得到。" in page
    assert "催办" not in page
