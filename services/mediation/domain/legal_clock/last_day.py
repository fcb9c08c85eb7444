"""The last day of a period, and the data from which that day can be told again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from services.mediation.domain.calendar import ONE_DAY, Calendar
from services.mediation.domain.legal_clock.counting import count, rolled
from services.mediation.domain.legal_clock.period import (
    UNDISTURBED,
    Course,
    Extension,
    Pause,
    Period,
    Roll,
    Unit,
    union,
)
from shared.kernel import RuleError


class Status(StrEnum):
    """How sure a date is."""

    FINAL = "FINAL"
    PROVISIONAL = "PROVISIONAL"
    """The calendar that decides is not published yet."""
    PAUSED = "PAUSED"
    """A pause has no end yet: no final date, alarms off; shown as if it ended today."""


class ExtensionTooLateError(RuleError):
    """The approval came after the period was over."""


class ExtensionTooEarlyError(RuleError):
    """The approval is dated before the period began."""


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


def iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def extension_data(extension: Extension | None) -> dict[str, Any] | None:
    if extension is None:
        return None
    return {"amount": extension.amount, "approved_on": extension.approved_on.isoformat()}


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
