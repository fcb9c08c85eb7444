"""A case of another unit or body, with its file and letter: no address gives any of it away."""

import re
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zipfile import ZipFile, is_zipfile

import httpx
import pytest
from sqlalchemy import func, select

from deploy.docs.access import Door, apart, doors
from services.mediation.tables import CaseLogRow
from services.mediation.use_cases.people.doing import CONSOLE
from services.mediation.use_cases.people.units import Wished, make_unit
from services.mediation.use_cases.staff import add_staff
from shared.rights import Role
from shared.web.access import NeedsSession
from tests.hashing import hash_cheaply
from tests.journeys.walking import Walker, a_complaint

if TYPE_CHECKING:
    from shared.runtime.embedded import Embedded

PASSWORD = "corner-quotes-for-what-is-said"
HERE, THERE = "510903", "511002"
SUBJECT, SHOP = "电视机开裂三次", "蓝天电器商行"
REFUSED, BROKEN = {403, 404}, {403, 404, 409, 413, 415, 422, 428}
STRANGERS = (
    (Role.MEDIATOR, "main", True),
    (Role.LEADER, "main", True),
    (Role.REGISTRAR, "main", True),
    (Role.DEPARTMENT_CONTACT, "main", True),
    (Role.PARTNER, "main", False),
    (Role.SECRETARY_GENERAL, "demo", False),
)
"""Role, body, and whether it is held in the unit of the main body that the case is not in."""
ENOUGH = 30


@pytest.fixture(autouse=True)
def cheap_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    hash_cheaply(monkeypatch)


@asynccontextmanager
async def colleague(
    platform: "Embedded", role: Role, body: str, unit: UUID | None
) -> AsyncGenerator[httpx.AsyncClient]:
    """Somebody who is logged in, with the header for scripts."""
    async with platform.running["mediation"].database.work() as work:
        name = f"{role.value}-{body}-{str(unit)[-6:]}".replace("_", "-")[-40:]
        first = await add_staff(work, name, display="某人", role=role, body=body, unit=unit)
    transport = httpx.ASGITransport(app=platform.app())
    form = {"name": name, "password": first, "new_password": PASSWORD}
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        answer = await client.post("/mediation/api/v1/login", json=form)
        assert answer.status_code == 200, answer.text
        client.headers["X-CSRF-Token"] = answer.headers["X-CSRF-Token"]
        yield client


async def two_units(platform: "Embedded") -> tuple[UUID, UUID]:
    """One here, one there, by the region of complaints."""
    async with platform.running["mediation"].database.work() as work:
        made = [
            (
                await make_unit(
                    work, "main", Wished(f"u{code}", f"部门{code}", None, code), CONSOLE
                )
            ).id
            for code in (HERE, THERE)
        ]
    return made[0], made[1]


async def a_case_there(walker: Walker) -> Mapping[str, str]:
    """A forwarded case of the unit there, with a file and a letter: what its addresses name."""
    matter = a_complaint()["matter"] | {"subject": SUBJECT, "text": SUBJECT, "region": THERE}
    receipt = await walker.complain(matter=matter)
    number = receipt["number"]
    sent = await walker.http.post(
        f"/intake/api/v1/complaints/{number}/attachments",
        files={"files": ("票.pdf", b"%PDF-1.7\nx")},
        headers={"X-Query-Code": receipt["query_code"]},
    )
    assert sent.status_code == 201, sent.text
    await walker.settle()
    case = await walker.case_of(number)
    for step in ("accept", "take", "forward"):
        case = await walker.went(case, step)
    await walker.settle()
    record = await walker.http.get(f"/intake/api/v1/complaints/{case['complaint_id']}")
    [letter] = (await walker.http.get("/notification/api/v1/letters")).json()["items"]
    file = record.json()["files"][0]["id"]
    return {
        "case_id": case["id"],
        "number": number,
        "complaint_id": case["complaint_id"],
        "attachment_id": file,
        "file_id": file,
        "letter_id": letter["id"],
        "step": "note",
        "action": "void",
    }


@dataclass(frozen=True)
class Asked:
    """One address as it is called."""

    door: Door
    address: str
    names_it: bool
    """Whether it is an address of the case, its file or its letter."""


def addresses(platform: "Embedded", named: Mapping[str, str]) -> Iterator[Asked]:
    """Every address for people that names the case, and every list."""
    for name, running in platform.running.items():
        for door in doors(name, apart(running)):
            wanted = set(re.findall(r"\{([a-z_]+)\}", door.path))
            ours = wanted <= set(named) and isinstance(door.access, NeedsSession)
            if ours and (wanted or door.method == "GET"):
                yield Asked(door, door.path.format(**named), bool(wanted))


async def call(client: httpx.AsyncClient, asked: Asked) -> httpx.Response:
    """Call it as a page or a script would, with something in it."""
    if asked.door.method == "GET":
        return await client.get(asked.address)
    if "/api/" in asked.address:
        body: dict[str, Any] = (
            {"text": "看看"} if "/steps/" in asked.address else {"reason": "merge"}
        )
        body |= {"parts": ["complainant"]} if asked.address.endswith("/look") else {}
        return await client.post(asked.address, json=body, headers={"If-Match": "5"})
    page = (await client.get("/mediation/me", headers={"Accept": "text/html"})).text
    [token, *_] = re.findall(r'name="form_token" value="([^"]+)"', page)
    form = {"form_token": token, "reason": "merge", "parts": "complainant", "text": "看看"}
    return await client.post(asked.address, data=form | {"version": "5", "file": "pdf"})


def told(answer: httpx.Response) -> str:
    """All that an answer says, packed files included."""
    if not is_zipfile(BytesIO(answer.content)):
        return answer.text
    with ZipFile(BytesIO(answer.content)) as packed:
        return "".join(packed.read(name).decode(errors="replace") for name in packed.namelist())


async def happened(platform: "Embedded", walker: Walker) -> tuple[Any, ...]:
    """What a stranger could have changed: the history of cases, and the state of letters."""
    async with platform.running["mediation"].database.reading() as session:
        steps = await session.scalar(select(func.count()).select_from(CaseLogRow))
    letters = (await walker.http.get("/notification/api/v1/letters")).json()["items"]
    return steps, [one["state"] for one in letters]


async def test_no_address_gives_away_anything_of_another_units_case(
    walker: Walker, platform: "Embedded"
) -> None:
    here, there = await two_units(platform)
    named = await a_case_there(walker)
    secrets = (SUBJECT, SHOP, named["number"])
    before, seen = await happened(platform, walker), 0
    every = list(addresses(platform, named))
    for role, body, in_unit in STRANGERS:
        async with colleague(platform, role, body, here if in_unit else None) as client:
            for asked in every:
                answer = await call(client, asked)
                said = told(answer).replace(asked.address, "")
                if asked.names_it:
                    allowed = REFUSED if asked.door.method == "GET" else BROKEN
                    assert answer.status_code in allowed, (role, asked, answer.text)
                    said = said.replace(named["number"], "")
                assert not any(one in said for one in secrets), (role, asked)
                seen += 1
    assert seen > ENOUGH * len(STRANGERS)
    assert await happened(platform, walker) == before
    async with colleague(platform, Role.MEDIATOR, "main", there) as client:
        opened = [
            asked.address
            for asked in every
            if asked.names_it
            and asked.door.method == "GET"
            and (await call(client, asked)).status_code == 200
        ]
    assert len(opened) >= 9, opened
