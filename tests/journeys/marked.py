"""A complaint in which everything personal can be recognised, and all that people do with it."""

import asyncio
import io
import zipfile
from typing import Any
from uuid import uuid4

import httpx

from tests.journeys.server import Site
from tests.journeys.walking import Walker, a_complaint

NAME, PHONE, ITEM, STREET, ID = (
    "赵钱孙李", "13800009999", "独角兽牌空调", "和平里七号", "110101199003074514",
)  # fmt: skip
LATER, PAPER, REASON = "13800007777", "手写收条一纸", "邻居听见了吵架"
MAIL, UNKNOWN, SHOP = "zhaoqian@marked.invalid", "buzai@marked.invalid", "dianzhu@marked.invalid"
MARKS = (NAME, PHONE, ITEM, STREET, ID, LATER, PAPER, REASON, MAIL, UNKNOWN, SHOP)
"""Of the person, of what they wrote, of a correction, of a file's name and of its content; and
addresses: the person's, one that the mail server refuses, and that of who is complained about."""
TRIES = 600


def marked(mail: str = MAIL) -> dict[str, object]:
    """The complaint, by somebody with this address."""
    usual = a_complaint()
    person = {
        "name": NAME,
        "phone": PHONE,
        "email": mail,
        "address": STREET,
        "id_type": "resident_id",
        "id_number": ID,
    }
    matter = usual["matter"] | {"subject": f"{ITEM}不制冷", "text": f"{ITEM}修了三次。"}
    shop = usual["respondent"] | {"email": SHOP}
    return usual | {"complainant": person, "respondent": shop, "matter": matter}


async def walk(site: Site) -> dict[str, Any]:
    """From the complaint to the letter, with looks, searches and mistakes; the receipt."""
    async with httpx.AsyncClient(base_url=site.url, headers=site.headers, timeout=30) as http:
        walker = Walker(http, settle=lambda: until_forwarded(http), headers=site.headers)
        receipt = await complain(http)
        number = receipt["number"]
        case = await walker.case_of(await found(http, number))
        case = await walker.went(case, "accept", note=f"{NAME}来电催办")
        case = await walker.went(case, "take")
        later = {"/complainant/phone": LATER}
        case = await walker.went(case, "amend", changes=later, identity_checked=True)
        case = await walker.went(case, "note", text=f"{NAME}说：{REASON}")
        await look(http, case)
        await search(http)
        await mistakes(http, receipt)
        await walker.went(case, "forward")
        await until_forwarded(http)
        [letter] = (await http.get("/notification/api/v1/letters")).json()["items"]
        assert (
            await http.get(f"/notification/api/v1/letters/{letter['id']}.pdf")
        ).status_code == 200
        invited = await http.get(f"/mediation/cases/{number}/invitation")
        assert invited.status_code == 200
        return receipt


async def complain(http: httpx.AsyncClient) -> dict[str, Any]:
    """The complaint and a file of evidence; the receipt."""
    key = {"Idempotency-Key": str(uuid4())}
    sent = await http.post("/intake/api/v1/complaints", json=marked(), headers=key)
    assert sent.status_code == 201, sent.text
    receipt: dict[str, Any] = sent.json()
    code = {"X-Query-Code": receipt["query_code"]}
    files = {"files": (f"{NAME}的{PAPER}.docx", a_document(f"{NAME}的{PAPER}，{PHONE}"))}
    address = f"/intake/api/v1/complaints/{receipt['number']}/attachments"
    added = await http.post(address, files=files, headers=code)
    assert added.status_code == 201, added.text
    return receipt


def a_document(words: str) -> bytes:
    """A small Word file with these words."""
    from docx import Document  # noqa: PLC0415 - slow to load, and only needed here

    made, kept = Document(), io.BytesIO()
    made.add_paragraph(words)
    made.save(kept)
    assert zipfile.is_zipfile(kept)
    return kept.getvalue()


async def look(http: httpx.AsyncClient, case: dict[str, Any]) -> None:
    """Look behind the mask, with a reason that names the person."""
    wanted = {"parts": ["complainant", "words"], "reason": "other", "note": f"{NAME}问进度"}
    answer = await http.post(f"/mediation/api/v1/cases/{case['id']}/look", json=wanted)
    assert answer.json()["complainant"]["name"] == NAME
    page = await http.get(f"/mediation/cases/{case['number']}")
    for mark in (NAME, PHONE, LATER, STREET, ID):
        assert mark not in page.text, mark


async def search(http: httpx.AsyncClient) -> None:
    """Find the case by the person, their phone and a word."""
    for typed in (NAME, LATER, ITEM):
        for _ in range(TRIES):
            answer = await http.get("/mediation/api/v1/cases", params={"q": typed, "state": "all"})
            assert answer.status_code == 200, answer.text
            if answer.json()["items"]:
                break
            await asyncio.sleep(0.05)
        else:
            raise AssertionError(typed)


async def mistakes(http: httpx.AsyncClient, receipt: dict[str, Any]) -> None:
    """What is refused must not be written either."""
    wrong = marked() | {"phone": PHONE, "kind": NAME}
    assert (await http.post("/intake/api/v1/complaints", json=wrong)).status_code == 422
    said = {"name": NAME, "password": PHONE}
    assert (await http.post("/mediation/api/v1/login", json=said)).status_code == 401
    for path in (f"/mediation/cases/{NAME}", f"/mediation/api/v1/cases/{PHONE}", f"/no/{NAME}"):
        answer = await http.get(path)
        assert (answer.status_code, NAME in answer.text, PHONE in answer.text) == (
            404,
            False,
            False,
        )
    address = f"/intake/api/v1/complaints/{receipt['number']}/withdraw"
    assert (await http.post(address, headers={"X-Query-Code": PHONE})).status_code == 404
    broken = f'{{"kind": "complaint", "{NAME}'.encode()
    kind = {"Content-Type": "application/json"}
    answer = await http.post("/intake/api/v1/complaints", content=broken, headers=kind)
    assert answer.status_code == 422
    for mark in MARKS:
        assert mark not in answer.text


async def found(http: httpx.AsyncClient, number: str) -> str:
    """Wait until the case of this number is there, with its words."""
    for _ in range(TRIES):
        answer = await http.get("/mediation/api/v1/cases", params={"q": number})
        if any(case["respondent"] for case in answer.json()["items"]):
            return number
        await asyncio.sleep(0.05)
    raise AssertionError("The case did not come.")


async def until_forwarded(http: httpx.AsyncClient) -> None:
    """Wait until the letter is made."""
    for _ in range(TRIES):
        letters = (await http.get("/notification/api/v1/letters")).json()["items"]
        if letters and letters[0]["state"] not in {"prepared", "owed"}:
            return
        await asyncio.sleep(0.05)
    raise AssertionError("The letter did not come.")
