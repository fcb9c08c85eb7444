"""Nobody finds a link that is not for them: each role follows every link of its own pages."""

import html
import re
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
import pytest

from services.mediation.use_cases.staff import add_staff
from shared.rights import Role
from tests.conftest import StandingClock
from tests.hashing import hash_cheaply
from tests.journeys.walking import Walker, a_complaint

if TYPE_CHECKING:
    from shared.runtime.embedded import Embedded

PASSWORD = "corner-quotes-for-what-is-said"
START = "/mediation/"
ROLES = [role for role in Role if role is not Role.RESPONDENT]
ID = re.compile(r"[0-9a-f-]{36}|\d{6}-[0-9A-Z]{9}")
LINK = re.compile(r'href="([^"#]+)')
PAGE = re.compile(r"/(?!.*([?&]lang=|/static/))")
"""What is followed: no other site, no style, not the same page in the other language."""
ALIKE = 2
"""Pages of one kind that are opened: the second one shows what the first has not."""
HTML = {"Accept": "text/html"}


def kind_of(address: str) -> tuple[str, bool]:
    """Which page it is, of whatever thing; and whether something is asked of it."""
    parts = urlsplit(address)
    return ID.sub("ID", parts.path), bool(parts.query)


@dataclass
class Crawler:
    """Somebody who follows links, and remembers where they ended."""

    http: httpx.AsyncClient
    waiting: list[tuple[str, str]] = field(default_factory=lambda: [(START, "")])
    seen: set[str] = field(default_factory=set)
    opened: Counter[tuple[str, bool]] = field(default_factory=Counter)
    dead: set[str] = field(default_factory=set)

    async def crawl(self) -> None:
        """Open what is waiting, and what is linked there, until nothing new is left."""
        while self.waiting:
            address, on = self.waiting.pop()
            if address not in self.seen and self.opened[kind_of(address)] < ALIKE:
                self.seen.add(address)
                self.opened[kind_of(address)] += 1
                await self.open(address, on)

    async def open(self, address: str, on: str) -> None:
        """One page; its links are waiting from now on."""
        answer = await self.http.get(address, headers=HTML)
        if answer.status_code >= 400:
            self.dead.add(f"{answer.status_code} {ID.sub('ID', address)} on {ID.sub('ID', on)}")
        if answer.is_redirect:
            self.waiting.append((answer.headers["location"], on))
        elif "html" in answer.headers["content-type"]:
            links = (html.unescape(one) for one in LINK.findall(answer.text))
            self.waiting += [(one, address) for one in links if PAGE.match(one)]

    def saw(self, page: str) -> bool:
        return any(kind == page for kind, _ in self.opened)


@pytest.fixture
def clock() -> StandingClock:
    """A day on which the privacy notice holds."""
    return StandingClock(datetime(2026, 12, 1, 4, tzinfo=UTC))


@pytest.fixture(autouse=True)
def cheap_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    hash_cheaply(monkeypatch)


@asynccontextmanager
async def colleague(platform: "Embedded", role: Role) -> AsyncGenerator[httpx.AsyncClient]:
    """Somebody of this role in a browser of their own, logged in."""
    async with platform.running["mediation"].database.work() as work:
        name, body = role.value.replace("_", "-"), "main"
        first = await add_staff(work, name, display=role.chinese, role=role, body=body)
    transport = httpx.ASGITransport(app=platform.app())
    form = {"name": name, "password": first, "new_password": PASSWORD}
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        answer = await client.post("/mediation/api/v1/login", json=form)
        assert answer.status_code == 200, answer.text
        yield client


async def a_forwarded_case(walker: Walker) -> None:
    """A case of the main body with a file, a letter and a history; and a report (举报) beside."""
    receipt = await walker.complain()
    file = {"files": ("照片.pdf", b"%PDF-1.7\nx", "application/pdf")}
    sent = await walker.http.post(
        f"/intake/api/v1/complaints/{receipt['number']}/attachments",
        files=file,
        headers={"X-Query-Code": receipt["query_code"]},
    )
    assert sent.status_code == 201, sent.text
    await walker.complain(**a_complaint(kind="report"))
    await walker.settle()
    case = await walker.case_of(receipt["number"])
    for step in ("accept", "take", "forward"):
        case = await walker.went(case, step)
    await walker.settle()


CASE, FILE = "/mediation/cases/ID", "/intake/files/ID/ID"
INVITE, CODE = f"{CASE}/invitation", f"{CASE}/query-code"
LETTER, REGISTER = "/notification/letters/ID", "/mediation/register"
LEDGER, REPORTER = "/mediation/cases.xlsx", "/intake/reporters/ID"
WORKING = {CASE, FILE, INVITE, CODE, LETTER, REGISTER, LEDGER}
WATCHED = WORKING | {REPORTER}
FINDS = {
    Role.REGISTRAR: {CASE, FILE, CODE, REGISTER},
    Role.MEDIATOR: WORKING,
    Role.SECRETARY_GENERAL: WORKING,
    Role.LEADER: WORKING,
    Role.DEPARTMENT_CONTACT: set[str](),
    Role.STATISTICIAN: set[str](),
    Role.PUBLICATION_EDITOR: {CASE},
    Role.PRIVACY_OFFICER: {CASE, REPORTER},
    Role.AUDITOR: {CASE},
    Role.ADMINISTRATOR: set[str](),
    Role.PARTNER: {REGISTER},
}
"""Which of the watched addresses each role is led to; a contact has no case in hand here."""


async def test_no_role_is_led_to_an_address_that_is_closed_to_it(
    walker: Walker, platform: "Embedded"
) -> None:
    await a_forwarded_case(walker)
    for role in ROLES:
        async with colleague(platform, role) as client:
            crawler = Crawler(client)
            await crawler.crawl()
        assert crawler.dead == set(), role
        assert {one for one in WATCHED if crawler.saw(one)} == FINDS[role], role


async def test_a_partner_has_no_desk_and_is_told_where_its_transfers_are_followed(
    platform: "Embedded",
) -> None:
    async with colleague(platform, Role.PARTNER) as client:
        start = await client.get(START, headers=HTML)
        page = await client.get(start.headers["location"], headers=HTML)
    assert start.headers["location"] == REGISTER
    assert 'href="/mediation/cases"' not in page.text
    assert 'href="/intake/status"' in page.text
    assert "报来的投诉办到哪一步，凭编号和查询码在“查询进度”里看。" in page.text
