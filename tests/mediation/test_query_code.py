"""A lost query code is replaced at the desk: asked once more, logged, shown once."""

import asyncio
from uuid import UUID

import httpx
import pytest

from services.mediation.tables import CaseRow
from services.mediation.use_cases.audit import CASES
from services.mediation.use_cases.keeping import opened
from shared.net import Unanswered
from shared.trail import Doer
from shared.trail.verifying import verify
from shared.web.requests import SESSION_COOKIE
from shared.work import Database
from tests.mediation.keeping import noted
from tests.mediation.things import (
    Colleague,
    IntakeInMemory,
    a_case,
    form_token,
    log_of,
    logged_in,
    said,
    the_case,
    walk,
)

HTML = {"Accept": "text/html", "Origin": "http://test"}
CHECKED = {"identity_checked": "true"}


def page_of(case: CaseRow) -> str:
    return f"/mediation/cases/{case.number}/query-code"


async def renew(who: Colleague, case: CaseRow, fields: dict[str, str]) -> httpx.Response:
    """Send the form as somebody who saw `case`."""
    page = await who.client.get(page_of(case), headers=HTML)
    form = {"form_token": form_token(page), "version": str(case.version), **fields}
    return await who.client.post(page_of(case), data=form, headers=HTML)


async def nothing_happened(database: Database, intake: IntakeInMemory, case: CaseRow) -> None:
    async with database.reading() as session:
        assert len(await log_of(session, case)) == case.version
    assert (await the_case(database, case.number)).version == case.version
    assert len(await said(database)) == case.version
    assert intake.renewed == []


async def test_the_new_code_is_shown_once_and_the_log_says_who_gave_it_out(
    lin: Colleague, database: Database, intake: IntakeInMemory
) -> None:
    case = await walk(database, await a_case(database), lin.actor, "accept")
    case_page = await lin.client.get(f"/mediation/cases/{case.number}", headers=HTML)
    assert f'href="{page_of(case)}"' in case_page.text
    answer = await renew(lin, case, CHECKED)
    assert (answer.status_code, answer.headers["location"]) == (303, page_of(case))
    assert intake.renewed == [case.complaint_id]
    [doer] = intake.renewed_by
    assert (doer.kind, doer.id, doer.name) == ("staff", lin.actor.id, "lin调解员")
    assert "NEWC0DE23456" in (await lin.client.get(page_of(case), headers=HTML)).text
    assert "NEWC0DE23456" not in (await lin.client.get(page_of(case), headers=HTML)).text
    async with database.reading() as session:
        row = (await log_of(session, case))[-1]
        assert (await verify(database, [CASES])).breaks == []
    assert (row.seq, row.step, row.actor, row.before, row.after) == (
        3, "renew-code", lin.actor.id, "accepted", "accepted",
    )  # fmt: skip
    values = opened(database.vault, row.sealed, case.id, row.id)
    assert values is not None
    assert values[1] == {}
    last = (await said(database))[-1]
    assert (last.TYPE, last.version) == ("mediation.case_amended.v1", 3)
    assert "NEWC0DE23456" not in last.model_dump_json()
    shown = (await lin.client.get(f"/mediation/cases/{case.number}", headers=HTML)).text
    assert "<strong>换发查询码</strong>" in shown


async def test_without_a_look_at_the_identity_document_no_code_is_given_out(
    lin: Colleague, database: Database, intake: IntakeInMemory
) -> None:
    case = await a_case(database)
    answer = await renew(lin, case, {})
    assert answer.status_code == 422
    assert "请先核对来人的身份证件，核对过了再勾选。" in answer.text
    await nothing_happened(database, intake, case)


async def test_a_button_pressed_twice_gives_out_one_code(
    lin: Colleague, database: Database, intake: IntakeInMemory
) -> None:
    case = await a_case(database)
    assert (await renew(lin, case, CHECKED)).status_code == 303
    again = await renew(lin, case, CHECKED)
    assert again.status_code == 409
    assert "已经做了「换发查询码」" in again.text
    assert intake.renewed == [case.complaint_id]


async def test_while_intake_does_not_answer_it_is_written_that_none_came_and_can_be_asked_again(
    lin: Colleague, database: Database, intake: IntakeInMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(_: UUID, __: Doer) -> str:
        raise Unanswered("intake")

    case = await a_case(database)
    with monkeypatch.context() as patch:
        patch.setattr(intake, "renew_code", away)
        answer = await renew(lin, case, CHECKED)
    assert answer.status_code == 503
    assert "没有拿到新的查询码" in answer.text
    assert intake.renewed == []
    assert [one for one, *_ in await noted(database, "case")] == ["code.not_renewed"]
    now = await the_case(database, case.number)
    assert now.version == 2
    assert (await renew(lin, now, CHECKED)).status_code == 303
    assert intake.renewed == [case.complaint_id]


async def test_nothing_is_locked_while_intake_answers_and_the_log_row_is_there_already(
    lin: Colleague, database: Database, intake: IntakeInMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await a_case(database)
    seen: list[int] = []

    async def writes_itself(_: UUID, __: Doer) -> str:
        async with asyncio.timeout(20), database.work() as work:
            seen.extend(row.seq for row in await log_of(work.session, case))
        return "NEWC0DE23456"

    monkeypatch.setattr(intake, "renew_code", writes_itself)
    assert (await renew(lin, case, CHECKED)).status_code == 303
    assert seen == [1, 2]


async def test_neither_strangers_nor_another_body_replace_a_code(
    lin: Colleague, database: Database, intake: IntakeInMemory
) -> None:
    case, token = await a_case(database, body="main"), ""
    token = form_token(await lin.client.get(page_of(case), headers=HTML))
    form = {"form_token": token, "version": "1", **CHECKED}
    unsigned = {"version": "1", **CHECKED}
    assert (await lin.client.post(page_of(case), data=unsigned, headers=HTML)).status_code == 409
    other = await logged_in(lin.client, database, "qin", "elsewhere")
    assert (await other.client.get(page_of(case), headers=HTML)).status_code == 404
    lin.client.cookies.delete(SESSION_COOKIE)
    answer = await lin.client.post(page_of(case), data=form, headers=HTML)
    assert answer.status_code == 401
    await nothing_happened(database, intake, case)
