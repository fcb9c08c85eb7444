"""Whatever whoever complained changes is a row of the complaint's chain, on every open address."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from fastapi.routing import APIRoute
from sqlalchemy import select

from services.intake import pages, routes
from services.intake.domain.scanning import Scan
from services.intake.ports import Means, ScannerAwayError
from services.intake.storage import Folder
from services.intake.use_cases.letters_sending import send_due
from services.intake.use_cases.lost_codes_answering import answer_due
from services.intake.use_cases.scanning import scan_due
from shared.bodies import Bodies
from shared.trail.logs import AUDIT
from shared.trail.rows import opened
from shared.trail.tables import AuditRow
from shared.trail.verifying import verify
from shared.web.access import Public
from shared.work import Database
from tests.conftest import StandingClock
from tests.intake import test_lost_code as lost
from tests.intake.builders import a_complaint
from tests.intake.letters import (
    API,
    CODE,
    LETTERS,
    code_in,
    coded,
    made,
    office,
    on_page,
    shown,
    web,
)
from tests.intake.office import LETTER, OfficeInMemory
from tests.intake.samples import png
from tests.intake.test_api import CREATE
from tests.intake.test_pages import FILLED, HTML, NEW, STATUS, files, hidden

__all__ = ["office", "web"]
CITIZEN = "citizen"
Sent = dict[str, Any]
"""A request, as the client takes it."""


@dataclass
class Citizen:
    """Somebody with a browser, who complains and comes back."""

    web: httpx.AsyncClient
    database: Database
    office: OfficeInMemory
    clock: StandingClock

    async def receipt(self) -> dict[str, str]:
        """Of a fresh complaint, a day after the last one, when every code of it has left."""
        await send_due(self.database, self.office)
        self.clock.move(days=1, minutes=1)
        return await made(self.web, self.office)

    async def in_browser(self) -> Sent:
        """A fresh complaint opened in the browser, and what its forms carry."""
        token = await on_page(self.web, await self.receipt())
        return {"data": {"form_token": token}, "headers": HTML}


def at(url: str, **more: Any) -> Sent:
    return {"url": url, **more}


async def by_api(_: Citizen) -> Sent:
    return at(CREATE, json=a_complaint(body="main"))


async def by_form(it: Citizen) -> Sent:
    page = (await it.web.get(NEW, params={"body": "main"}, headers=HTML)).text
    names = ("form_token", "form_key")
    fields = {name: hidden(page, name) for name in names}
    return at(NEW, data=FILLED | fields | {"body": "main"}, files=files("pdf"), headers=HTML)


async def add_by_api(it: Citizen) -> Sent:
    receipt = await it.receipt()
    headers = {"X-Query-Code": receipt["query_code"]}
    url = f"{CREATE}/{receipt['number']}/attachments"
    return at(
        url, files=[("files", ("一.png", png())), ("files", ("二.png", png(1)))], headers=headers
    )


async def add_by_form(it: Citizen) -> Sent:
    return at(f"{STATUS}/evidence", files=files("pdf"), **await it.in_browser())


async def withdraw_by_api(it: Citizen) -> Sent:
    receipt = await it.receipt()
    headers = {"X-Query-Code": receipt["query_code"]}
    return at(f"{CREATE}/{receipt['number']}/withdraw", headers=headers)


async def withdraw_by_form(it: Citizen) -> Sent:
    return at(f"{STATUS}/withdraw", **await it.in_browser())


async def look_by_api(it: Citizen) -> Sent:
    return at("/intake/api/v1/status", json=shown(await it.receipt()))


async def look_by_form(it: Citizen) -> Sent:
    receipt = await it.receipt()
    token = hidden((await it.web.get(STATUS, headers=HTML)).text, "form_token")
    return at(STATUS, data=shown(receipt, form_token=token), headers=HTML)


async def leave(it: Citizen) -> Sent:
    return at(f"{STATUS}/leave", **await it.in_browser())


async def ask_by_api(it: Citizen) -> Sent:
    return at(f"{API}/code", json=shown(await it.receipt()))


async def ask_by_form(it: Citizen) -> Sent:
    return at(CODE, **await it.in_browser())


async def use_by_api(it: Citizen) -> Sent:
    receipt = await it.receipt()
    code = await coded(it.web, it.database, it.office, receipt)
    return at(API, json=shown(receipt, letters_code=code))


async def use_by_form(it: Citizen) -> Sent:
    browser = await it.in_browser()
    assert (await it.web.post(CODE, **browser)).status_code == 303
    assert await send_due(it.database, it.office) == 1
    code = code_in(it.office.mails[-1].text)
    return at(LETTERS, data=browser["data"] | {"letters_code": code}, headers=HTML)


async def open_letter(it: Citizen) -> Sent:
    receipt = await it.receipt()
    code = await coded(it.web, it.database, it.office, receipt)
    listed = await it.web.post(API, json=shown(receipt, letters_code=code))
    access = listed.json()["access"]
    return at(f"{API}/{LETTER.id}/pdf", json=shown(receipt, access=access))


async def lose(it: Citizen) -> Sent:
    number, contact = (await it.receipt())["number"], "138 0013 8000"
    fields = {"form_token": await lost.token(it.web), "number": number, "contact": contact}
    return at(lost.LOST, data=fields, headers=HTML)


async def redeem(it: Citizen) -> Sent:
    sent = await lose(it)
    assert (await it.web.post(**sent)).status_code == 200
    post = lost.Postman()
    assert await answer_due(it.database, post, lost.ADDRESS)
    code = lost.code_in(post.taken[-1])
    return at(lost.CODE, data=sent["data"] | {"one_time_code": code}, headers=HTML)


NOTHING: list[str] = []
WALK: dict[str, tuple[Callable[[Citizen], Awaitable[Sent]], list[str]]] = {
    # The record itself; the first row of its case's log tells of it (mediation, `open`).
    CREATE: (by_api, NOTHING),
    NEW: (by_form, ["evidence.added"]),
    CREATE + "/{number}/attachments": (add_by_api, ["evidence.added"]),
    f"{STATUS}/evidence": (add_by_form, ["evidence.added"]),
    CREATE + "/{number}/withdraw": (withdraw_by_api, ["complaint.withdrawn"]),
    f"{STATUS}/withdraw": (withdraw_by_form, ["complaint.withdrawn"]),
    # Looking at one's own complaint changes nothing.
    "/intake/api/v1/status": (look_by_api, NOTHING),
    STATUS: (look_by_form, NOTHING),
    f"{STATUS}/leave": (leave, NOTHING),
    f"{API}/code": (ask_by_api, ["code.asked"]),
    CODE: (ask_by_form, ["code.asked"]),
    API: (use_by_api, ["code.used"]),
    LETTERS: (use_by_form, ["code.used"]),
    API + "/{letter_id}/pdf": (open_letter, ["letter.opened"]),
    # Whether there is such a complaint is looked up later, so that nobody learns it.
    lost.LOST: (lose, NOTHING),
    lost.CODE: (redeem, ["code.used", "code.renewed"]),
}
"""Every address where a stranger can send something, and what the trail tells of it."""


def open_to_all(folder: Path) -> set[str]:
    """The addresses that take something from everybody."""
    means = Means(Bodies(), Folder(folder), OfficeInMemory())
    found = [
        route
        for router in (*routes.routers(means), *pages.routers(means))
        for route in router.routes
        if isinstance(route, APIRoute) and "POST" in (route.methods or ())
    ]
    return {
        route.path
        for route in found
        if any(isinstance(one.dependency, Public) for one in route.dependencies)
    }


def test_the_walk_leaves_no_open_address_out(tmp_path: Path) -> None:
    assert open_to_all(tmp_path) == WALK.keys()


async def noted(database: Database) -> list[tuple[str, str]]:
    """The rows of all complaints: what, and what kind of doer."""
    wanted = select(AuditRow).where(AuditRow.kind == "complaint").order_by(AuditRow.id)
    async with database.reading() as session:
        return [(row.action, row.doer_kind) for row in await session.scalars(wanted)]


async def test_whatever_somebody_changes_of_their_complaint_is_a_row_of_its_chain(
    web: httpx.AsyncClient, database: Database, office: OfficeInMemory, clock: StandingClock
) -> None:
    citizen = Citizen(web, database, office, clock)
    told = {}
    for path, (prepare, _) in WALK.items():
        web.cookies.clear()
        sent = await prepare(citizen)
        before = await noted(database)
        answer = await web.post(**sent)
        assert answer.status_code < 400, (path, answer.text)
        told[path] = (await noted(database))[len(before) :]
    assert told == {path: [(deed, CITIZEN) for deed in deeds] for path, (_, deeds) in WALK.items()}
    assert (await verify(database, [AUDIT])).breaks == []


async def test_a_second_withdrawal_and_a_file_sent_twice_are_no_change(
    web: httpx.AsyncClient, database: Database, office: OfficeInMemory, clock: StandingClock
) -> None:
    citizen = Citizen(web, database, office, clock)
    for prepare in (withdraw_by_api, add_by_api):
        sent = await prepare(citizen)
        for _ in range(2):
            assert (await web.post(**sent)).status_code < 300
    assert await noted(database) == [
        ("complaint.withdrawn", CITIZEN),
        ("evidence.added", CITIZEN),
    ]


@dataclass
class Scanner:
    """Says of each file what it is told to; nothing is left to say: it is away."""

    found: list[Scan]

    async def scan(self, data: bytes) -> Scan:
        if not self.found:
            raise ScannerAwayError("away")
        return self.found.pop(0)


async def test_what_the_scanner_finds_is_noted_once_and_an_infected_file_as_quarantined(
    web: httpx.AsyncClient,
    database: Database,
    office: OfficeInMemory,
    clock: StandingClock,
    tmp_path: Path,
) -> None:
    storage = Folder(tmp_path / "attachments")
    await web.post(**await add_by_api(Citizen(web, database, office, clock)))
    scanner = Scanner([])
    for _ in range(3):
        await scan_due(database, storage, scanner)
        clock.move(hours=1)
    scanner.found = [Scan.CLEAN, Scan.INFECTED]
    while await scan_due(database, storage, scanner):
        pass
    wanted = select(AuditRow).where(AuditRow.action.startswith("file.")).order_by(AuditRow.id)
    async with database.reading() as session:
        rows = list(await session.scalars(wanted))
    said = [(opened(database.vault, row.sealed, row.id) or (b"", {}))[1]["said"] for row in rows]
    assert {row.doer_kind for row in rows} == {"system"}
    assert len({one["file"] for one in said}) == 2
    told = [(row.action, one["scan"]) for row, one in zip(rows, said, strict=True)]
    assert sorted(told) == [
        ("file.quarantined", "infected"),
        ("file.scanned", "clean"),
        ("file.scanned", "scan_failed"),
    ], "three failures in a row are one change"
