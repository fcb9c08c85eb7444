"""A case is forwarded only to a respondent with a name; a credit code makes it known, not named."""

from typing import Any

import pytest

from services.mediation.domain.case import RespondentUnknownError
from services.mediation.tables import CaseRow
from services.mediation.use_cases.hearing import amend_cases
from shared.events import ComplaintAmended
from shared.work import Database
from tests.mediation.things import (
    RECEIVED,
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

CODE = "91350100M000100Y43"
SENTENCE = "还没有登记被投诉人的名称，不能转送。请先登记被投诉人的名称。"


async def by_its_code(database: Database) -> CaseRow:
    return await a_case(database, respondent_known=True, respondent_named=False)


def intake_with(case: CaseRow, **respondent: str) -> IntakeInMemory:
    return IntakeInMemory({case.complaint_id: a_record(case.complaint_id, respondent=respondent)})


def facts_of(case: CaseRow) -> tuple[bool, bool]:
    return case.respondent_known, case.respondent_named


async def test_a_respondent_known_by_its_code_alone_is_named_before_anything_is_forwarded(
    database: Database,
) -> None:
    lin = await a_colleague(database)
    case = await walk(database, await by_its_code(database), lin, "accept")
    events = len(await said(database))
    with pytest.raises(RespondentUnknownError, match=SENTENCE) as refused:
        await step(database, case, "forward", lin)
    assert refused.value.pointer == "/respondent/name"
    case = await the_case(database, case.number)
    assert (case.state, case.serial, case.version) == ("accepted", 0, 2)
    assert len(await said(database)) == events
    case = await step(
        database, case, "name-respondent", lin, intake_with(case, uscc=CODE), name="甲公司"
    )
    assert (await walk(database, case, lin, "forward")).state == "forwarded"


@pytest.mark.parametrize(
    ("stood", "changes", "facts"),
    [
        ({"name": "甲"}, {"/respondent/name": None}, (False, False)),
        ({"name": "甲", "uscc": CODE}, {"/respondent/name": None}, (True, False)),
        ({"name": "甲", "uscc": CODE}, {"/respondent/uscc": None}, (True, True)),
        ({"uscc": CODE}, {"/respondent/uscc": None}, (False, False)),
        ({}, {"/respondent/uscc": CODE}, (True, False)),
        ({}, {"/respondent/name": "甲"}, (True, True)),
        ({"uscc": CODE}, {"/matter/subject": "桌子"}, (True, False)),
    ],
)
async def test_a_corrected_respondent_is_known_by_name_or_code_as_at_intake(
    database: Database,
    stood: dict[str, str],
    changes: dict[str, Any],
    facts: tuple[bool, bool],
) -> None:
    lin = await a_colleague(database)
    case = await a_case(database)
    case = await step(database, case, "amend", lin, intake_with(case, **stood), changes=changes)
    assert facts_of(case) == facts
    assert facts_of(await the_case(database, case.number)) == facts


@pytest.mark.parametrize(
    ("told", "facts"),
    [
        ({"respondent_known": True, "respondent_named": False}, (True, False)),
        ({"respondent_known": True, "respondent_named": True}, (True, True)),
        ({"respondent_known": True}, (True, True)),
        ({"respondent_known": False}, (False, False)),
    ],
)
async def test_intake_says_whether_the_respondent_has_a_name(
    database: Database, told: dict[str, bool], facts: tuple[bool, bool]
) -> None:
    assert facts_of(await a_case(database, **told)) == facts
    case = await a_case(database, respondent_known=not facts[0])
    event = ComplaintAmended.model_validate(
        {
            "occurred_at": RECEIVED,
            "complaint_id": case.complaint_id,
            "version": 2,
            "fields": ("/respondent/name",),
        }
        | told
    )
    async with database.work() as work:
        await amend_cases(work, [event])
    assert facts_of(await the_case(database, case.number)) == facts


async def test_the_page_says_that_the_name_is_missing(lin: Colleague, database: Database) -> None:
    case = await walk(database, await by_its_code(database), lin.actor, "accept")
    page = (await lin.client.get(f"/mediation/cases/{case.number}")).text
    assert "被投诉人只有统一社会信用代码，还没有名称。" in page
    assert SENTENCE in page
    assert "/steps/forward" not in page
