"""Whoever is reported on learns nothing of a report: nobody is invited to it."""

import pytest
from sqlalchemy import func, select

from services.mediation.tables import InvitationRow
from services.mediation.use_cases.inviting import ReportSecretError, invite
from shared.work import Database
from tests.mediation.things import a_case, a_colleague, caller_as, walk


async def count(database: Database) -> int:
    async with database.reading() as session:
        return await session.scalar(select(func.count()).select_from(InvitationRow)) or 0


async def test_the_respondent_of_a_report_is_not_invited_whatever_its_state(
    database: Database,
) -> None:
    lin = await a_colleague(database)
    facts = {"respondent_named": True}
    report = await a_case(database, kind="report", **facts)
    for steps in ((), ("accept",)):
        report = await walk(database, report, lin, *steps)
        with pytest.raises(ReportSecretError):
            await invite(database, report.number, caller_as(lin), 30)
    assert await count(database) == 0


async def test_the_respondent_of_a_complaint_is_invited(database: Database) -> None:
    lin = await a_colleague(database)
    case = await a_case(database, respondent_named=True)
    case = await walk(database, case, lin, "accept", "forward")
    await invite(database, case.number, caller_as(lin), 30)
    assert await count(database) == 1
