"""Two bodies, of which one shows letters only with a second code; what their tests share."""

import re
from collections.abc import AsyncGenerator
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from services.intake import pages, routes
from services.intake.domain.second_code import Ways
from services.intake.ports import Means
from services.intake.storage import Folder
from services.intake.use_cases.letters_sending import send_due
from shared.bodies import Body, bodies_of
from shared.trail.tables import AuditRow
from shared.web import EdgeOptions, edge
from shared.work import Database
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


async def on_page(web: httpx.AsyncClient, it: dict[str, str]) -> str:
    """Show number and code on the page; a token for the next form."""
    token = hidden((await web.get(STATUS, headers=HTML)).text, "form_token")
    await web.post(STATUS, data=shown(it, form_token=token), headers=HTML)
    return token
