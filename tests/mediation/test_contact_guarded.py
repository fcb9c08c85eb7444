"""Where letters open with a code, it goes elsewhere only after somebody showed who they are."""

from typing import Any

import pytest

from services.mediation.tables import CaseRow
from services.mediation.use_cases.timeline import values_of
from shared.bodies import Bodies, Body, bodies_of
from shared.work import Database
from tests.mediation.test_pages import send
from tests.mediation.things import Colleague, IntakeInMemory, a_case, a_record, log_of, the_case

STRICT = Body("main", "安澜市消委会", "消委会", "安消", letters_code=True)
EASY = Body("main", "安澜市消委会", "消委会", "安消")
TO = "/complainant/email"
ASKED = "请先核对来人的身份证件，核对过了再勾选。"


@pytest.fixture
def bodies(request: pytest.FixtureRequest) -> Bodies:
    """A body that asks for a second code, or one that does not."""
    return bodies_of([getattr(request, "param", STRICT)])


@pytest.fixture
async def case(database: Database, intake: IntakeInMemory, lin: Colleague) -> CaseRow:
    """A case whose record intake has."""
    found = await a_case(database)
    intake.records[found.complaint_id] = a_record(found.complaint_id)
    return found


async def last_of(database: Database, case: CaseRow) -> dict[str, Any]:
    """What the newest row of its log keeps."""
    async with database.reading() as session:
        return dict(values_of(database.vault, (await log_of(session, case))[-1]))


@pytest.mark.parametrize("pointer", [TO, "/complainant/phone"])
async def test_a_contact_is_not_changed_for_who_has_not_shown_who_they_are(
    database: Database, lin: Colleague, case: CaseRow, pointer: str
) -> None:
    new = {TO: "thief@example.invalid"}.get(pointer, "13900139000")
    for more in ({}, {"identity_checked": False}):
        answer = await lin.post_step(case, "amend", 1, changes={pointer: new}, **more)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == "/identity_checked"
    assert (await the_case(database, case.number)).version == 1


async def test_with_papers_shown_it_is_changed_and_the_log_says_so(
    database: Database, lin: Colleague, case: CaseRow
) -> None:
    changes = {TO: "zhou@example.invalid"}
    answer = await lin.post_step(case, "amend", 1, changes=changes, identity_checked=True)
    assert answer.status_code == 200
    last = await last_of(database, case)
    assert last["changes"] == changes
    assert last["identity_checked"] is True


async def test_other_fields_need_no_papers(
    database: Database, lin: Colleague, case: CaseRow
) -> None:
    changes = {"/matter/subject": "桌子裂了"}
    assert (await lin.post_step(case, "amend", 1, changes=changes)).status_code == 200
    assert (await the_case(database, case.number)).version == 2


@pytest.mark.parametrize("bodies", [EASY], indirect=True)
async def test_a_body_without_such_codes_asks_for_no_papers(lin: Colleague, case: CaseRow) -> None:
    changes = {TO: "zhou@example.invalid"}
    assert (await lin.post_step(case, "amend", 1, changes=changes)).status_code == 200
    page = await lin.client.get(f"/mediation/cases/{case.number}")
    assert "amend.identity_checked" not in page.text


async def test_the_page_asks_beside_its_field_and_keeps_what_was_typed(
    database: Database, lin: Colleague, case: CaseRow
) -> None:
    page = f"/mediation/cases/{case.number}"
    typed = {"was.complainant.email": "", "amend.complainant.email": "zhou@example.invalid"}
    fields = typed | {"version": "1"}
    answer = await send(lin, page, f"{page}/steps/amend", fields)
    assert answer.status_code == 422
    begins = answer.text.index('id="amend-identity_checked-error"')
    assert ASKED in answer.text[begins : answer.text.index("</p>", begins)]
    assert "zhou@example.invalid" in answer.text
    assert (await the_case(database, case.number)).version == 1
    ticked = fields | {"amend.identity_checked": "true"}
    assert (await send(lin, page, f"{page}/steps/amend", ticked)).status_code == 303
    assert (await the_case(database, case.number)).version == 2
    assert "已经核对身份证件" in (await lin.client.get(page)).text
