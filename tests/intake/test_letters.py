"""Letters open with number and code; where the body wants it, with a second code, used once."""

import asyncio

import httpx

from services.intake.use_cases.letters_sending import send_due
from shared.work import Database
from tests.conftest import StandingClock
from tests.intake.letters import (
    API,
    code_in,
    coded,
    deeds,
    made,
    office,
    refused_everywhere,
    shown,
    web,
)
from tests.intake.office import LETTER, PDF, OfficeInMemory

__all__ = ["office", "web"]


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
