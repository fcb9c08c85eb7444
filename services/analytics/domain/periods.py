"""Which days, months or years a chart over time shows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

POINTS = {"day": 30, "month": 12, "year": 10}
"""How many points a chart has at least, where nobody asked for a first day."""
MOST_POINTS = {"day": 62, "month": 24}
"""How many points a chart can show; of years it shows all."""
LENGTHS = {"day": 10, "month": 7, "year": 4}
"""How much of an ISO day names its step."""


@dataclass(frozen=True)
class Window:
    """From the first to the last day, both included, in steps of a grain."""

    grain: str
    first: date
    last: date

    @property
    def keys(self) -> list[str]:
        """Every step, as figures by this grain name it."""
        return [self.key(day.isoformat()) for day in steps(self.grain, self.first, self.last)]

    def key(self, day: str) -> str:
        """The step that holds a day of the window, both as figures name them."""
        return day[: LENGTHS[self.grain]]

    def narrowed(self, grain: str) -> date | None:
        """From which day on this grain could show the rest; None where it can show all."""
        if fits(grain, self.first, self.last):
            return None
        return back(grain, self.last, POINTS[grain] - 1)


def fits(grain: str, first: date, last: date) -> bool:
    """Whether a chart can show the whole period in steps of this grain."""
    most = MOST_POINTS.get(grain)
    return most is None or back(grain, last, most - 1) <= first


def default_grain(first: date, last: date) -> str:
    """Return the finest that can show the whole period."""
    return next(grain for grain in POINTS if fits(grain, first, last))


def window(grain: str | None, first: date | None, last: date, oldest: date) -> Window:
    """The whole period, in the grain that was asked for if that can show it.

    Where nobody asked for a first day, the period begins with the oldest figure and has at least
    as many points as make a chart; what is added holds no figure.
    """
    begin = first or min(oldest, back("day", last, POINTS["day"] - 1))
    if grain is None or not fits(grain, begin, last):
        grain = default_grain(begin, last)
    if first is None:
        begin = min(begin, back(grain, last, POINTS[grain] - 1))
    return Window(grain, begin, max(begin, last))


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
