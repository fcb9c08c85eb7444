"""The calendar in use: read at most once a minute by each process, and after each change."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.domain.calendar import Calendar, CalendarDay, DayKind, calendar_of
from services.mediation.tables import CalendarDayRow, CalendarVersionRow
from shared.believed import Believed
from shared.work import Database, Work

BELIEVED = timedelta(minutes=1)
"""How long a process works with the calendar it has read."""


async def newest(session: AsyncSession) -> int:
    """The number of the newest version."""
    return await session.scalar(select(func.max(CalendarVersionRow.number))) or 0


async def kept_days(session: AsyncSession) -> list[CalendarDay]:
    """Every day that is named."""
    return [day_of(row) for row in await session.scalars(select(CalendarDayRow))]


def day_of(row: CalendarDayRow) -> CalendarDay:
    return CalendarDay(row.day, DayKind(row.kind), row.festival, row.source, row.confirmed)


async def calendar_now(session: AsyncSession) -> Calendar:
    """The calendar as this transaction sees it."""
    return calendar_of(await kept_days(session))


_calendar = Believed(calendar_now, BELIEVED)


async def calendar_for(database: Database, now: datetime) -> Calendar:
    """The calendar, without a transaction where it was read within the last minute."""
    return await _calendar.of(database, now)


async def calendar_of_work(work: Work) -> Calendar:
    """The same within a transaction that does not change it."""
    return await _calendar.within(work)


def read_anew(work: Work) -> None:
    """The calendar changes with this transaction: whoever needs it afterwards reads it again."""
    _calendar.changed(work)
