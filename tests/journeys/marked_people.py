"""What people do on pages with marked values: forms, reports, lost codes, requests."""

import asyncio
import re
from html import unescape
from typing import Any
from urllib.parse import unquote

import httpx

from tests.intake.test_pages import hidden
from tests.journeys.marked import (
    ID,
    ITEM,
    LATER,
    MAIL,
    MARKS,
    NAME,
    PHONE,
    REASON,
    STREET,
    TRIES,
    UNKNOWN,
    a_document,
    marked,
)  # fmt: skip
from tests.journeys.post import Mailbox

HTML = {"Accept": "text/html"}
COMPLAINTS = "/intake/api/v1/complaints"
FORM, LOST = "/intake/complaints/new", "/intake/status/lost"
REQUEST = "/mediation/keeping/requests"


async def on_pages(site_url: str, staff: dict[str, str], mailbox: Mailbox) -> None:
    """The public form, a report, lost codes; searches and a request of a person at the office."""
    looked: dict[str, Any] = {"response": [leads_nowhere_personal]}
    async with httpx.AsyncClient(base_url=site_url, timeout=30, event_hooks=looked) as web:
        await by_form(web)
        assert (await web.post(COMPLAINTS, json=a_report())).status_code == 201
        unknown = (await web.post(COMPLAINTS, json=marked(UNKNOWN))).json()
        await lost(web, unknown["number"], mailbox)
    told: dict[str, Any] = {"headers": staff, "event_hooks": looked}
    async with httpx.AsyncClient(base_url=site_url, timeout=30, **told) as desk:
        await searched(desk)
        await asked_for_a_copy(desk)


async def leads_nowhere_personal(response: httpx.Response) -> None:
    """No address of a page, and none that it leads to, tells anything of a person."""
    await response.aread()
    leads = re.findall(r'(?:href|src|action)="([^"]*)"', response.text)
    for address in (str(response.url), response.headers.get("Location", ""), *leads):
        assert [one for one in MARKS if one in unquote(unescape(address))] == [], address


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


async def searched(desk: httpx.AsyncClient) -> None:
    """Among cases by name, telephone and word, with a ledger of them; by mistake among letters."""
    for address, typed in (
        ("/mediation/cases", NAME),
        ("/mediation/cases", LATER),
        ("/mediation/cases", ITEM),
        ("/notification/letters", NAME),
    ):
        page = await desk.get(address, headers=HTML)
        fields = {"form_token": hidden(page.text, "form_token"), "q": typed}
        led = (await desk.post(address, data=fields, headers=HTML)).headers["location"]
        assert f'value="{typed}"' in (await desk.get(led, headers=HTML)).text
        if address == "/mediation/cases":
            ledger = await desk.get(led.replace("cases?", "cases.xlsx?"))
            assert (ledger.status_code, ledger.content[:2]) == (200, b"PK")


def a_report() -> dict[str, Any]:
    """A report (举报) by somebody who says who they are."""
    return marked() | {"kind": "report", "claims": []}


async def lost(web: httpx.AsyncClient, number: str, mailbox: Mailbox) -> None:
    """A query code is lost; the mail server knows the address, or says it again and refuses."""
    for contact in (UNKNOWN, PHONE):
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
