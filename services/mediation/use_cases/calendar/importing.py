"""Years of the calendar, replaced: what would become of them, and the replacing itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.domain.calendar import (
    Calendar,
    CalendarDay,
    calendar_of,
    check_whole,
)
from services.mediation.domain.case import State
from services.mediation.domain.legal_clock import Status
from services.mediation.tables import CalendarDayRow, CalendarVersionRow, CaseRow
from services.mediation.use_cases.calendar.reading import kept_days, newest, read_anew
from shared.kernel import ConflictError
from shared.trail import Chain, Deed, Doer, Noted, Said, note_all
from shared.work import Work

IN_TRAIL = Chain("setting", "calendar")


class CalendarChangedError(ConflictError):
    """Somebody else replaced days at the same moment."""


@dataclass(frozen=True)
class Plan:
    """What the calendar is, and what it becomes: the years that `days` name are replaced whole."""

    before: Calendar
    after: Calendar
    days: Sequence[CalendarDay]

    @property
    def years(self) -> list[int]:
        """The years that are replaced."""
        return sorted({one.day.year for one in self.days})

    def counts(self, year: int) -> dict[str, int]:
        """How many days of a year the calendar names then, and how many are not as they were."""
        was = {one for one in self.before.days.values() if one.day.year == year}
        fresh = {one for one in self.days if one.day.year == year}
        return {"days": len(fresh), "days_changed": len({one.day for one in was ^ fresh})}

    def moved(self) -> Iterator[tuple[CalendarDay, CalendarDay]]:
        """The days that become of another kind or festival: as they were, as they will be."""
        for year in self.years:
            both = zip(self.before.of_year(year), self.after.of_year(year), strict=True)
            for was, becomes in both:
                if (was.kind, was.festival) != (becomes.kind, becomes.festival):
                    yield was, becomes


async def plan_import(session: AsyncSession, days: Sequence[CalendarDay]) -> Plan:
    """What these days would make of the calendar; nothing is changed.

    Raises BrokenCalendarError for days that contradict each other, or a year that is not whole.
    """
    plan = planned(await kept_days(session), days)
    for year in plan.years:
        check_whole(year, (one for one in days if one.day.year == year))
    return plan


def planned(kept: Sequence[CalendarDay], days: Sequence[CalendarDay]) -> Plan:
    years = {one.day.year for one in days}
    others = (one for one in kept if one.day.year not in years)
    return Plan(calendar_of(kept), calendar_of([*others, *days]), days)


async def import_calendar(work: Work, days: Sequence[CalendarDay], doer: Doer) -> Plan:
    """Replace the years that these days name. All or nothing; the trail is told of each year.

    Days that cases have already stay as they were computed. Raises what `plan_import` raises, and
    CalendarChangedError.
    """
    number = await newest(work.session) + 1
    plan = await plan_import(work.session, days)
    version = {"number": number, "version": plan.after.version, "recorded_at": work.now}
    if not await work.insert_new(CalendarVersionRow, [version], ["number"]):
        raise CalendarChangedError("刚刚有人导入过日历。请看过现在的日历以后再导入。")
    for year in plan.years:
        inside = CalendarDayRow.day.between(date(year, 1, 1), date(year, 12, 31))
        await work.session.execute(delete(CalendarDayRow).where(inside))
    await work.insert(CalendarDayRow, [columns_of(one) for one in days])
    said = (
        {"year": year, "version": plan.after.version} | plan.counts(year) for year in plan.years
    )
    deeds = [Noted(IN_TRAIL, doer, Said(Deed.CALENDAR_CHANGED, one)) for one in said]
    await note_all(work, deeds)
    read_anew(work)
    return plan


def columns_of(one: CalendarDay) -> dict[str, Any]:
    return {
        "day": one.day,
        "kind": one.kind.value,
        "festival": one.festival,
        "source": one.source,
        "confirmed": one.confirmed,
    }


async def provisional_cases(session: AsyncSession) -> int:
    """How many open cases have a next day that is provisional (暂定)."""
    conditions = CaseRow.state != State.CLOSED, CaseRow.due_status == Status.PROVISIONAL
    return await session.scalar(select(func.count()).where(*conditions)) or 0
