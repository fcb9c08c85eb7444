"""Where data are asked for after the complaint was made, the notice stands beside the fields."""

from html import unescape
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from services.intake.use_cases.lost_codes_answering import answer_due
from shared.trail.rows import opened
from shared.trail.tables import AuditRow
from shared.work import Database
from tests.intake.letters import on_page
from tests.intake.samples import SAMPLES
from tests.intake.test_lost_code import ADDRESS, LOST, Postman, made
from tests.intake.test_notice import VERSION, clock
from tests.intake.test_pages import HTML, STATUS, hidden

__all__ = ["clock", "made"]
SENT = [(VERSION, VERSION), ("2019-01", None), ("", None), (None, None)]
"""Versions that come back with a form, and what is kept of each."""


async def said_of(database: Database, complaint: str, action: str) -> list[dict[str, Any]]:
    """What the rows of one kind on a complaint say."""
    wanted = select(AuditRow).where(AuditRow.key == complaint, AuditRow.action == action)
    async with database.reading() as session:
        rows = list(await session.scalars(wanted))
    found = [opened(database.vault, one.sealed, one.id) for one in rows]
    return [one[1]["said"] for one in found if one]


async def linked(web: httpx.AsyncClient, page: str) -> None:
    """The page links to the notice whose version its hidden field names, and that can be read."""
    assert hidden(page, "privacy_notice") == VERSION
    address = f"/intake/privacy?body=main&amp;version={VERSION}"
    assert f'<a href="{address}">' in page
    assert (await web.get(unescape(address), headers=HTML)).status_code == 200


def seen(page: str, sent: str | None) -> dict[str, str]:
    """The hidden fields as a browser sends them, with this version of the notice."""
    token = {"form_token": hidden(page, "form_token")}
    return token | ({"privacy_notice": sent} if sent is not None else {})


@pytest.mark.parametrize(("sent", "kept"), SENT)
async def test_who_lost_a_code_reads_it_and_the_trail_keeps_its_version(
    web: httpx.AsyncClient,
    database: Database,
    made: dict[str, str],
    sent: str | None,
    kept: str | None,
) -> None:
    page = (await web.get(LOST, headers=HTML)).text
    await linked(web, page)
    fields = {"number": made["number"], "contact": "13800138000"} | seen(page, sent)
    assert (await web.post(LOST, data=fields, headers=HTML)).status_code == 200
    assert await answer_due(database, Postman(), ADDRESS) == 1
    [said] = await said_of(database, made["id"], "code.asked")
    assert said.get("notice") == kept


@pytest.mark.parametrize(("sent", "kept"), SENT)
async def test_who_adds_evidence_reads_it_and_the_trail_keeps_its_version(
    web: httpx.AsyncClient,
    database: Database,
    made: dict[str, str],
    sent: str | None,
    kept: str | None,
) -> None:
    await on_page(web, made)
    page = (await web.get(STATUS, headers=HTML)).text
    await linked(web, page)
    assert "与这件事无关的个人信息请先遮住" in page
    address, files = f"{STATUS}/evidence", [("files", ("a.png", SAMPLES["png"], "image/png"))]
    answer = await web.post(address, data=seen(page, sent), files=files, headers=HTML)
    assert answer.status_code == 303
    [said] = await said_of(database, made["id"], "evidence.added")
    assert len(said["files"]) == 1
    assert said.get("notice") == kept


@pytest.mark.parametrize(("language", "begins"), [("zh", "您填的"), ("en", "消费者")])
async def test_a_sister_reads_the_notice_in_force_in_the_readers_language(
    web: httpx.AsyncClient, token: dict[str, str], language: str, begins: str
) -> None:
    headers = token | {"Accept-Language": language}
    answer = await web.get("/internal/notice", params={"body": "main"}, headers=headers)
    said = answer.json()
    assert (said["version"], said["body"]) == (VERSION, "main")
    assert "{" not in said["short"]
    assert said["short"].startswith(begins)
    assert said.keys() == {"version", "body", "title", "short"}
    nowhere = await web.get("/internal/notice", params={"body": "nowhere"}, headers=headers)
    assert nowhere.json() is None
    assert (await web.get("/internal/notice")).status_code == 401
