"""The file of a letter has whole what pages mask: who opens it says why, before it is shown."""

import io
import re
from base64 import urlsafe_b64encode
from collections.abc import AsyncGenerator
from typing import Any
from uuid import UUID

import httpx
import pytest
from pypdf import PdfReader
from sqlalchemy import select

from services.notification.domain.states import OVER, State, is_under_way
from services.notification.main import service_of
from services.notification.ports import Office
from services.notification.tables import LetterRow
from services.notification.use_cases.desk import NoSuchLetterError
from services.notification.use_cases.files import NotMadeYetError
from services.notification.use_cases.opening import File, Wanted, open_letter
from shared.acting import Caller, Staff
from shared.masks.reasons import NoReasonError, Why
from shared.rights import Grant, NotAllowedError, Rights, Role
from shared.trail import Doer
from shared.trail.rows import opened
from shared.trail.tables import AuditRow
from shared.web import edge
from shared.web.csrf import HEADER
from shared.work import Database
from tests.doers import Did, did
from tests.notification.conftest import CLERK, CLERK_ID, WORDS, Sisters, clerk, forwarded
from tests.notification.platform import made, only
from tests.notification.test_scopes import assign, assigned
from tests.shared.webs import LogIns, options

API = "/notification/api/v1/letters"
PAGE = "/notification/letters"
HEAD = clerk(Role.SECRETARY_GENERAL)
WHY = Why("contact", "当事人来电")
LIN = Staff(CLERK_ID, "lin", "林调解员", "mediator", "main")
CHEN = Staff(UUID(int=8), "chen", "陈调解员", "mediator", "main")


async def said(database: Database) -> list[dict[str, Any]]:
    """What the trail says of openings."""
    wanted = select(AuditRow).where(AuditRow.action == "letter.opened").order_by(AuditRow.id)
    async with database.reading() as session:
        rows = list(await session.scalars(wanted))
    found = [opened(database.vault, one.sealed, one.id) for one in rows]
    return [one[1]["said"] for one in found if one]


async def in_state(database: Database, office: Office, state: State) -> LetterRow:
    """A letter of a case that is in the clerk's hands."""
    event = forwarded()
    [letter] = await made(database, office, event)
    await assign(database, assigned(event, 4, None, CLERK_ID))
    async with database.work() as work:
        (await work.session.get_one(LetterRow, letter.id)).state = state
    return await only(database)


@pytest.mark.parametrize("file", list(File))
async def test_who_handles_a_letter_on_its_way_opens_it_in_the_course_of_that(
    database: Database, office: Office, file: File
) -> None:
    letter = await in_state(database, office, State.TO_PRINT)
    found = await open_letter(database, office, CLERK, Wanted(letter.id, file))
    assert found.name == f"消转〔2026〕1号.{file}"
    assert await said(database) == [
        {
            "document_number": "消转〔2026〕1号",
            "complaint": str(letter.complaint_id),
            "file": file.value,
            "case": str(letter.case_id),
            "number": letter.case_number,
            "reason": "document",
            "note": "",
            "in_hand": True,
        }
    ]


@pytest.mark.parametrize("state", sorted(OVER))
async def test_a_letter_that_is_over_is_opened_with_a_reason_alone(
    database: Database, office: Office, state: State
) -> None:
    letter = await in_state(database, office, state)
    for why in (None, Why(""), Why("curious"), Why("other", "　"), Why("contact", "长" * 201)):
        with pytest.raises(NoReasonError):
            await open_letter(database, office, CLERK, Wanted(letter.id, why=why))
    assert await said(database) == []
    found = await open_letter(database, office, CLERK, Wanted(letter.id, why=WHY))
    assert WORDS.complainant in PdfReader(io.BytesIO(found.body)).pages[0].extract_text()
    [told] = await said(database)
    assert (told["reason"], told["note"], told["in_hand"]) == ("contact", "当事人来电", True)


async def test_a_reason_that_is_given_is_noted_in_the_course_of_work_as_well(
    database: Database, office: Office
) -> None:
    letter = await in_state(database, office, State.SENDING)
    await open_letter(database, office, CLERK, Wanted(letter.id, why=WHY))
    with pytest.raises(NoReasonError):
        await open_letter(database, office, CLERK, Wanted(letter.id, why=Why("other")))
    [told] = await said(database)
    assert (told["reason"], told["in_hand"]) == ("contact", True)


async def test_who_leads_looks_at_a_letter_in_other_hands_and_it_says_so(
    database: Database, office: Office
) -> None:
    letter = await in_state(database, office, State.SENT)
    head = Caller(Doer("staff", UUID(int=5), "何秘书长"), Rights((held(5),)))
    await open_letter(database, office, head, Wanted(letter.id, why=WHY))
    [told] = await said(database)
    assert told["in_hand"] is False


def held(number: int) -> Grant:
    return Grant(Role.SECRETARY_GENERAL, UUID(int=number), "main")


@pytest.mark.parametrize("state", [State.SENT, State.TO_PRINT])
@pytest.mark.parametrize("role", [Role.RESPONDENT, Role.AUDITOR, Role.REGISTRAR])
async def test_who_may_neither_handle_it_nor_look_gets_nothing_whatever_they_say(
    database: Database, office: Office, role: Role, state: State
) -> None:
    letter = await in_state(database, office, state)
    expected = NotAllowedError if role is Role.RESPONDENT else NoSuchLetterError
    with pytest.raises(expected):
        await open_letter(database, office, clerk(role), Wanted(letter.id, why=WHY))
    assert await said(database) == []


async def test_a_letter_that_cannot_be_made_is_not_noted_as_opened(
    database: Database, office: Office, sisters: Sisters
) -> None:
    sisters.case = None
    [letter] = await made(database, office, forwarded())
    with pytest.raises(NotMadeYetError):
        await open_letter(database, office, CLERK, Wanted(letter.id))
    assert await said(database) == []


async def test_who_looks_by_a_lent_right_is_noted_with_both_names(
    database: Database, office: Office
) -> None:
    letter = await in_state(database, office, State.PRINTED)
    away = UUID(int=5)
    lent = Grant(Role.SECRETARY_GENERAL, away, "main", holder_name="何秘书长")
    li = Caller(Doer("staff", UUID(int=6), "李登记员", "registrar"), Rights((lent,)))
    await open_letter(database, office, li, Wanted(letter.id, why=WHY))
    await open_letter(database, office, HEAD, Wanted(letter.id, why=WHY))
    role = "secretary_general"
    assert await did(database, "letter.opened") == [
        Did("letter.opened", UUID(int=6), "李登记员", role, away, "何秘书长"),
        Did("letter.opened", CLERK_ID, "林调解员", role, None, ""),
    ]


def test_a_letter_is_under_way_until_it_is_out_or_void() -> None:
    assert {one for one in State if not is_under_way(one)} == {
        State.SENT,
        State.PRINTED,
        State.VOID,
    }


@pytest.fixture
async def web(database: Database, office: Office) -> AsyncGenerator[httpx.AsyncClient]:
    """Two mediators are logged in, each with their own name for a cookie."""
    known = {one.name: one for one in (LIN, CHEN)}
    service = service_of(office)
    app = edge("notification", service.routers, database, options=options(None, LogIns(known)))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


def as_one(database: Database, who: Staff) -> dict[str, str]:
    mac = database.vault.mac("csrf-header", who.name.encode())
    made_of = urlsafe_b64encode(mac).decode().rstrip("=")
    return {"Cookie": f"redress_session={who.name}", HEADER: made_of}


async def test_a_program_says_why_in_the_body_and_never_in_the_address(
    web: httpx.AsyncClient, database: Database, office: Office
) -> None:
    letter = await in_state(database, office, State.SENT)
    mine, others = as_one(database, LIN), as_one(database, CHEN)
    address = f"{API}/{letter.id}.pdf"
    refused = [
        (await web.get(address, headers=mine), 422, "NoReasonError"),
        (await web.post(address, json={"reason": "other"}, headers=mine), 422, "NoReasonError"),
        (await web.post(address, json={}, headers=mine), 422, "RequestError"),
        (await web.get(address, headers=others), 403, "NotAllowedError"),
        (
            await web.post(address, json={"reason": "contact"}, headers=others),
            403,
            "NotAllowedError",
        ),
    ]
    for answer, status, problem in refused:
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        if problem != "RequestError":
            assert answer.json()["type"] == problem
    assert await said(database) == []
    for ending, kind in (("pdf", b"%PDF"), ("docx", b"PK")):
        found = await web.post(
            f"{API}/{letter.id}.{ending}", json={"reason": "contact"}, headers=mine
        )
        assert (found.status_code, found.content[: len(kind)]) == (200, kind)
        assert found.headers["cache-control"] == "no-store"
    assert [(one["file"], one["reason"]) for one in await said(database)] == [
        ("pdf", "contact"),
        ("docx", "contact"),
    ]


def token_in(text: str) -> dict[str, str]:
    found = re.search(r'<input type="hidden" name="(\w+)" value="([^"]+)">', text)
    assert found is not None
    return {found[1]: found[2]}


async def test_the_page_asks_why_in_place_and_keeps_what_was_typed(
    web: httpx.AsyncClient, database: Database, office: Office
) -> None:
    letter = await in_state(database, office, State.SENT)
    headers = {"Cookie": "redress_session=lin", "Origin": "http://test"}
    page = (await web.get(f"{PAGE}/{letter.id}", headers=headers)).text
    assert 'popovertarget="open"' in page
    assert f"{letter.id}.pdf" not in page
    fields = token_in(page) | {"file": "docx", "reason": "other", "note": ""}
    again = await web.post(f"{PAGE}/{letter.id}/file", data=fields, headers=headers)
    assert again.status_code == 422
    assert "请写明为什么要看。" in again.text
    assert '<section class="panel" id="open"' in again.text
    assert 'value="docx" checked' in again.text
    assert 'value="other" selected' in again.text
    assert await said(database) == []
    fields |= {"note": "法院调取"}
    found = await web.post(f"{PAGE}/{letter.id}/file", data=fields, headers=headers)
    assert (found.status_code, found.content[:2]) == (200, b"PK")
    [told] = await said(database)
    assert (told["file"], told["reason"], told["note"]) == ("docx", "other", "法院调取")


async def test_the_page_offers_a_letter_to_who_may_open_it_alone(
    web: httpx.AsyncClient, database: Database, office: Office
) -> None:
    event = forwarded()
    [letter] = await made(database, office, event)
    for who in (LIN, CHEN):
        page = await web.get(f"{PAGE}/{letter.id}", headers=as_one(database, who))
        assert f"{letter.id}.pdf" in page.text
        assert 'id="open"' not in page.text
    await assign(database, assigned(event, 4, None, CLERK_ID))
    async with database.work() as work:
        (await work.session.get_one(LetterRow, letter.id)).state = State.PRINTED
    page = await web.get(f"{PAGE}/{letter.id}", headers=as_one(database, CHEN))
    assert page.status_code == 200
    assert f"{letter.id}.pdf" not in page.text
    assert 'id="open"' not in page.text
