"""Reports, inquiries and the like go no further than to us: nothing is owed to whom they name."""

import pytest

from services.mediation.domain.case import NotAComplaintError
from services.mediation.tables import ForwardingRow
from shared.events import CaseForwarded
from shared.terms import Kind
from shared.work import Database
from tests.mediation.people import count
from tests.mediation.things import (
    Colleague,
    IntakeInMemory,
    a_case,
    a_colleague,
    a_record,
    said,
    step,
    the_case,
    walk,
)

OTHERS = [one.value for one in Kind if one is not Kind.COMPLAINT]


@pytest.mark.parametrize("kind", OTHERS)
async def test_what_is_no_complaint_is_not_forwarded_and_no_letter_is_owed(
    database: Database, kind: str
) -> None:
    lin = await a_colleague(database)
    opened = await a_case(database, kind=kind, forwarding_consent=True)
    case = await walk(database, opened, lin, "accept")
    with pytest.raises(NotAComplaintError):
        await step(database, case, "forward", lin, consent_override="投诉人要求转送")
    now = await the_case(database, case.number)
    assert (now.state, now.version, now.serial) == ("accepted", case.version, 0)
    assert not [one for one in await said(database) if isinstance(one, CaseForwarded)]
    assert await count(database, ForwardingRow) == 0


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", "举报请移送主管机关"), ("en", "Hand a report over to the authority")],
)
async def test_the_page_of_a_report_says_why_it_is_not_forwarded(
    lin: Colleague, database: Database, intake: IntakeInMemory, language: str, words: str
) -> None:
    case = await walk(database, await a_case(database, kind="report"), lin.actor, "accept")
    intake.records[case.complaint_id] = a_record(case.complaint_id)
    page = await lin.client.get(f"/mediation/cases/{case.number}?lang={language}")
    assert words in page.text
    assert "/steps/forward" not in page.text
    steps = await lin.client.get(f"/mediation/api/v1/cases/{case.id}/steps")
    assert "forward" not in [one["step"] for one in steps.json()["items"]]
    answer = await lin.post_step(case, "forward")
    assert answer.status_code == 422
    assert answer.json()["type"] == "NotAComplaintError"
    assert (await the_case(database, case.number)).version == case.version
