"""Whoever opens a letter's file or an attachment looked at that case, wherever it was noted."""

import re
from datetime import date

import httpx
import pytest

from services.intake.tables import ComplaintRow
from services.mediation.tables import CaseRow
from services.notification.tables import LetterRow
from shared.ids import uuid7
from shared.runtime.embedded import Embedded
from shared.trail import Chain, Doer, Said, note
from shared.work import Database
from tests.conftest import NOON
from tests.mediation.test_audit_page import log_in, rows
from tests.mediation.things import a_case, a_colleague

TODAY = date(2026, 6, 23)


@pytest.fixture
def books(platform: Embedded) -> Database:
    return platform.running["mediation"].database


async def a_letter(platform: Embedded, case: CaseRow) -> Chain:
    """A letter of this case, as notification keeps it."""
    identity = uuid7()
    row = {
        "id": identity, "case_id": case.id, "complaint_id": case.complaint_id,
        "kind": "forwarding", "serial": 1, "version": 1, "body": case.body, "demo": case.demo,
        "year": 2026, "number": case.amount_fen, "document_number": f"消转〔2026〕{case.number}号",
        "issued_on": TODAY, "forwarded_on": TODAY, "reply_due": TODAY, "state": "sent",
        "due_at": None,
    }  # fmt: skip
    async with platform.running["notification"].database.work() as work:
        await work.insert(LetterRow, [row])
    return Chain("letter", str(identity))


async def a_complaint(platform: Embedded, case: CaseRow) -> Chain:
    """The complaint of this case, as intake keeps it."""
    row = {
        "id": case.complaint_id, "number": case.number, "body": case.body, "demo": case.demo,
        "caller": "", "key_hash": None, "body_mac": b"", "kind": "complaint", "channel": "web",
        "received_at": NOON, "registered_at": NOON, "respondent_known": True,
    }  # fmt: skip
    async with platform.running["intake"].database.work() as work:
        await work.insert(ComplaintRow, [row])
    return Chain("complaint", str(case.complaint_id))


async def did(platform: Embedded, service: str, chain: Chain, doer: Doer, said: Said) -> None:
    async with platform.running[service].database.work() as work:
        await note(work, chain, doer, said)


async def opened(platform: Embedded, case: CaseRow, doer: Doer) -> None:
    """Somebody opened the letter and a file of a case, and looked behind its mask."""
    facts = {"document_number": "消转〔2026〕12号", "complaint": case.complaint_id}
    why = {"case": case.id, "reason": "contact", "note": "", "in_hand": False, "file": "pdf"}
    letter = await a_letter(platform, case)
    await did(platform, "notification", letter, doer, Said("letter.opened", facts | why))
    complaint = await a_complaint(platform, case)
    await did(platform, "intake", complaint, doer, Said("file.opened", {"file": uuid7()}))
    look = Said("mask.opened", {"reason": "identity", "in_hand": False})
    await did(platform, "mediation", Chain("case", str(case.id)), doer, look)


async def test_letters_and_files_are_among_the_looks_at_their_case(
    platform: Embedded, client: httpx.AsyncClient, books: Database
) -> None:
    case, other = await a_case(books, amount_fen=1), await a_case(books, amount_fen=2)
    lin = Doer("staff", (await a_colleague(books)).id, "林调解员", "mediator")
    for one in (case, other):
        await opened(platform, one, lin)
    await log_in(client, books, "privacy_officer")
    page = (await client.get("/mediation/looks", params={"case": case.number})).text
    for words in ("查看函件", "下载证据文件", "查看隐去的内容", "联系当事人", "消转〔2026〕12号"):
        assert words in page
    assert page.count(f'href="/mediation/cases/{case.number}"') >= 3, "each says which case"
    assert other.number not in page
    assert "不在自己手里的案件，看了2次" in page
    [counted] = re.findall(r'调解员</th><td class="num">(\d+)</td><td class="num">(\d+)', page)
    assert counted == ("3", "1"), "three looks at one case"


async def test_the_trail_of_a_case_has_its_letters_and_files(
    platform: Embedded, client: httpx.AsyncClient, books: Database
) -> None:
    case, other = await a_case(books, amount_fen=1), await a_case(books, amount_fen=2)
    for one in (case, other):
        await opened(platform, one, Doer("staff", uuid7(), "林调解员", "mediator"))
    await log_in(client, books, "auditor")
    found = await rows(client, case=case.number)
    assert [one["action"] for one in found] == [
        "mask.opened", "file.opened", "letter.opened", "step:open",
    ]  # fmt: skip
    assert found[2]["thing"] == "消转〔2026〕12号"
    page = (await client.get("/mediation/audit", params={"case": case.number})).text
    assert page.count(f'href="/mediation/cases/{case.number}"') == 4, "from each to the case"


async def test_a_privacy_officer_of_one_body_sees_the_letters_of_that_body_alone(
    platform: Embedded, client: httpx.AsyncClient, books: Database
) -> None:
    ours = await a_case(books, amount_fen=1)
    theirs = await a_case(books, body="demo", demo=True, amount_fen=2)
    admin = Doer("staff", uuid7(), "总管理员", "administrator")
    for one in (ours, theirs):
        await opened(platform, one, admin)
    await log_in(client, books, "privacy_officer", "local", "main")
    page = (await client.get("/mediation/looks")).text
    assert page.count("总管理员") >= 3
    assert ours.number in page
    assert theirs.number not in page
