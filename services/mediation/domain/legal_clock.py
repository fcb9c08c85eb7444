"""Legal periods: the last day of each, and the data from which that day can be told again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from services.mediation.domain.calendar import ONE_DAY, Calendar
from shared.kernel import RuleError


class Unit(StrEnum):
    """What a period counts."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"


class Roll(StrEnum):
    """Where a period of calendar days ends when its last day is no working day."""

    NONE = "none"
    HOLIDAY_PERIOD = "holiday_period"
    """In an announced holiday block: the day after the block (O121 art. 45)."""
    REST_DAY = "rest_day"
    """On any rest day: the next working day (民法典 art. 203)."""


class Status(StrEnum):
    """How sure a date is."""

    FINAL = "FINAL"
    PROVISIONAL = "PROVISIONAL"
    """The calendar that decides is not published yet."""
    PAUSED = "PAUSED"
    """A pause has no end yet: no final date, alarms off; shown as if it ended today."""


class NoExtensionError(RuleError):
    """The clock knows no extension."""


class ExtensionTooLateError(RuleError):
    """The approval came after the period was over."""


class ExtensionTooEarlyError(RuleError):
    """The approval is dated before the period began."""


class BackwardsPauseError(RuleError):
    """A pause that ends before it begins."""


@dataclass(frozen=True)
class Period:
    """An amount of days, what they are, and what happens at the end."""

    amount: int
    unit: Unit
    roll: Roll = Roll.NONE


@dataclass(frozen=True)
class Pause:
    """Days that are not counted: from `start` on, up to but without `end` (half-open)."""

    start: date
    end: date | None = None


@dataclass(frozen=True)
class Extension:
    """More days of the period's own unit, approved on a day."""

    amount: int
    approved_on: date


@dataclass(frozen=True)
class Course:
    """What happened to a period on its way."""

    pauses: Sequence[Pause] = ()
    extension: Extension | None = None
    today: date | None = None
    """Closes a pause without an end for the time being (reading L)."""


@dataclass(frozen=True)
class Deadline:
    """The end of a period, with everything it came from."""

    start: date
    """Day 0, which is not counted."""
    period: Period
    target_due: date
    """The raw last day; alarms go by it."""
    legal_due: date | None
    """After the roll; a breach is judged by it. None: not decided yet."""
    status: Status
    pauses: tuple[Pause, ...]
    """As a union, without what lies before or on day 0."""
    excluded: int
    """How many days the pauses took out."""
    extension: Extension | None
    calendar: str
    festivals: tuple[str, ...]
    """Festivals the count or the roll stepped over, in Chinese."""
    estimate: date | None = None
    """Where the roll would end by what is known, while that year's notice leaves it open."""

    @property
    def shown(self) -> date:
        """The day to work by: the legal one, or the best estimate while it is open."""
        return self.legal_due or self.target_due

    def derivation(self) -> dict[str, Any]:
        """The same as JSON data, from which the date can be replayed and explained."""
        estimated = {"estimate": self.estimate.isoformat()} if self.estimate else {}
        return estimated | {
            "start": self.start.isoformat(),
            "amount": self.period.amount,
            "unit": self.period.unit.value,
            "roll": self.period.roll.value,
            "target_due": self.target_due.isoformat(),
            "legal_due": self.legal_due.isoformat() if self.legal_due else None,
            "status": self.status.value,
            "pauses": [[one.start.isoformat(), iso(one.end)] for one in self.pauses],
            "excluded": self.excluded,
            "extension": extension_data(self.extension),
            "calendar": self.calendar,
            "festivals": list(self.festivals),
        }


UNDISTURBED = Course()


def iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def extension_data(extension: Extension | None) -> dict[str, Any] | None:
    if extension is None:
        return None
    return {"amount": extension.amount, "approved_on": extension.approved_on.isoformat()}


def union(pauses: Sequence[Pause], after: date, today: date | None) -> list[Pause]:
    """Non-overlapping pauses in order, cut to the days after `after`; an open one ends `today`.

    Raises BackwardsPauseError.
    """
    joined: list[Pause] = []
    for one in sorted(pauses, key=lambda pause: pause.start):
        if one.end is not None and one.end < one.start:
            raise BackwardsPauseError(
                "暂停的结束日 {end} 早于开始日 {start}。", start=str(one.start), end=str(one.end)
            )
        first = max(one.start, after + ONE_DAY)
        end = one.end or max(today or first, first)
        if end <= first:
            continue
        if joined and joined[-1].end is not None and first <= joined[-1].end:
            joined[-1] = Pause(joined[-1].start, max(joined[-1].end, end))
        else:
            joined.append(Pause(first, end))
    return joined


def count(
    start: date, amount: int, unit: Unit, pauses: Sequence[Pause], calendar: Calendar
) -> date:
    """The day on which `amount` days are full; day 0 and paused days are not counted."""
    if unit is Unit.CALENDAR_DAYS and not pauses:
        return start + timedelta(days=amount)
    excluded = {
        one.start + timedelta(days=number)
        for one in pauses
        if one.end
        for number in range((one.end - one.start).days)
    }
    day = start
    while amount:
        day += ONE_DAY
        if day not in excluded and (unit is Unit.CALENDAR_DAYS or calendar.is_working(day)):
            amount -= 1
    return day


def rolled(target: date, roll: Roll, calendar: Calendar) -> date:
    """The last day after the roll policy."""
    if roll is Roll.NONE:
        return target
    stays = calendar.is_working if roll is Roll.REST_DAY else outside_block(calendar)
    while not stays(target):
        target += ONE_DAY
    return target


def outside_block(calendar: Calendar) -> Any:
    return lambda day: not calendar.is_announced_off(day)


def deadline(
    period: Period, start: date, calendar: Calendar, course: Course = UNDISTURBED
) -> Deadline:
    """The end of `period` that began on `start` (day 0, a local date of Asia/Shanghai).

    An extension counts from the target, not from the rolled date, and is in time up to the legal
    due date, that day included (readings B, C, D). Raises ExtensionTooLateError,
    ExtensionTooEarlyError, BackwardsPauseError.
    """
    if course.extension:
        before = deadline(period, start, calendar, replace(course, extension=None))
        check_in_time(course.extension, before)
    cut = union(course.pauses, start, course.today)
    whole = period.amount + (course.extension.amount if course.extension else 0)
    target = count(start, whole, period.unit, cut, calendar)
    legal = rolled(target, period.roll, calendar)
    first, last = (start + ONE_DAY, target) if counts(period) else (target, legal)
    stepped = calendar.festivals_between(first, last) if first < last else []
    used = tuple(one for one in cut if one.start <= target)
    found = Deadline(
        start=start,
        period=period,
        target_due=target,
        legal_due=legal,
        status=Status.FINAL,
        pauses=used,
        excluded=sum((one.end - one.start).days for one in used if one.end),
        extension=course.extension,
        calendar=calendar.version,
        festivals=tuple(stepped),
    )
    return doubted(found, course.pauses, calendar)


def counts(period: Period) -> bool:
    """Whether the calendar decides each counted day, not only the last one."""
    return period.unit is Unit.WORKING_DAYS


def check_in_time(extension: Extension, before: Deadline) -> None:
    if extension.approved_on < before.start:
        raise ExtensionTooEarlyError(
            "延期批准日 {approved} 早于期限开始日 {start}。",
            pointer="/extension",
            approved=extension.approved_on.isoformat(),
            start=before.start.isoformat(),
        )
    if extension.approved_on > before.shown and before.status is not Status.PAUSED:
        raise ExtensionTooLateError(
            "延期应当在 {due} 届满之前批准，{approved} 已经超期，延期无效。",
            pointer="/extension",
            approved=extension.approved_on.isoformat(),
            due=before.shown.isoformat(),
        )


def doubted(found: Deadline, pauses: Sequence[Pause], calendar: Calendar) -> Deadline:
    """The same deadline, marked where a pause is open or an unpublished year decides it."""
    if any(one.end is None and one.start <= found.target_due for one in pauses):
        return replace(found, legal_due=None, status=Status.PAUSED)
    last = found.legal_due or found.target_due
    if counts(found.period):
        sure = all(map(calendar.is_published, year_days(found.start + ONE_DAY, last)))
        return found if sure else replace(found, status=Status.PROVISIONAL)
    judged = found.period.roll is not Roll.NONE
    if judged and not all(map(calendar.is_published, (found.target_due, last))):
        return replace(found, legal_due=None, status=Status.PROVISIONAL, estimate=last)
    return found


def year_days(first: date, last: date) -> list[date]:
    """One day of each year touched from `first` to `last`."""
    return [date(year, 1, 1) for year in range(first.year, last.year + 1)]
