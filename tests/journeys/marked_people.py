"""What people do on pages with marked values: forms, reports, lost codes, requests."""

import asyncio
import re
from typing import Any

import httpx

from tests.intake.test_pages import hidden
from tests.journeys.marked import (
    ID,
    ITEM,
    LATER,
    MAIL,
    NAME,
    PHONE,
    REASON,
    STREET,
    TRIES,
    a_document,
    marked,
)  # fmt: skip
from tests.journeys.post import Mailbox

HTML = {"Accept": "text/html"}
FORM, LOST = "/intake/complaints/new", "/intake/status/lost"
REQUEST = "/mediation/keeping/requests"


async def on_pages(site_url: str, staff: dict[str, str], mailbox: Mailbox) -> None:
    """The public form, a report, lost codes; and a request of a person at the office."""
    async with httpx.AsyncClient(base_url=site_url, timeout=30) as web:
        number = await by_form(web)
        assert (await web.post("/intake/api/v1/complaints", json=a_report())).status_code == 201
        await lost(web, number, mailbox)
    async with httpx.AsyncClient(base_url=site_url, timeout=30, headers=staff) as desk:
        await asked_for_a_copy(desk)


async def by_form(web: httpx.AsyncClient) -> str:
    """Once wrong and with a file, then right; the number."""
    fields: dict[str, Any] = {
        "kind": "complaint",
        "respondent.name": "蓝天电器商行",
        "matter.subject": f"{ITEM}不制冷",
        "matter.text": f"{NAME}买的{ITEM}",
        "complainant.name": NAME,
        "complainant.phone": "1",
        "complainant.email": MAIL,
        "complainant.address": STREET,
        "claims": ["refund"],
        "consents.forwarding": "true",
    }
    page = (await web.get(FORM, headers=HTML)).text
    fields |= {name: hidden(page, name) for name in ("form_token", "form_key")}
    file = ("files", (f"{NAME}.docx", a_document(f"{NAME}，{PHONE}")))
    wrong = await web.post(FORM, data=fields, files=[file], headers=HTML)
    assert (wrong.status_code, NAME in wrong.text) == (422, True)
    right = await web.post(FORM, data=fields | {"complainant.phone": PHONE}, headers=HTML)
    assert right.status_code == 303, right.text
    receipt = (await web.get("/intake/receipt", headers=HTML)).text
    found = re.search(r"[0-9]{6}-[0-9A-HJKMNP-TV-Z]{9}", receipt)
    assert found, receipt
    return found[0]


def a_report() -> dict[str, Any]:
    """A report (举报) by somebody who says who they are."""
    return marked() | {"kind": "report", "claims": []}


async def lost(web: httpx.AsyncClient, number: str, mailbox: Mailbox) -> None:
    """A query code is lost; the mail server knows the address, or says it again and refuses."""
    for contact in (MAIL, PHONE):
        token = hidden((await web.get(LOST, headers=HTML)).text, "form_token")
        fields = {"form_token": token, "number": number, "contact": contact}
        assert (await web.post(LOST, data=fields, headers=HTML)).status_code < 400
    for _ in range(TRIES):
        if mailbox.refused:
            return
        await asyncio.sleep(0.05)
    raise AssertionError("No mail was tried.")


async def asked_for_a_copy(desk: httpx.AsyncClient) -> None:
    """A request of the person for a copy, taken down at the office."""
    page = (await desk.get(f"{REQUEST}/new", headers=HTML)).text
    fields = {
        "form_token": hidden(page, "form_token"),
        "kind": "copy",
        "name": NAME,
        "phone": LATER,
        "id_number": ID,
        "checked": f"看了{NAME}的证件",
        "said": REASON,
    }
    taken = await desk.post(REQUEST, data=fields, headers=HTML)
    assert taken.status_code == 303, (taken.status_code, said_in(taken.text))


def said_in(page: str) -> str:
    """The words of a page, for a failure."""
    return " ".join(re.findall(r">([^<>]+)<", page.partition("<main")[2])).strip()[:400]
