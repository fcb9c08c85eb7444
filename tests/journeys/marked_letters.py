"""Letters with marked values: by mail to who is complained about, by a second code to who did."""

import io
import json
from typing import Any

import httpx
from pypdf import PdfReader

from tests.intake.letters import code_in
from tests.intake.test_pages import STATUS, hidden
from tests.journeys.marked import ITEM, MAIL, PHONE, SHOP, marked
from tests.journeys.marked_people import COMPLAINTS, HTML, leads_nowhere_personal
from tests.journeys.post import Mailbox

LETTERS = f"{STATUS}/letters"
BODY = {
    "code": "main",
    "name": "安澜市消费者权益保护委员会",
    "short": "市消委会",
    "docword": "安消转",
    "phone": "0999-12315",
    "letters_code": True,
}
STRICT = {"REDRESS_BODIES": json.dumps([BODY])}
"""The setting of an installation whose letters open with a second code only."""


async def waits(site_url: str, staff: dict[str, str]) -> None:
    """Nothing is there that could send the letter: its mail waits, to be read on a page."""
    async with httpx.AsyncClient(base_url=site_url, headers=staff) as desk:
        [letter] = (await desk.get("/notification/api/v1/letters")).json()["items"]
        assert letter["state"] == "waiting"
        page = await desk.get("/notification/mail", headers=HTML)
        assert (page.status_code, letter["document_number"] in page.text) == (200, True)


async def by_mail(site_url: str, receipt: dict[str, Any], mailbox: Mailbox) -> None:
    """The letter goes out, and whoever complained reads it by a code that came by mail."""
    mail = await mailbox.first_to(SHOP)
    assert ITEM in in_letter(mail.iter_attachments())
    looked: dict[str, Any] = {"response": [leads_nowhere_personal]}
    async with httpx.AsyncClient(base_url=site_url, timeout=30, event_hooks=looked) as web:
        await on_page(web, receipt, mailbox)
    async with httpx.AsyncClient(base_url=site_url, timeout=30) as web:
        await by_api(web, mailbox)


async def on_page(web: httpx.AsyncClient, receipt: dict[str, Any], mailbox: Mailbox) -> None:
    """Number and code; the second code wrong, then right; the letter itself."""
    fields = {"form_token": hidden((await web.get(STATUS, headers=HTML)).text, "form_token")}
    shown = {"number": receipt["number"], "query_code": receipt["query_code"]}
    assert (await web.post(STATUS, data=fields | shown, headers=HTML)).status_code < 400
    asked = await web.post(f"{LETTERS}/code", data=fields, headers=HTML)
    assert asked.status_code == 303
    code = code_in(text_of(await mailbox.first_to(MAIL)))
    wrong = await web.post(LETTERS, data=fields | {"letters_code": PHONE}, headers=HTML)
    assert (wrong.status_code, PHONE in wrong.text) == (403, False)
    right = await web.post(LETTERS, data=fields | {"letters_code": code}, headers=HTML)
    assert right.status_code == 303
    listed = (await web.get(LETTERS, headers=HTML)).text
    [address] = [one for one in listed.split('"') if one.endswith(".pdf")]
    letter = await web.get(address)
    assert ITEM in words_in(letter.content)


async def by_api(web: httpx.AsyncClient, mailbox: Mailbox) -> None:
    """The same as programs do it, for a complaint that has no letter yet."""
    receipt = (await web.post(COMPLAINTS, json=marked())).json()
    shown = {"number": receipt["number"], "query_code": receipt["query_code"]}
    api = "/intake/api/v1/letters"
    assert (await web.post(f"{api}/code", json=shown)).status_code == 202
    code = code_in(text_of(await mailbox.first_to(MAIL, 2)))
    for wrong, status in (
        (shown, 403),
        (shown | {"letters_code": PHONE}, 403),
        (shown | {"query_code": PHONE}, 404),
    ):
        refused = await web.post(api, json=wrong)
        assert (refused.status_code, PHONE in refused.text) == (status, False), refused.text
    opened = await web.post(api, json=shown | {"letters_code": code})
    assert (opened.status_code, opened.json()["items"]) == (200, [])


def text_of(mail: Any) -> str:
    """What a person reads in a mail."""
    return str(mail.get_body(("plain",)).get_content())


def in_letter(attached: Any) -> str:
    """The words of the letter that hangs on a mail."""
    [letter] = [one.get_content() for one in attached]
    return words_in(letter)


def words_in(pdf: bytes) -> str:
    """The words of a letter, without its breaks of lines."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return "".join("".join(one.extract_text().split()) for one in pages)
