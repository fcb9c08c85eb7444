"""Letters open with number and code; where the body wants it, with a second code, used once."""

import asyncio
import re
from collections.abc import AsyncGenerator
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select, update

from services.intake import pages, routes
from services.intake.domain.lost_code import Known
from services.intake.domain.second_code import By, Destination, Ways, destination
from services.intake.ports import Means
from services.intake.storage import Folder
from services.intake.tables import ComplaintRow, MailedCodeRow
from services.intake.use_cases.erasing import empty
from services.intake.use_cases.letters_sending import send_due
from shared.bodies import Body, bodies_of
from shared.trail import Doer
from shared.trail.rows import opened
from shared.trail.tables import AuditRow
from shared.web import EdgeOptions, edge
from shared.work import Database
from tests.conftest import StandingClock
from tests.intake.builders import a_complaint
from tests.intake.conftest import WIDE, OneSession
from tests.intake.office import LETTER, PDF, OfficeInMemory
from tests.intake.test_api import CREATE
from tests.intake.test_pages import HTML, STATUS, hidden

LETTERS, CODE = f"{STATUS}/letters", f"{STATUS}/letters/code"
API = "/intake/api/v1/letters"
STRICT = Body("main", "安澜市消委会", "消委会", "安消", phone="0999-12315", letters_code=True)
EASY = Body("easy", "安澜县消委会", "县消委会", "县消")
WHO = {"name": "张三", "phone": "138 0013 8000", "email": "zhang@example.invalid"}
BOTH, BY_MAIL, BY_TEXT = Ways(email=True, sms=True), Ways(email=True), Ways(sms=True)
WRONG = "验证码不对，或者已经用过、过期"


@pytest.fixture
def office() -> OfficeInMemory:
    return OfficeInMemory()


@pytest.fixture
async def web(
    database: Database, office: OfficeInMemory, tmp_path: Any
) -> AsyncGenerator[httpx.AsyncClient]:
    """A stranger before intake: one body asks for a second code, the other one does not."""
    means = Means(bodies_of([STRICT, EASY]), Folder(tmp_path / "attachments"), office)
    options = EdgeOptions(public_url="http://test", sessions=OneSession(), limits=WIDE)
    app = edge("intake", [*routes.routers(means), *pages.routers(means)], database, options=options)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


async def made(
    web: httpx.AsyncClient, office: OfficeInMemory, body: str = "main", **who: Any
) -> dict[str, str]:
    """A complaint with one letter."""
    sent = a_complaint(complainant=WHO | who, body=body)
    receipt: dict[str, str] = (await web.post(CREATE, json=sent)).json()
    office.of[UUID(receipt["id"])] = [LETTER]
    return receipt


def shown(receipt: dict[str, str], **more: Any) -> dict[str, Any]:
    return {"number": receipt["number"], "query_code": receipt["query_code"], **more}


async def coded(web: httpx.AsyncClient, database: Database, office: OfficeInMemory, it: Any) -> str:
    """A code that was asked for and sent."""
    assert (await web.post(f"{API}/code", json=shown(it))).status_code == 202
    assert await send_due(database, office) == 1
    return code_in(office.mails[-1].text)


def code_in(text: str) -> str:
    found = re.search(r"验证码：?([0-9A-Z]{4} [0-9A-Z]{4})", text)
    assert found, text
    return found[1]


async def deeds(database: Database, complaint: str) -> list[tuple[str, str]]:
    """What the trail says on a complaint: action and kind of doer."""
    async with database.reading() as session:
        wanted = select(AuditRow).where(AuditRow.kind == "complaint", AuditRow.key == complaint)
        rows = list(await session.scalars(wanted.order_by(AuditRow.seq)))
    return [(row.action, row.doer_kind) for row in rows]


async def refused_everywhere(web: httpx.AsyncClient, it: dict[str, str], **more: Any) -> None:
    """Neither list nor letter, and nothing of the letter in the answer."""
    answers = [
        await web.post(API, json=shown(it, **more)),
        await web.post(f"{API}/{LETTER.id}/pdf", json=shown(it)),
    ]
    for answer in answers:
        assert answer.status_code == 403
        assert LETTER.number not in answer.text
        assert PDF not in answer.content


async def test_where_the_body_asks_for_nothing_more_number_and_code_open_the_letters(
    web: httpx.AsyncClient, database: Database, office: OfficeInMemory
) -> None:
    it = await made(web, office, "easy")
    listed = (await web.post(API, json=shown(it))).json()
    assert [(one["number"], one["kind"]) for one in listed["items"]] == [
        (LETTER.number, "forwarding")
    ]
    assert listed["access"] is None
    letter = await web.post(f"{API}/{LETTER.id}/pdf", json=shown(it))
    assert (letter.content, letter.headers["cache-control"]) == (PDF, "no-store")
    assert await deeds(database, it["id"]) == [("letter.opened", "citizen")]
    assert office.mails == []


async def test_the_right_code_opens_the_letters_once(
    web: httpx.AsyncClient, database: Database, office: OfficeInMemory
) -> None:
    it = await made(web, office)
    await refused_everywhere(web, it)
    asked = await web.post(f"{API}/code", json=shown(it))
    assert asked.json() == {"sent_to": "z***@example.invalid", "by": "email"}
    assert await send_due(database, office) == 1
    [mail] = office.mails
    assert (mail.to, mail.body) == ("zhang@example.invalid", "main")
    assert it["number"] not in mail.text + mail.subject
    assert it["query_code"] not in mail.text
    code = code_in(mail.text)
    listed = (await web.post(API, json=shown(it, letters_code=code.lower()))).json()
    assert [one["number"] for one in listed["items"]] == [LETTER.number]
    asked_for = shown(it, access=listed["access"])
    letter = await web.post(f"{API}/{LETTER.id}/pdf", json=asked_for)
    assert letter.content == PDF
    await refused_everywhere(web, it, letters_code=code)
    assert await deeds(database, it["id"]) == [
        ("code.asked", "citizen"),
        ("code.sent", "citizen"),
        ("code.used", "citizen"),
        ("letter.opened", "citizen"),
        ("code.wrong", "stranger"),
    ]


async def test_a_code_pressed_twice_at_once_opens_once(
    web: httpx.AsyncClient, database: Database, office: OfficeInMemory
) -> None:
    it = await made(web, office)
    code = await coded(web, database, office, it)
    answers = await asyncio.gather(
        *(web.post(API, json=shown(it, letters_code=code)) for _ in range(4))
    )
    assert sorted(one.status_code for one in answers) == [200, 403, 403, 403]


async def test_a_code_is_good_for_ten_minutes_and_what_it_opened_for_half_an_hour(
    web: httpx.AsyncClient, database: Database, office: OfficeInMemory, clock: StandingClock
) -> None:
    it = await made(web, office)
    late = await coded(web, database, office, it)
    clock.move(minutes=10, seconds=1)
    await refused_everywhere(web, it, letters_code=late)
    code = await coded(web, database, office, it)
    clock.move(minutes=9)
    access = (await web.post(API, json=shown(it, letters_code=code))).json()["access"]
    address = f"{API}/{LETTER.id}/pdf"
    clock.move(minutes=29)
    assert (await web.post(address, json=shown(it, access=access))).content == PDF
    clock.move(minutes=2)
    assert (await web.post(address, json=shown(it, access=access))).status_code == 403


async def test_five_tries_and_even_the_right_code_is_worthless(
    web: httpx.AsyncClient, database: Database, office: OfficeInMemory, clock: StandingClock
) -> None:
    it = await made(web, office)
    code = await coded(web, database, office, it)
    answers = [
        await web.post(API, json=shown(it, letters_code=typed))
        for typed in ("0000 0000", "", "x" * 40, "٤", "0000 0001", code)
    ]
    said = {(one.status_code, one.json()["detail"]) for one in answers}
    assert len(said) == 1
    assert WRONG in said.pop()[1]
    clock.move(minutes=1)
    again = await coded(web, database, office, it)
    assert again != code
    assert (await web.post(API, json=shown(it, letters_code=again))).status_code == 200


async def test_a_code_of_somebody_elses_complaint_opens_nothing(
    web: httpx.AsyncClient, database: Database, office: OfficeInMemory
) -> None:
    mine, other = (
        await made(web, office),
        await made(web, office, name="李四", email="li@e.invalid"),
    )
    code = await coded(web, database, office, mine)
    await coded(web, database, office, other)
    await refused_everywhere(web, other, letters_code=code)
    access = (await web.post(API, json=shown(mine, letters_code=code))).json()["access"]
    address = f"{API}/{LETTER.id}/pdf"
    for typed in (access, access[:-2], "x", ""):
        assert (await web.post(address, json=shown(other, access=typed))).status_code == 403
    strange = f"{API}/{UUID(int=1)}/pdf"
    assert (await web.post(strange, json=shown(mine, access=access))).status_code == 404


async def test_only_the_last_code_is_good_and_few_go_out(
    web: httpx.AsyncClient, database: Database, office: OfficeInMemory, clock: StandingClock
) -> None:
    it = await made(web, office)
    first = await coded(web, database, office, it)
    same = (await web.post(f"{API}/code", json=shown(it))).json()
    assert await send_due(database, office) == 0
    clock.move(minutes=1)
    await coded(web, database, office, it)
    await refused_everywhere(web, it, letters_code=first)
    for _ in range(8):
        clock.move(minutes=1)
        assert (await web.post(f"{API}/code", json=shown(it))).json() == same
        await send_due(database, office)
    assert len(office.mails) == 5
    clock.move(days=1)
    await coded(web, database, office, it)
    assert len(office.mails) == 6


async def test_one_mailbox_is_not_flooded_through_many_complaints(
    web: httpx.AsyncClient, database: Database, office: OfficeInMemory, clock: StandingClock
) -> None:
    for n in range(6):
        it = await made(
            web, office, email=("zhang@example.invalid", "Zhang@Example.invalid")[n % 2]
        )
        for _ in range(2):
            clock.move(minutes=1)
            await web.post(f"{API}/code", json=shown(it))
            await send_due(database, office)
    assert len(office.mails) == 10


async def test_who_gave_no_address_is_told_so_and_nothing_is_sent(
    web: httpx.AsyncClient, database: Database, office: OfficeInMemory
) -> None:
    it = await made(web, office, email=None)
    answer = await web.post(f"{API}/code", json=shown(it))
    assert answer.json() == {"sent_to": None, "by": None}
    assert await send_due(database, office) == 0
    await refused_everywhere(web, it, letters_code="")


async def test_a_mobile_phone_gets_it_by_text_where_a_gateway_is_there(
    web: httpx.AsyncClient, database: Database, office: OfficeInMemory
) -> None:
    office.can = Ways(email=True, sms=True)
    it = await made(web, office, email=None)
    asked = await web.post(f"{API}/code", json=shown(it))
    assert asked.json() == {"sent_to": "138****8000", "by": "sms"}
    await send_due(database, office)
    [text] = office.texts
    assert text.to == "13800138000"
    opened_by = shown(it, letters_code=code_in(text.text))
    assert (await web.post(API, json=opened_by)).status_code == 200


@pytest.mark.parametrize(
    ("known", "ways", "to"),
    [
        (Known("13800138000", "a@b.invalid"), BOTH, (By.EMAIL, "***@b.invalid")),
        (Known("13800138000", "ab@b.invalid"), BY_TEXT, (By.SMS, "138****8000")),
        (Known("0999-1234567", None), BOTH, None),
        (Known("13800138000", None), BY_MAIL, None),
        (Known(None, None), BOTH, None),
    ],
)
def test_where_a_code_goes(known: Known, ways: Ways, to: tuple[By, str] | None) -> None:
    found = destination(known, ways)
    if to is None:
        assert found is None
        return
    assert found is not None
    assert (found.by, found.masked) == to
    assert found.address not in repr(found)


def test_one_address_is_one_however_it_is_written() -> None:
    one, other = (Destination(By.EMAIL, text) for text in ("A@B.invalid", "a@b.invalid"))
    assert one.material == other.material


async def test_while_the_sender_is_away_it_is_tried_again_as_long_as_the_code_is_good(
    web: httpx.AsyncClient, database: Database, office: OfficeInMemory, clock: StandingClock
) -> None:
    it = await made(web, office)
    await web.post(f"{API}/code", json=shown(it))
    office.away = True
    assert await send_due(database, office) == 1
    assert await send_due(database, office) == 0
    clock.move(seconds=20)
    office.away = False
    assert await send_due(database, office) == 1
    assert len(office.mails) == 1
    clock.move(minutes=1)
    await web.post(f"{API}/code", json=shown(it))
    clock.move(minutes=11)
    assert await send_due(database, office) == 1
    assert len(office.mails) == 1
    asked = [one for one in await deeds(database, it["id"]) if one[0] == "code.sent"]
    assert len(asked) == 1


async def test_a_code_does_not_go_where_the_address_was_corrected_meanwhile(
    web: httpx.AsyncClient, database: Database, office: OfficeInMemory
) -> None:
    it, other = await made(web, office), await made(web, office, email="li@example.invalid")
    await web.post(f"{API}/code", json=shown(it))
    async with database.work() as work:
        theirs = await work.session.get_one(ComplaintRow, UUID(other["id"]))
        who = work.vault.open(theirs.complainant, theirs.id)  # type: ignore[arg-type]  # it is there
        sealed = work.vault.seal(who, "complaints.complainant", UUID(it["id"]))
        mine = update(ComplaintRow).where(ComplaintRow.id == UUID(it["id"]))
        await work.session.execute(mine.values(complainant=sealed))
    assert await send_due(database, office) == 1
    assert office.mails == []


async def test_what_is_kept_is_neither_code_nor_address_and_goes_with_the_complaint(
    web: httpx.AsyncClient, database: Database, office: OfficeInMemory
) -> None:
    it = await made(web, office)
    code = (await coded(web, database, office, it)).replace(" ", "")
    async with database.reading() as session:
        row = (await session.scalars(select(MailedCodeRow))).one()
        rows = list(await session.scalars(select(AuditRow).where(AuditRow.kind == "complaint")))
    assert row.purpose == "letters-code"
    for value in (row.code_mac, row.to_mac):
        assert value is not None
        assert code.encode() not in bytes(value)
        assert b"zhang" not in bytes(value)
    said = [opened(database.vault, one.sealed, one.id) for one in rows]
    assert code not in str(said)
    assert "zhang" not in str(said)
    async with database.work() as work:
        await empty(work, {UUID(it["id"]): "request"}, Doer("system"))
    async with database.reading() as session:
        assert (await session.scalars(select(MailedCodeRow))).all() == []


async def on_page(web: httpx.AsyncClient, it: dict[str, str]) -> str:
    """Show number and code on the page; a token for the next form."""
    token = hidden((await web.get(STATUS, headers=HTML)).text, "form_token")
    await web.post(STATUS, data=shown(it, form_token=token), headers=HTML)
    return token


async def test_the_page_asks_for_the_code_masks_the_address_and_opens_the_letters(
    web: httpx.AsyncClient, database: Database, office: OfficeInMemory
) -> None:
    it = await made(web, office)
    assert (await web.get(LETTERS, headers=HTML)).headers["location"] == STATUS
    token = await on_page(web, it)
    assert f'href="{LETTERS}"' in (await web.get(STATUS, headers=HTML)).text
    closed = await web.get(f"{LETTERS}/{LETTER.id}.pdf", headers=HTML)
    assert (closed.status_code, closed.headers["location"]) == (303, LETTERS)
    page = (await web.get(LETTERS, headers=HTML)).text
    assert "z***@example.invalid" in page
    assert "zhang@" not in page
    assert LETTER.number not in page
    sent = await web.post(CODE, data={"form_token": token}, headers=HTML)
    assert sent.headers["location"] == f"{LETTERS}?sent=true"
    await send_due(database, office)
    code = code_in(office.mails[0].text)
    for typed, status in (("0000 0000", 403), (code, 303)):
        fields = {"form_token": token, "letters_code": typed}
        answer = await web.post(LETTERS, data=fields, headers=HTML)
        assert answer.status_code == status
        assert code not in answer.text
        assert code not in str(answer.headers)
        assert (WRONG in answer.text) is (status == 403)
    assert LETTER.number in (await web.get(LETTERS, headers=HTML)).text
    letter = await web.get(f"{LETTERS}/{LETTER.id}.pdf", headers=HTML)
    assert letter.content == PDF
    assert letter.headers["content-disposition"].startswith("attachment")
    await web.post(f"{STATUS}/leave", data={"form_token": token}, headers=HTML)
    await on_page(web, it)
    assert LETTER.number not in (await web.get(LETTERS, headers=HTML)).text


async def test_the_page_of_another_complaint_stays_closed(
    web: httpx.AsyncClient, database: Database, office: OfficeInMemory
) -> None:
    mine, other = await made(web, office), await made(web, office, email="li@example.invalid")
    token = await on_page(web, mine)
    await web.post(CODE, data={"form_token": token}, headers=HTML)
    await send_due(database, office)
    fields = {"form_token": token, "letters_code": code_in(office.mails[0].text)}
    assert (await web.post(LETTERS, data=fields, headers=HTML)).status_code == 303
    await on_page(web, other)
    assert LETTER.number not in (await web.get(LETTERS, headers=HTML)).text
    closed = await web.get(f"{LETTERS}/{LETTER.id}.pdf", headers=HTML)
    assert closed.headers["location"] == LETTERS


async def test_the_page_says_which_way_is_left_without_an_address(
    web: httpx.AsyncClient, office: OfficeInMemory
) -> None:
    await on_page(web, await made(web, office, email=None))
    page = await web.get(LETTERS, headers=HTML)
    assert "没有留下现在能发验证码的邮箱或者手机" in page.text
    assert "0999-12315" in page.text
    english = await web.get(LETTERS, headers=HTML | {"Accept-Language": "en"})
    assert "bring your identity document" in english.text.lower()


async def test_while_notification_is_away_nothing_opens_and_it_is_said(
    web: httpx.AsyncClient, database: Database, office: OfficeInMemory
) -> None:
    it = await made(web, office)
    office.away = True
    assert (await web.post(f"{API}/code", json=shown(it))).status_code == 503
    async with database.reading() as session:
        assert (await session.scalars(select(MailedCodeRow))).all() == []
