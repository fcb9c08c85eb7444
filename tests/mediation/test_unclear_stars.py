"""A correction of a report that intake would leave out is refused, not shown as made."""

from typing import Any

import pytest

from services.mediation.tables import CaseRow
from shared.work import Database
from tests.mediation.things import Colleague, IntakeInMemory, a_case, a_record, said, the_case

TEXT, PLACE = "/matter/text", "/matter/place"
SHOWN = "我是慕容**，看到假货。"


async def a_report(database: Database, intake: IntakeInMemory, **facts: Any) -> CaseRow:
    """A case whose text came from intake with who reported hidden."""
    case = await a_case(database, **facts)
    intake.records[case.complaint_id] = a_record(
        case.complaint_id, complainant={}, words={"subject": "假货", "text": SHOWN}
    )
    return case


async def test_it_is_refused_on_its_field_and_nothing_is_kept_or_said(
    database: Database, intake: IntakeInMemory, lin: Colleague
) -> None:
    case = await a_report(database, intake, kind="report")
    intake.leaves_out = (TEXT,)
    events = len(await said(database))
    changes = {TEXT: "我是司马**，看到假货。", PLACE: "城东"}
    answer = await lin.post_step(case, "amend", changes=changes)
    assert answer.status_code == 422
    [fault] = answer.json()["errors"]
    assert fault["pointer"] == TEXT
    assert "星号和页面上显示的不一样" in fault["detail"]
    assert (await the_case(database, case.number)).version == case.version
    assert len(await said(database)) == events


@pytest.mark.parametrize(("kind", "text"), [("report", SHOWN + "是真的"), ("report", "看到假货")])
async def test_what_intake_can_place_is_kept(
    database: Database, intake: IntakeInMemory, lin: Colleague, kind: str, text: str
) -> None:
    case = await a_report(database, intake, kind=kind)
    answer = await lin.post_step(case, "amend", changes={TEXT: text})
    assert answer.status_code == 200
    assert (await the_case(database, case.number)).version == case.version + 1
