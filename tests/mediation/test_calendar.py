"""The shipped calendar against two independent packages, day by day."""

from datetime import date

import chinese_calendar
import holidays
import pytest

from services.mediation.domain.calendar import (
    BrokenCalendarError,
    CalendarDay,
    DayKind,
    calendar_of,
    days_from,
)
from tests.mediation.seeds import shipped_calendar

CALENDAR = shipped_calendar()
NEW_YEAR_SWAP_OF_2006 = date(2005, 12, 31)
"""Worked for the New Year of 2006, as the notice says; chinesecalendar leaves it out."""


def day(at: str, kind: DayKind, *, confirmed: bool = True) -> CalendarDay:
    return CalendarDay(date.fromisoformat(at), kind, "春节", "a notice", confirmed)


@pytest.mark.parametrize("year", range(2004, 2027))
def test_every_day_of_a_published_year_is_what_both_packages_say(year: int) -> None:
    other = holidays.country_holidays("CN", years=year)
    for one in days_from(date(year, 1, 1), date(year, 12, 31)):
        works = CALENDAR.is_working(one)
        assert works == other.is_working_day(one), one
        if one != NEW_YEAR_SWAP_OF_2006:
            assert works == chinese_calendar.is_workday(one), one


def test_2026_has_248_working_days() -> None:
    assert sum(CALENDAR.is_working(one.day) for one in CALENDAR.of_year(2026)) == 248
    assert len(CALENDAR.of_year(2026)) == 365


def test_the_kinds_of_2026_are_those_of_the_notice() -> None:
    kinds = {one.day.isoformat()[5:]: one.kind for one in CALENDAR.of_year(2026)}
    assert [at for at, kind in kinds.items() if kind is DayKind.ADJUSTED_WORK] == [
        "01-04", "02-14", "02-28", "05-09", "09-20", "10-10",
    ]  # fmt: skip
    assert [at for at, kind in kinds.items() if kind is DayKind.STATUTORY] == [
        "01-01", "02-16", "02-17", "02-18", "02-19", "04-05", "05-01", "05-02", "06-19", "09-25",
        "10-01", "10-02", "10-03",
    ]  # fmt: skip
    assert kinds["02-23"] is DayKind.IN_LIEU
    assert kinds["02-22"] is DayKind.REST
    assert kinds["02-24"] is DayKind.WORK


def test_2027_is_known_by_rule_alone_and_not_published() -> None:
    assert not CALENDAR.is_published(date(2027, 1, 1))
    assert CALENDAR.is_published(date(2026, 12, 31))
    festival_days = [one.day for one in CALENDAR.of_year(2027) if one.kind is DayKind.STATUTORY]
    by_rule = holidays.country_holidays("CN", years=2027, language="en_US")
    assert len(festival_days) == 13
    assert all(one in by_rule for one in festival_days)
    assert CALENDAR.is_working(date(2027, 2, 9))


def test_a_year_of_which_nothing_is_known_still_keeps_the_fixed_festivals() -> None:
    assert CALENDAR.kind_of(date(2031, 10, 1)) is DayKind.STATUTORY
    assert CALENDAR.is_working(date(2031, 10, 6))
    assert not CALENDAR.is_published(date(2031, 10, 1))


def test_the_weekend_beside_the_dragon_boat_festival_of_2024_is_a_plain_weekend() -> None:
    assert CALENDAR.is_announced_off(date(2024, 6, 10))
    assert not CALENDAR.is_announced_off(date(2024, 6, 8))
    assert not CALENDAR.is_working(date(2024, 6, 8))


def test_the_version_names_the_newest_published_year_and_changes_with_any_day() -> None:
    assert CALENDAR.version.startswith("2026-")
    days = list(CALENDAR.days.values())
    assert calendar_of(reversed(days)).version == CALENDAR.version
    assert calendar_of(days[:-1]).version != CALENDAR.version


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ([day("2026-02-16", DayKind.STATUTORY)] * 2, "日期 2026-02-16 出现了两次。"),
        ([day("2026-02-13", DayKind.ADJUSTED_WORK)], "2026-02-13 不是周末，不会是调休上班日。"),
        ([day("2026-02-14", DayKind.WORK)], "2026-02-14 的类别与星期不符。"),
        ([day("2026-02-13", DayKind.REST)], "2026-02-13 的类别与星期不符。"),
        (
            [
                day("2026-02-16", DayKind.STATUTORY),
                day("2026-02-17", DayKind.STATUTORY, confirmed=False),
            ],
            "2026 年不能一半确认、一半未确认。",
        ),
    ],
)
def test_a_calendar_that_cannot_be_is_refused(days: list[CalendarDay], sentence: str) -> None:
    with pytest.raises(BrokenCalendarError, match=sentence):
        calendar_of(days)
