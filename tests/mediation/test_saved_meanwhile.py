"""Two who save the same thing at once: the second is told so, and nothing of theirs is kept."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from services.mediation.tables import (
    AssessmentRow,
    CalendarDayRow,
    CalendarVersionRow,
    RetentionPeriodRow,
)
from services.mediation.use_cases.calendar import (
    CalendarChangedError,
    import_calendar,
    read_days,
)
from services.mediation.use_cases.privacy.assessments import PARTS, record
from services.mediation.use_cases.privacy.errors import SavedMeanwhileError
from services.mediation.use_cases.privacy.retention import change_period
from shared.sheets.csv import split
from shared.work import Database, Work
from tests.mediation.keeping import WU, ZHOU, noted
from tests.mediation.meanwhile import stopped
from tests.mediation.seeds import HOME
from tests.shared.trails import LIN

RULE_2027 = (HOME / "calendar" / "2027.csv").read_text("utf-8")


async def both(
    database: Database,
    first: Callable[[Work], Awaitable[Any]],
    second: Callable[[Work], Awaitable[Any]],
) -> Any:
    """The first saves and is not done yet when the second comes; what the second is answered."""

    async def other() -> Any:
        async with database.work() as work:
            return await second(work)

    async with database.work() as work:
        await first(work)
        coming = asyncio.create_task(other())
        assert await stopped(database, coming) == 1
    return await coming


async def count(database: Database, table: type) -> int:
    async with database.reading() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def test_of_two_assessments_at_once_one_is_recorded(on_postgresql: Database) -> None:
    parts = dict.fromkeys(PARTS, "写明了")
    purpose = "handling"
    with pytest.raises(SavedMeanwhileError):
        await both(
            on_postgresql,
            lambda work: record(work, "main", purpose, parts, ZHOU),
            lambda work: record(work, "main", purpose, parts, WU),
        )
    assert await count(on_postgresql, AssessmentRow) == 1
    told = [(action, who) for action, who, _ in await noted(on_postgresql, "retention")]
    assert told == [("assessment.recorded", ZHOU.id)]


async def test_of_two_periods_set_at_once_one_holds(on_postgresql: Database) -> None:
    with pytest.raises(SavedMeanwhileError):
        await both(
            on_postgresql,
            lambda work: change_period(work, "main", "complaint", 12, ZHOU),
            lambda work: change_period(work, "main", "complaint", 24, WU),
        )
    async with on_postgresql.reading() as session:
        rows = [
            (one.months, one.changed_by)
            for one in await session.scalars(select(RetentionPeriodRow))
        ]
    assert rows == [(12, ZHOU.id)]
    assert [who for _, who, _ in await noted(on_postgresql, "retention")] == [ZHOU.id]


async def test_of_two_calendars_imported_at_once_one_is_kept(on_postgresql: Database) -> None:
    days, versions = [
        await count(on_postgresql, one) for one in (CalendarDayRow, CalendarVersionRow)
    ]
    final = RULE_2027.replace(",no\n", ",yes\n")
    by_rule, published = [read_days(split(text)) for text in (RULE_2027, final)]
    with pytest.raises(CalendarChangedError):
        await both(
            on_postgresql,
            lambda work: import_calendar(work, by_rule, LIN),
            lambda work: import_calendar(work, published, LIN),
        )
    assert await count(on_postgresql, CalendarDayRow) == days
    assert await count(on_postgresql, CalendarVersionRow) == versions + 1
    assert len(await noted(on_postgresql, "setting")) == 1
