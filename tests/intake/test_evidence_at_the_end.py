"""Once a complaint has ended nobody looks at new evidence, so none is taken from outside."""

from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from services.intake.tables import AttachmentRow, ComplaintRow
from services.intake.use_cases.hearing import note_steps
from shared.events import CaseAgreed, CaseClosed, CaseEvent, CaseFailed, CaseRefused, CaseReopened
from shared.messaging.tables import OutboxRow
from shared.work import Database
from tests.intake.builders import of_a_case
from tests.intake.test_api import CREATE, create, kept, some_files
from tests.intake.test_pages import HTML, STATUS, files, hidden, looking
from tests.intake.test_storage import files_in

SENTENCE = "这件投诉已经结束，不再收材料。有新的证据或者新的情况，可以重新投诉。"
ENDS: list[tuple[type[CaseEvent], dict[str, Any]]] = [
    (CaseRefused, {"state": "closed", "reason": "handled_elsewhere"}),
    (CaseClosed, {"state": "closed", "outcome": "agreed", "closed_on": "2026-06-23"}),
]


async def hear(
    database: Database, complaint: str, event: type[CaseEvent], version: int = 5, **facts: Any
) -> None:
    async with database.work() as work:
        await note_steps(work, [of_a_case(event, UUID(complaint), version, **facts)])


@pytest.mark.parametrize("end", [*ENDS, None])
async def test_after_the_end_evidence_is_refused_and_staff_still_add_some(
    web: httpx.AsyncClient,
    database: Database,
    tmp_path: Path,
    token: dict[str, str],
    end: tuple[type[CaseEvent], dict[str, Any]] | None,
) -> None:
    made = await create(web)
    address = f"{CREATE}/{made['number']}"
    code = {"X-Query-Code": made["query_code"]}
    if end is None:
        assert (await web.post(f"{address}/withdraw", headers=code)).status_code == 204
    else:
        await hear(database, made["id"], end[0], **end[1])
    said = await kept(database, OutboxRow)
    answer = await web.post(f"{address}/attachments", files=some_files("png"), headers=code)
    assert (answer.status_code, answer.json()["type"]) == (409, "ComplaintEndedError")
    assert answer.json()["detail"] == SENTENCE
    assert await kept(database, AttachmentRow) == 0
    assert await kept(database, OutboxRow) == said
    assert files_in(tmp_path / "attachments") == []
    answer = await web.post(f"{address}/attachments", files=some_files("png"), headers=token)
    assert (answer.status_code, answer.json()) == (201, {"files": 1})


@pytest.mark.parametrize(
    ("event", "facts"),
    [
        (CaseAgreed, {"state": "agreed"}),
        (CaseFailed, {"state": "failed", "reason": "no_agreement"}),
        (CaseReopened, {"state": "accepted"}),
    ],
)
async def test_while_a_case_may_still_be_looked_at_evidence_is_taken(
    web: httpx.AsyncClient, database: Database, event: type[CaseEvent], facts: dict[str, Any]
) -> None:
    made = await create(web)
    await hear(database, made["id"], event, **facts)
    answer = await web.post(
        f"{CREATE}/{made['number']}/attachments",
        files=some_files("png"),
        headers={"X-Query-Code": made["query_code"]},
    )
    assert answer.status_code == 201


async def test_the_page_of_an_ended_complaint_shows_no_form_for_evidence(
    web: httpx.AsyncClient, database: Database, tmp_path: Path
) -> None:
    page = await looking(web)
    form = 'action="/intake/status/evidence"'
    assert form in page
    async with database.reading() as session:
        complaint = (await session.scalars(select(ComplaintRow.id))).one()
    await hear(database, str(complaint), CaseRefused, state="closed", reason="handled_elsewhere")
    token = {"form_token": hidden(page, "form_token")}
    answer = await web.post(f"{STATUS}/evidence", data=token, files=files("png"), headers=HTML)
    assert answer.status_code == 409
    assert SENTENCE in answer.text
    assert await kept(database, AttachmentRow) == 0
    assert files_in(tmp_path / "attachments") == []
    after = (await web.get(STATUS, headers=HTML)).text
    assert form not in after
    assert SENTENCE in after
