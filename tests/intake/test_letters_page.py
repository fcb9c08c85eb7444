"""The page of letters: behind a second code, closed to everybody else, and saying what to do."""

import httpx

from services.intake.use_cases.letters_sending import send_due
from shared.work import Database
from tests.intake.letters import (
    CODE,
    LETTERS,
    STRICT,
    WRONG,
    code_in,
    made,
    office,
    on_page,
    web,
)
from tests.intake.office import LETTER, PDF, OfficeInMemory
from tests.intake.test_pages import HTML, STATUS

__all__ = ["office", "web"]

SENDING = "验证码正在发往"


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
    assert SENDING in (await web.get(sent.headers["location"], headers=HTML)).text
    await send_due(database, office)
    code = code_in(office.mails[0].text)
    for typed, status in (("0000 0000", 403), (code, 303)):
        fields = {"form_token": token, "letters_code": typed}
        answer = await web.post(LETTERS, data=fields, headers=HTML)
        assert answer.status_code == status
        assert code not in answer.text
        assert code not in str(answer.headers)
        assert SENDING not in answer.text
        assert (WRONG in answer.text) is (status == 403)
    assert LETTER.number in (await web.get(LETTERS, headers=HTML)).text
    letter = await web.get(f"{LETTERS}/{LETTER.id}.pdf", headers=HTML)
    assert letter.content == PDF
    assert letter.headers["content-disposition"].startswith("attachment")
    await web.post(f"{STATUS}/leave", data={"form_token": token}, headers=HTML)
    await on_page(web, it)
    assert LETTER.number not in (await web.get(LETTERS, headers=HTML)).text


async def test_nothing_is_said_to_be_on_its_way_to_who_says_they_have_a_code(
    web: httpx.AsyncClient, office: OfficeInMemory
) -> None:
    await on_page(web, await made(web, office))
    closed = (await web.get(LETTERS, headers=HTML)).text
    assert 'name="letters_code"' not in closed
    assert f'href="{LETTERS}?ready=true"' in closed
    page = (await web.get(f"{LETTERS}?ready=true", headers=HTML)).text
    assert 'name="letters_code"' in page
    assert SENDING not in page
    assert office.mails == []


async def test_no_page_offers_to_change_where_the_code_goes_by_telephone(
    web: httpx.AsyncClient, office: OfficeInMemory
) -> None:
    await on_page(web, await made(web, office))
    page = (await web.get(LETTERS, headers=HTML)).text
    assert "打电话不能补留" in page
    assert STRICT.phone not in page


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
    assert "请带上身份证件到安澜市消委会看函件，或者当面补留邮箱、手机号" in page.text
    english = await web.get(LETTERS, headers=HTML | {"Accept-Language": "en"})
    assert "bring your identity document" in english.text.lower()
