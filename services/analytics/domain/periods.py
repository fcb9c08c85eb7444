"""Which days, months or years a chart over time shows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

MANY_DAYS, MANY_MONTHS = 62, 24
POINTS = {"day": 30, "month": 12, "year": 10}
"""How many points a chart has at most, where nobody asked for a period."""
MOST_POINTS = {"day": MANY_DAYS, "month": MANY_MONTHS, "year": 30}


@dataclass(frozen=True)
class Window:
    """From the first to the last day, both included, in steps of a grain."""

    grain: str
    first: date
    last: date

    @property
    def keys(self) -> list[str]:
        """Every step, as figures by this grain name it."""
        length = {"day": 10, "month": 7, "year": 4}[self.grain]
        return [day.isoformat()[:length] for day in steps(self.grain, self.first, self.last)]


def default_grain(first: date | None, last: date | None) -> str:
    """Days, unless a longer period was asked for."""
    if first is None or last is None or (last - first).days < MANY_DAYS:
        return "day"
    return "month" if months(first, last) <= MANY_MONTHS else "year"


def window(grain: str, first: date | None, last: date) -> Window:
    """The end of the period that was asked for, as much of it as a chart can show."""
    steps = POINTS[grain] if first is None else MOST_POINTS[grain]
    earliest = back(grain, last, steps - 1)
    return Window(grain, max(first, earliest) if first else earliest, last)


def back(grain: str, day: date, steps: int) -> date:
    """The first day of the step so many steps before the one that holds `day`."""
    if grain == "day":
        return day - timedelta(days=steps)
    if grain == "year":
        return date(max(day.year - steps, 1), 1, 1)
    month = max(day.year * 12 + day.month - 1 - steps, 12)
    return date(month // 12, month % 12 + 1, 1)


def steps(grain: str, first: date, last: date) -> Iterator[date]:
    """A day of every step between two days."""
    day = back(grain, first, 0)
    while day <= last:
        yield day
        day = following(grain, day)


def following(grain: str, day: date) -> date:
    """The first day of the next step."""
    if grain == "day":
        return day + timedelta(days=1)
    if grain == "month":
        return date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return date(day.year + 1, 1, 1)


def months(first: date, last: date) -> int:
    """How many months two days span."""
    return (last.year - first.year) * 12 + last.month - first.month + 1
