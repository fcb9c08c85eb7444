"""Intake says whether the respondent has a name, and whether it is known at all."""

from typing import Any

import pytest
from sqlalchemy import select

from services.intake.tables import ComplaintRow
from services.intake.use_cases.amending import Amendment, apply_amendments
from services.intake.use_cases.receiving import receive_complaints
from shared.events import ComplaintAmended, ComplaintReceived, decode
from shared.ids import uuid7
from shared.messaging.tables import OutboxRow
from shared.work import Database
from tests.intake.builders import a_submission

CODE = "91350100M000100Y43"


async def facts_said(database: Database) -> list[tuple[bool, bool | None]]:
    """What each event said of the respondent: known, named."""
    async with database.reading() as session:
        rows = await session.scalars(select(OutboxRow).order_by(OutboxRow.sequence))
        events = [decode(row.payload) for row in rows]
    heard = (ComplaintReceived, ComplaintAmended)
    return [
        (one.respondent_known, one.respondent_named) for one in events if isinstance(one, heard)
    ]


@pytest.mark.parametrize(
    ("respondent", "facts"),
    [
        ({"name": "甲公司"}, (True, True)),
        ({"uscc": CODE}, (True, False)),
        ({"name": "甲公司", "uscc": CODE}, (True, True)),
    ],
)
async def test_the_event_says_whether_the_respondent_has_a_name(
    database: Database, respondent: dict[str, Any], facts: tuple[bool, bool]
) -> None:
    await database.together(receive_complaints, a_submission(respondent=respondent))
    assert await facts_said(database) == [facts]


async def test_a_correction_says_it_anew(database: Database) -> None:
    await database.together(receive_complaints, a_submission(respondent={"uscc": CODE}))
    async with database.reading() as session:
        identity = (await session.scalars(select(ComplaintRow.id))).one()
    for changes in ({"/respondent/name": "甲公司"}, {"/respondent/name": None}):
        async with database.work() as work:
            await apply_amendments(work, [Amendment(uuid7(), identity, changes)])
    assert await facts_said(database) == [(True, False), (True, True), (True, False)]
