"""Legal periods: the vectors by their number, the readings by their letter, and properties."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.mediation.domain.calendar import days_from
from services.mediation.domain.legal_clock import (
    BackwardsPauseError,
    Course,
    Deadline,
    Extension,
    ExtensionTooEarlyError,
    ExtensionTooLateError,
    NoExtensionError,
    Pause,
    Period,
    Roll,
    Status,
    Unit,
    deadline,
)
from services.mediation.domain.rule_pack import NoSuchClockError
from shared.clock import local_day
from tests.mediation.seeds import association, shipped_calendar

CALENDAR = shipped_calendar()
PACK = association()
SEVEN = PACK.clock("accept").period
FIVE = PACK.clock("forward").period
THIRTY = PACK.clock("mediate").period


def on(text: str) -> date:
    return date.fromisoformat(text)


def end(period: Period, start: str, course: Course | None = None) -> Deadline:
    return deadline(period, on(start), CALENDAR, course or Course())


def due(period: Period, start: str, course: Course | None = None) -> tuple[str, str, str]:
    found = end(period, start, course)
    return str(found.target_due), str(found.legal_due), found.status.value


def extended(day: str) -> Course:
    return Course(extension=PACK.clock("mediate").extended(on(day)))


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        pytest.param("2026-02-13", "2026-03-02", id="T01"),
        pytest.param("2026-02-14", "2026-03-03", id="T02 an adjusted working day as day 0"),
        pytest.param("2026-04-30", "2026-05-13", id="T05 and T11"),
        pytest.param("2026-06-20", "2026-06-30", id="T06"),
        pytest.param("2026-02-11", "2026-02-27", id="tech 5, February"),
        pytest.param("2026-09-28", "2026-10-13", id="tech 5, October"),
    ],
)
def test_seven_working_days(received: str, expected: str) -> None:
    assert due(SEVEN, received) == (expected, expected, "FINAL")


def test_t09_a_count_into_an_unpublished_year_is_provisional_and_estimated() -> None:
    assert due(SEVEN, "2026-12-28") == ("2027-01-07", "2027-01-07", "PROVISIONAL")


def test_t10_day_0_is_the_day_in_shanghai() -> None:
    received = local_day(datetime(2026, 2, 12, 17, 30, tzinfo=UTC))
    assert received == on("2026-02-13")
    assert due(SEVEN, received.isoformat())[1] == "2026-03-02"


def test_t35_thirty_days_of_mediation() -> None:
    assert due(THIRTY, "2026-03-02") == ("2026-04-01", "2026-04-01", "FINAL")


def test_t36_an_extension_counts_from_the_target_and_rolls_off_labour_day() -> None:
    assert due(THIRTY, "2026-03-02", extended("2026-03-30")) == (
        "2026-05-01", "2026-05-06", "FINAL",
    )  # fmt: skip


def test_t38_an_extension_signed_after_the_last_day_is_refused_and_names_that_day() -> None:
    with pytest.raises(ExtensionTooLateError, match="2026-04-01 届满之前批准，2026-04-02 已经超期"):
        end(THIRTY, "2026-03-02", extended("2026-04-02"))


def test_t39_five_days_to_forward_roll_to_the_next_working_day() -> None:
    assert due(FIVE, "2026-09-30") == ("2026-10-05", "2026-10-08", "FINAL")


def test_t39_read_as_working_days_would_be_the_thirteenth() -> None:
    assert due(Period(5, Unit.WORKING_DAYS), "2026-09-30")[1] == "2026-10-13"


def test_t13_an_ordinary_sunday_does_not_roll_in_the_holiday_reading() -> None:
    sixty = Period(60, Unit.CALENDAR_DAYS, Roll.HOLIDAY_PERIOD)
    assert due(sixty, "2026-05-06") == ("2026-07-05", "2026-07-05", "FINAL")


def test_t14_a_last_day_in_a_holiday_moves_to_the_day_after_the_block() -> None:
    sixty = Period(60, Unit.CALENDAR_DAYS, Roll.HOLIDAY_PERIOD)
    assert due(sixty, "2026-08-02") == ("2026-10-01", "2026-10-08", "FINAL")


def test_t51_calendar_days_run_through_a_festival() -> None:
    assert due(Period(15, Unit.CALENDAR_DAYS), "2026-02-10")[1] == "2026-02-25"


def test_t56_a_pause_pushes_the_end_by_its_days() -> None:
    course = Course(pauses=[Pause(on("2026-03-10"), on("2026-03-25"))])
    found = end(Period(15, Unit.CALENDAR_DAYS), "2026-03-02", course)
    assert found.target_due == on("2026-04-01")
    assert found.excluded == 15


def test_t75_the_target_of_an_extension_is_never_counted_from_a_rolled_day() -> None:
    course = Course(extension=Extension(30, on("2026-04-20")))
    sixty = Period(60, Unit.CALENDAR_DAYS, Roll.REST_DAY)
    assert due(sixty, "2026-03-02") == ("2026-05-01", "2026-05-06", "FINAL")
    assert due(sixty, "2026-03-02", course) == ("2026-05-31", "2026-06-01", "FINAL")


def test_reading_a_day_0_cannot_be_excluded_twice() -> None:
    course = Course(pauses=[Pause(on("2026-03-01"), on("2026-03-05"))])
    found = end(THIRTY, "2026-03-02", course)
    assert found.excluded == 2
    assert found.target_due == on("2026-04-03")


def test_reading_c_and_d_an_approval_is_in_time_up_to_the_legal_day_itself() -> None:
    assert end(FIVE, "2026-09-30").legal_due == on("2026-10-08")
    course = Course(extension=Extension(5, on("2026-10-08")))
    assert due(FIVE, "2026-09-30", course) == ("2026-10-10", "2026-10-10", "FINAL")
    with pytest.raises(ExtensionTooLateError):
        end(FIVE, "2026-09-30", Course(extension=Extension(5, on("2026-10-09"))))


def test_reading_e_calendar_days_without_a_roll_are_final_in_an_unpublished_year() -> None:
    assert due(Period(15, Unit.CALENDAR_DAYS), "2026-12-28") == (
        "2027-01-12", "2027-01-12", "FINAL",
    )  # fmt: skip


def test_reading_k_a_roll_judged_in_an_unpublished_year_leaves_the_legal_day_open() -> None:
    found = end(THIRTY, "2026-12-10")
    assert (found.target_due, found.legal_due) == (on("2027-01-09"), None)
    assert found.status is Status.PROVISIONAL
    assert found.shown == on("2027-01-09")


def test_reading_g_a_pause_that_starts_after_the_target_changes_nothing() -> None:
    course = Course(pauses=[Pause(on("2026-10-06"), on("2026-10-20"))])
    assert due(FIVE, "2026-09-30", course) == ("2026-10-05", "2026-10-08", "FINAL")
    assert end(FIVE, "2026-09-30", course).pauses == ()


def test_reading_l_an_open_pause_gives_no_final_date_but_shows_one_as_of_today() -> None:
    course = Course(pauses=[Pause(on("2026-03-10"))], today=on("2026-03-15"))
    found = end(THIRTY, "2026-03-02", course)
    assert found.status is Status.PAUSED
    assert (found.target_due, found.legal_due) == (on("2026-04-06"), None)


def test_reading_n_out_and_back_on_one_day_excludes_nothing() -> None:
    course = Course(pauses=[Pause(on("2026-03-10"), on("2026-03-10"))])
    assert due(THIRTY, "2026-03-02", course)[1] == "2026-04-01"


def test_reading_o_the_last_days_of_the_newest_published_year_are_final() -> None:
    assert due(SEVEN, "2026-12-22") == ("2026-12-31", "2026-12-31", "FINAL")


def test_overlapping_pauses_count_once() -> None:
    course = Course(
        pauses=[
            Pause(on("2026-03-12"), on("2026-03-20")),
            Pause(on("2026-03-10"), on("2026-03-15")),
            Pause(on("2026-03-20"), on("2026-03-21")),
        ]
    )
    found = end(THIRTY, "2026-03-02", course)
    assert found.pauses == (Pause(on("2026-03-10"), on("2026-03-21")),)
    assert found.excluded == 11
    assert found.target_due == on("2026-04-12")


def test_a_working_period_skips_paused_days_only_where_they_would_have_counted() -> None:
    course = Course(pauses=[Pause(on("2026-03-07"), on("2026-03-10"))])
    assert due(SEVEN, "2026-03-05", course)[1] == "2026-03-17"
    assert due(SEVEN, "2026-03-05")[1] == "2026-03-16"


def test_a_pause_that_ends_before_it_begins_is_refused() -> None:
    course = Course(pauses=[Pause(on("2026-03-12"), on("2026-03-10"))])
    with pytest.raises(BackwardsPauseError, match="2026-03-10 早于开始日 2026-03-12"):
        end(THIRTY, "2026-03-02", course)


def test_an_approval_before_the_period_began_is_refused() -> None:
    with pytest.raises(ExtensionTooEarlyError, match="2026-03-01 早于期限开始日 2026-03-02"):
        end(THIRTY, "2026-03-02", extended("2026-03-01"))


def test_a_clock_without_an_extension_refuses_one_by_name() -> None:
    with pytest.raises(NoExtensionError, match="「决定是否受理」不能延长"):
        PACK.clock("accept").extended(on("2026-03-01"))


def test_an_unknown_clock_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(NoSuchClockError, match="accept、forward、reply、mediate"):
        PACK.clock("appeal")


def test_a_derivation_holds_everything_the_date_came_from() -> None:
    assert end(THIRTY, "2026-03-02", extended("2026-03-30")).derivation() == {
        "start": "2026-03-02",
        "amount": 30,
        "unit": "calendar_days",
        "roll": "rest_day",
        "target_due": "2026-05-01",
        "legal_due": "2026-05-06",
        "status": "FINAL",
        "pauses": [],
        "excluded": 0,
        "extension": {"amount": 30, "approved_on": "2026-03-30"},
        "calendar": CALENDAR.version,
        "festivals": ["劳动节"],
    }


starts = st.dates(date(2004, 1, 1), date(2026, 6, 30))
pauses = st.lists(
    st.tuples(st.integers(-5, 60), st.integers(0, 30)).map(
        lambda pair: (timedelta(days=pair[0]), timedelta(days=pair[1]))
    ),
    max_size=4,
)


@given(start=starts, amount=st.integers(1, 60))
def test_a_working_period_ends_on_a_working_day_and_holds_exactly_its_amount(
    start: date, amount: int
) -> None:
    found = deadline(Period(amount, Unit.WORKING_DAYS), start, CALENDAR)
    counted = days_from(start + timedelta(days=1), found.target_due)
    assert CALENDAR.is_working(found.target_due)
    assert sum(map(CALENDAR.is_working, counted)) == amount


@given(start=starts, amount=st.integers(1, 90), gaps=pauses, unit=st.sampled_from(Unit))
def test_a_period_with_pauses_is_what_a_count_day_by_day_gives(
    start: date, amount: int, gaps: list[tuple[timedelta, timedelta]], unit: Unit
) -> None:
    stops = [Pause(start + at, start + at + length) for at, length in gaps]
    found = deadline(Period(amount, unit), start, CALENDAR, Course(stops))
    day, left = start, amount
    while left:
        day += timedelta(days=1)
        paused = any(stop.start <= day < stop.end for stop in stops if stop.end)
        left -= not paused and (unit is Unit.CALENDAR_DAYS or CALENDAR.is_working(day))
    assert found.target_due == day


@given(start=starts, amount=st.integers(1, 90), roll=st.sampled_from(Roll))
def test_a_roll_never_moves_back_and_stops_at_the_first_day_that_may_stand(
    start: date, amount: int, roll: Roll
) -> None:
    found = deadline(Period(amount, Unit.CALENDAR_DAYS, roll), start, CALENDAR)
    assert found.legal_due is not None
    assert found.target_due == start + timedelta(days=amount)
    skipped = list(days_from(found.target_due, found.legal_due))[:-1]
    if roll is Roll.REST_DAY:
        assert CALENDAR.is_working(found.legal_due)
        assert not any(map(CALENDAR.is_working, skipped))
    elif roll is Roll.HOLIDAY_PERIOD:
        assert not CALENDAR.is_announced_off(found.legal_due)
        assert all(map(CALENDAR.is_announced_off, skipped))
    else:
        assert skipped == []
