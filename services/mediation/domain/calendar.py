"""The working-day calendar: what the State Council announced, and what is only known by rule."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property

from shared.kernel import RuleError

FRIDAY = 4
FIXED_FESTIVALS = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))
"""Festival days with a solar date (全国年节及纪念日放假办法 art. 2, 2024): the estimate for years
of which nothing at all is known."""
FESTIVALS = {
    "元旦": 1950,
    "春节": 1950,
    "清明节": 2008,
    "劳动节": 1950,
    "端午节": 2008,
    "国庆节": 1950,
}
"""Festivals with days off of their own, each year since (全国年节及纪念日放假办法 art. 2).

Without the Mid-Autumn Festival (中秋节), which may fall into the days off of 国庆节, as in 2020.
"""
ONE_DAY = timedelta(days=1)


class DayKind(StrEnum):
    """What a day is to the calendar."""

    WORK = "WORK"
    REST = "REST"
    STATUTORY = "STATUTORY"
    """A festival day by law (法定节假日)."""
    IN_LIEU = "IN_LIEU"
    """A day off by swap or in lieu (调休、补假)."""
    ADJUSTED_WORK = "ADJUSTED_WORK"
    """A weekend day that is worked (调休上班)."""


WORKED = frozenset({DayKind.WORK, DayKind.ADJUSTED_WORK})


class BrokenCalendarError(RuleError):
    """A calendar file says something that cannot be."""


@dataclass(frozen=True)
class CalendarDay:
    """A day that an announcement names. Days nobody names are worked from Monday to Friday."""

    day: date
    kind: DayKind
    festival: str
    """The festival whose announced block the day belongs to, in Chinese."""
    source: str
    confirmed: bool
    """False while the year's notice is not published and the day is known by rule alone."""


@dataclass(frozen=True)
class Calendar:
    """Every day's kind. Years without a confirmed day are unpublished: estimates, never law."""

    days: Mapping[date, CalendarDay]
    published: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        years = frozenset(day.year for day, named in self.days.items() if named.confirmed)
        object.__setattr__(self, "published", years)

    def kind_of(self, day: date) -> DayKind:
        """What kind of day it is, as far as is known."""
        if named := self.days.get(day):
            return named.kind
        if day.weekday() > FRIDAY:
            return DayKind.REST
        if day.year not in self.years and (day.month, day.day) in FIXED_FESTIVALS:
            return DayKind.STATUTORY
        return DayKind.WORK

    def is_working(self, day: date) -> bool:
        """Whether people work on it, adjusted weekends included."""
        return self.kind_of(day) in WORKED

    def is_announced_off(self, day: date) -> bool:
        """Whether it lies in an announced holiday block; plain weekends beside it do not."""
        return day in self.days and self.days[day].kind not in WORKED

    def is_published(self, day: date) -> bool:
        """Whether the notice for the day's year is in the data."""
        return day.year in self.published

    @cached_property
    def years(self) -> frozenset[int]:
        """The years of which anything is known, published or by rule."""
        return frozenset(day.year for day in self.days)

    @cached_property
    def version(self) -> str:
        """Names this very calendar: the newest published year and a digest of all its days."""
        text = "\n".join(
            f"{one.day} {one.kind} {one.festival} {one.confirmed}"
            for one in sorted(self.days.values(), key=lambda one: one.day)
        )
        digest = hashlib.sha256(text.encode()).hexdigest()[:8]
        return f"{max(self.published, default=0)}-{digest}"

    def festivals_between(self, first: date, last: date) -> list[str]:
        """The festivals with a day off from `first` to `last`, both counted, in order."""
        named = (self.days.get(day) for day in days_from(first, last))
        return list(dict.fromkeys(one.festival for one in named if one and one.kind not in WORKED))

    def of_year(self, year: int) -> list[CalendarDay]:
        """Every day of a year, the unnamed ones too."""
        sources = [one for day, one in self.days.items() if day.year == year]
        source = sources[0].source if sources else ""
        confirmed = year in self.published
        return [
            self.days.get(day) or CalendarDay(day, self.kind_of(day), "", source, confirmed)
            for day in days_from(date(year, 1, 1), date(year, 12, 31))
        ]


def days_from(first: date, last: date) -> Iterator[date]:
    """The days from `first` to `last`, both counted."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def calendar_of(days: Iterable[CalendarDay]) -> Calendar:
    """The calendar of these days. Raises BrokenCalendarError where two days contradict."""
    known: dict[date, CalendarDay] = {}
    confirmed: dict[int, bool] = {}
    for one in days:
        if one.day in known:
            raise BrokenCalendarError("日期 {day} 出现了两次。", day=one.day.isoformat())
        known[one.day] = check(one)
    for day, one in known.items():
        if confirmed.setdefault(day.year, one.confirmed) != one.confirmed:
            raise BrokenCalendarError("{year} 年不能一半确认、一半未确认。", year=day.year)
    return Calendar(known)


def check_whole(year: int, days: Iterable[CalendarDay]) -> None:
    """Refuse a year in which festivals are missing that every year has (a file that was cut off).

    Raises BrokenCalendarError.
    """
    off = {one.festival for one in days if one.kind not in WORKED}
    missing = [name for name, since in FESTIVALS.items() if since <= year and name not in off]
    if missing:
        raise BrokenCalendarError(
            "{year} 年不完整：没有{missing}的放假日。这一年会整年换掉，请把全年的日子都写上。",
            year=year,
            missing="、".join(missing),
        )


def check(one: CalendarDay) -> CalendarDay:
    """Refuse what no announcement can say."""
    weekend = one.day.weekday() > FRIDAY
    if one.kind is DayKind.ADJUSTED_WORK and not weekend:
        raise BrokenCalendarError("{day} 不是周末，不会是调休上班日。", day=one.day.isoformat())
    if one.kind in {DayKind.WORK, DayKind.REST} and (one.kind is DayKind.REST) != weekend:
        raise BrokenCalendarError("{day} 的类别与星期不符。", day=one.day.isoformat())
    return one
