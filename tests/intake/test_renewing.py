"""A query code that was replaced opens nothing any more, wherever it was already shown."""

import re
from uuid import uuid4

import httpx
from sqlalchemy import select

from services.intake.tables import AttachmentRow, ComplaintRow
from shared.trail.rows import opened
from shared.trail.tables import AuditRow
from shared.work import Database
from tests.intake.builders import a_complaint
from tests.intake.test_api import CREATE, create, kept, some_files
from tests.intake.test_pages import STATUS, looking

RENEW = "/internal/query-code"


async def test_the_new_code_opens_what_the_old_one_does_not_any_more(
    web: httpx.AsyncClient, database: Database, token: dict[str, str]
) -> None:
    made = await create(web)
    answer = await web.post(RENEW, json={"complaint_id": made["id"]}, headers=token)
    assert answer.status_code == 200
    new = answer.json()["query_code"]
    assert re.fullmatch("[0-9A-HJKMNP-TV-Z]{12}", new)
    assert new != made["query_code"]
    for code, status in ((made["query_code"], 404), (new, 200)):
        asked = {"number": made["number"], "query_code": code}
        assert (await web.post("/intake/api/v1/status", json=asked)).status_code == status
    address = f"{CREATE}/{made['number']}"
    old, fresh = {"X-Query-Code": made["query_code"]}, {"X-Query-Code": new}
    refused = await web.post(f"{address}/attachments", files=some_files("png"), headers=old)
    assert refused.status_code == 404
    assert (await web.post(f"{address}/withdraw", headers=old)).status_code == 404
    assert await kept(database, AttachmentRow) == 0
    added = await web.post(f"{address}/attachments", files=some_files("png"), headers=fresh)
    assert added.status_code == 201


async def test_the_trail_names_who_gave_it_out_and_for_whom(
    web: httpx.AsyncClient, database: Database, token: dict[str, str]
) -> None:
    who = {"name": "张三", "phone": "13800138000"}
    made = (await web.post(CREATE, json=a_complaint(complainant=who))).json()
    lin = {"id": str(uuid4()), "name": "林调解员", "role": "mediator"}
    stand_in = lin | {"for_id": str(uuid4()), "for_name": "周秘书长"}
    for staff in (lin, stand_in):
        asked = {"complaint_id": made["id"], "staff": staff}
        assert (await web.post(RENEW, json=asked, headers=token)).status_code == 200
    async with database.reading() as session:
        wanted = select(AuditRow).where(AuditRow.kind == "complaint", AuditRow.key == made["id"])
        rows = list(await session.scalars(wanted.order_by(AuditRow.seq)))
    said = [opened(database.vault, row.sealed, row.id) for row in rows]
    told = [(row.action, row.doer_kind, str(row.doer)) for row in rows]
    assert told == [("code.renewed", "staff", lin["id"])] * 2
    kept = [one[1] for one in said if one]
    assert [(one["by"], one["for"]) for one in kept] == [
        ("林调解员", "张三"),
        ("林调解员", "周秘书长"),
    ]
    assert [one["said"]["generation"] for one in kept] == [2, 3]


async def test_a_page_that_is_open_is_closed_by_the_replacement(
    web: httpx.AsyncClient, database: Database, token: dict[str, str]
) -> None:
    assert "撤回投诉" in await looking(web)
    async with database.reading() as session:
        complaint = (await session.scalars(select(ComplaintRow.id))).one()
    await web.post(RENEW, json={"complaint_id": str(complaint)}, headers=token)
    assert 'name="query_code"' in (await web.get(STATUS)).text


async def test_a_repeated_request_gets_its_first_answer_and_not_the_new_code(
    web: httpx.AsyncClient, token: dict[str, str]
) -> None:
    key = {"Idempotency-Key": "mine"}
    first = (await web.post(CREATE, json=a_complaint(), headers=key)).json()
    await web.post(RENEW, json={"complaint_id": first["id"]}, headers=token)
    assert (await web.post(CREATE, json=a_complaint(), headers=key)).json() == first


async def test_only_a_sister_service_replaces_a_code_and_only_a_known_one(
    web: httpx.AsyncClient, database: Database, token: dict[str, str]
) -> None:
    made = await create(web)
    asked = {"complaint_id": made["id"]}
    for headers in ({}, {"X-Query-Code": made["query_code"]}, {"Cookie": "redress_session=good"}):
        answer = await web.post(RENEW, json=asked, headers=headers)
        assert answer.status_code in {401, 403}
    unknown = await web.post(RENEW, json={"complaint_id": str(uuid4())}, headers=token)
    assert unknown.status_code == 404
    async with database.reading() as session:
        assert list(await session.scalars(select(ComplaintRow.code_generation))) == [1]
