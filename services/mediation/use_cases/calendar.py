"""The working-day calendar of this installation: read, and replaced year by year."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.domain.calendar import (
    BrokenCalendarError,
    Calendar,
    CalendarDay,
    DayKind,
    calendar_of,
)
from services.mediation.tables import CalendarDayRow, CalendarVersionRow
from shared.kernel import ConflictError
from shared.trail import Chain, Deed, Doer, Noted, Said, note_all
from shared.work import Database, Work

IN_TRAIL = Chain("setting", "calendar")
COLUMNS = ("date", "kind", "festival", "source", "confirmed")
BELIEVED = timedelta(minutes=1)
"""How long a process works with the calendar it has read."""
_read: WeakKeyDictionary[Any, tuple[datetime, int, Calendar]] = WeakKeyDictionary()


class CalendarChangedError(ConflictError):
    """Somebody else replaced days at the same moment."""


async def calendar_for(database: Database, now: datetime) -> Calendar:
    """The same, without a transaction where it was read within the last minute."""
    known = _read.get(database.engine.sync_engine.pool)
    if known and abs(now - known[0]) < BELIEVED:
        return known[2]
    async with database.reading() as session:
        return await the_calendar(session, now)


async def the_calendar(session: AsyncSession, now: datetime) -> Calendar:
    """The calendar as it is; looked at again each minute, read again when it changed."""
    database = pool_of(session)
    known = _read.get(database)
    if known and abs(now - known[0]) < BELIEVED:
        return known[2]
    number = await newest(session)
    if known and known[1] == number:
        _read[database] = (now, number, known[2])
        return known[2]
    calendar = calendar_of(map(day_of, await session.scalars(select(CalendarDayRow))))
    _read[database] = (now, number, calendar)
    return calendar


def pool_of(session: AsyncSession) -> Any:
    """What readers and writers of one database share, and nobody else."""
    return session.get_bind().engine.pool


async def newest(session: AsyncSession) -> int:
    return await session.scalar(select(func.max(CalendarVersionRow.number))) or 0


def day_of(row: CalendarDayRow) -> CalendarDay:
    return CalendarDay(row.day, DayKind(row.kind), row.festival, row.source, row.confirmed)


async def import_calendar(work: Work, text: str, doer: Doer) -> dict[str, Any]:
    """Replace the years that the file (columns as the shipped ones) names. All or nothing.

    The trail is told of each year. Raises BrokenCalendarError, which names the line or day at
    fault, CalendarChangedError.
    """
    fresh = read_days(text)
    years = sorted({one.day.year for one in fresh})
    number = await newest(work.session) + 1
    known = [day_of(row) for row in await work.session.scalars(select(CalendarDayRow))]
    calendar = calendar_of([*(one for one in known if one.day.year not in years), *fresh])
    version = {"number": number, "version": calendar.version, "recorded_at": work.now}
    if not await work.insert_new(CalendarVersionRow, [version], ["number"]):
        raise CalendarChangedError("刚刚有人导入过日历。请看过现在的日历以后再导入。")
    for year in years:
        inside = CalendarDayRow.day.between(date(year, 1, 1), date(year, 12, 31))
        await work.session.execute(delete(CalendarDayRow).where(inside))
    await work.insert(CalendarDayRow, [columns_of(one) for one in fresh])
    said = (
        {"year": year, "version": calendar.version} | changes_in(year, known, fresh)
        for year in years
    )
    deeds = [Noted(IN_TRAIL, doer, Said(Deed.CALENDAR_CHANGED, one)) for one in said]
    await note_all(work, deeds)
    _read.pop(pool_of(work.session), None)
    return {"years": years, "days": len(fresh), "version": calendar.version}


def changes_in(
    year: int, before: Iterable[CalendarDay], after: Iterable[CalendarDay]
) -> dict[str, int]:
    """How many days of a year the calendar names now, and how many are not as they were."""
    was = {one for one in before if one.day.year == year}
    fresh = {one for one in after if one.day.year == year}
    return {"days": len(fresh), "days_changed": len({one.day for one in was ^ fresh})}


def columns_of(one: CalendarDay) -> dict[str, Any]:
    return {
        "day": one.day,
        "kind": one.kind.value,
        "festival": one.festival,
        "source": one.source,
        "confirmed": one.confirmed,
    }


def read_days(text: str) -> Sequence[CalendarDay]:
    """The days of a calendar file. Raises BrokenCalendarError with the line at fault."""
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    if tuple(rows.fieldnames or ()) != COLUMNS:
        raise BrokenCalendarError("第一行应当是：{columns}", columns=",".join(COLUMNS))
    days = [day_in(row, line) for line, row in enumerate(rows, 2)]
    if not days:
        raise BrokenCalendarError("文件里没有日期。")
    return days


def day_in(row: dict[str, str], line: int) -> CalendarDay:
    try:
        return CalendarDay(
            date.fromisoformat(row["date"]),
            DayKind(row["kind"]),
            row["festival"],
            row["source"],
            {"yes": True, "no": False}[row["confirmed"]],
        )
    except (KeyError, TypeError, ValueError):
        raise BrokenCalendarError("第{line}行读不懂。", line=line) from None
