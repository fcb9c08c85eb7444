"""In a file of evidence nothing can be masked: who opens it works on the case, or says why."""

import asyncio
import re
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import delete, select, text

from services.intake.consumers import on_step
from services.intake.tables import AttachmentRow
from shared.acting import Staff
from shared.events import CaseClosed
from shared.rights import Grant, Role
from shared.trail.rows import opened as values_in
from shared.trail.tables import AuditRow
from shared.work import Database
from tests.doers import Did, did
from tests.intake.builders import a_complaint, of_a_case
from tests.intake.samples import SAMPLES
from tests.intake.test_scopes import (
    CREATE,
    PEOPLE,
    WARD,
    as_one,
    assign,
    assigned,
    opened,
    units,
    upload,
    web,
)
from tests.mediation.meanwhile import stopped

__all__ = ["units", "web"]
WHY = {"reason": "contact", "note": "当事人来电"}


async def said(database: Database) -> list[dict[str, Any]]:
    """What the trail says of openings."""
    wanted = select(AuditRow).where(AuditRow.action == "file.opened").order_by(AuditRow.id)
    async with database.reading() as session:
        rows = list(await session.scalars(wanted))
    found = [values_in(database.vault, one.sealed, one.id) for one in rows]
    return [one[1]["said"] for one in found if one]


async def a_file(web: httpx.AsyncClient, database: Database) -> tuple[dict[str, Any], str]:
    """A complaint that lies in the ward, and the id of its only file."""
    made = (await web.post(CREATE, json=a_complaint())).json()
    await opened(database, made["id"], 1, WARD)
    assert await upload(web, made, as_one(database, "ward")) == 201
    record = await web.get(f"{CREATE}/{made['id']}", headers=as_one(database, "ward"))
    return made, record.json()["files"][0]["id"]


async def end(database: Database, complaint: str) -> None:
    """Its case is closed."""
    event = of_a_case(CaseClosed, complaint, 9, "closed", outcome="agreed", closed_on="2026-06-30")
    assert isinstance(event, CaseClosed)
    async with database.work() as work:
        await on_step(work, [event])


@pytest.mark.usefixtures("units")
async def test_who_works_on_a_case_opens_its_files_in_the_course_of_that(
    web: httpx.AsyncClient, database: Database
) -> None:
    made, file = await a_file(web, database)
    for address in (
        f"{CREATE}/{made['id']}/attachments/{file}",
        f"/intake/files/{made['id']}/{file}",
    ):
        answer = await web.get(address, headers=as_one(database, "ward"))
        assert (answer.status_code, answer.content) == (200, SAMPLES["png"])
    assert await said(database) == [
        {"file": file, "number": made["number"], "in_hand": True} for _ in range(2)
    ]


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
@pytest.mark.usefixtures("units")
async def test_a_file_that_goes_while_it_is_looked_up_is_not_there_and_no_look_is_noted(
    web: httpx.AsyncClient, database: Database
) -> None:
    made, file = await a_file(web, database)
    address = f"{CREATE}/{made['id']}/attachments/{file}"
    async with database.work() as work:
        await work.session.execute(text("LOCK TABLE public_status IN ACCESS EXCLUSIVE MODE"))
        await work.session.execute(delete(AttachmentRow).where(AttachmentRow.id == UUID(file)))
        looking = asyncio.create_task(web.get(address, headers=as_one(database, "ward")))
        assert await stopped(database, looking) == 1
    answer = await looking
    assert (answer.status_code, answer.json()["type"]) == (404, "NoSuchComplaintError")
    assert await said(database) == []


@pytest.mark.usefixtures("units")
async def test_the_files_of_a_case_that_is_over_are_opened_with_a_right_and_a_reason(
    web: httpx.AsyncClient, database: Database
) -> None:
    made, file = await a_file(web, database)
    await end(database, made["id"])
    address = f"{CREATE}/{made['id']}/attachments/{file}"
    city, ward = as_one(database, "city"), as_one(database, "ward")
    for answer, status, problem in (
        (await web.get(address, headers=city), 422, "NoReasonError"),
        (await web.post(address, json={"reason": "other"}, headers=city), 422, "NoReasonError"),
        (await web.get(address, headers=ward), 403, "NotAllowedError"),
        (await web.post(address, json=WHY, headers=ward), 403, "NotAllowedError"),
    ):
        assert (answer.status_code, answer.json()["type"]) == (status, problem)
    assert await said(database) == []
    found = await web.post(address, json=WHY, headers=city)
    assert (found.status_code, found.content) == (200, SAMPLES["png"])
    assert await said(database) == [
        {"file": file, "number": made["number"], **WHY, "in_hand": False}
    ]


@pytest.mark.usefixtures("units")
async def test_who_reads_a_case_and_does_not_work_on_it_gets_no_file_whatever_they_say(
    web: httpx.AsyncClient, database: Database
) -> None:
    made, file = await a_file(web, database)
    address = f"{CREATE}/{made['id']}/attachments/{file}"
    auditor = as_one(database, "auditor")
    assert (await web.get(f"{CREATE}/{made['id']}", headers=auditor)).status_code == 200
    for answer in (
        await web.get(address, headers=auditor),
        await web.post(address, json=WHY, headers=auditor),
    ):
        assert (answer.status_code, answer.json()["type"]) == (403, "NotAllowedError")
    assert await said(database) == []


@pytest.mark.usefixtures("units")
async def test_a_contact_opens_what_is_in_their_hands_and_a_partner_what_they_handed_in(
    web: httpx.AsyncClient, database: Database
) -> None:
    made, file = await a_file(web, database)
    await assign(database, assigned(made["id"], 5, WARD, PEOPLE["contact"].id))
    address = f"{CREATE}/{made['id']}/attachments/{file}"
    assert (await web.get(address, headers=as_one(database, "contact"))).status_code == 200
    assert (await web.get(address, headers=as_one(database, "partner"))).status_code == 404
    sent = a_complaint(external={"source": "partner", "id": "1"})
    theirs = (await web.post(CREATE, json=sent, headers=as_one(database, "partner"))).json()
    assert await upload(web, theirs, {"X-Query-Code": theirs["query_code"]}) == 201
    record = await web.get(f"{CREATE}/{theirs['id']}", headers=as_one(database, "partner"))
    own = f"{CREATE}/{theirs['id']}/attachments/{record.json()['files'][0]['id']}"
    assert (await web.get(own, headers=as_one(database, "partner"))).status_code == 200
    assert [one.doer for one in await did(database, "file.opened")] == [
        PEOPLE["contact"].id,
        PEOPLE["partner"].id,
    ]


@pytest.mark.usefixtures("units")
async def test_who_looks_by_a_lent_right_is_noted_with_both_names(
    web: httpx.AsyncClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    lent = Grant(Role.SECRETARY_GENERAL, UUID(int=5), "main", holder_name="何秘书长")
    here = Staff(UUID(int=40), "li", "李登记员", "registrar", "main", None, (lent,))
    monkeypatch.setitem(PEOPLE, "here", here)
    made, file = await a_file(web, database)
    await end(database, made["id"])
    address = f"{CREATE}/{made['id']}/attachments/{file}"
    assert (await web.post(address, json=WHY, headers=as_one(database, "here"))).status_code == 200
    assert await did(database, "file.opened") == [
        Did("file.opened", here.id, "李登记员", "secretary_general", UUID(int=5), "何秘书长")
    ]


@pytest.mark.usefixtures("units")
async def test_the_page_asks_why_and_gives_the_file_once_it_is_said(
    web: httpx.AsyncClient, database: Database
) -> None:
    made, file = await a_file(web, database)
    await end(database, made["id"])
    address = f"/intake/files/{made['id']}/{file}"
    headers = {"Cookie": "redress_session=city", "Origin": "http://test", "Accept": "text/html"}
    asked = await web.get(address, headers=headers)
    assert asked.status_code == 200
    assert "为什么要看" in asked.text
    token = re.search(r'<input type="hidden" name="(\w+)" value="([^"]+)">', asked.text)
    assert token is not None
    fields = {token[1]: token[2], "reason": "other", "note": ""}
    again = await web.post(address, data=fields, headers=headers)
    assert (again.status_code, "请写明为什么要看。" in again.text) == (422, True)
    assert 'value="other" selected' in again.text
    assert await said(database) == []
    found = await web.post(address, data=fields | {"note": "法院调取"}, headers=headers)
    assert (found.status_code, found.content) == (200, SAMPLES["png"])
    [told] = await said(database)
    assert (told["reason"], told["note"], told["in_hand"]) == ("other", "法院调取", False)
