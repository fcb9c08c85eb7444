"""Periods of files: from the data file, within legal minima, to the day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.mediation.domain.keeping.retention import (
    BrokenRetentionError,
    CaseFacts,
    Schedule,
    TooShortError,
    WrongPeriodError,
    after,
    before,
    checked,
    schedule_of,
)
from services.mediation.domain.keeping.staying import Held, Stays, stays
from services.mediation.use_cases.privacy.retention import shipped

CLOSED = date(2026, 2, 28)
TODAY = date(2026, 6, 23)
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


def case(
    kind: str = "complaint", outcome: str | None = "agreed", pack: str = "association"
) -> CaseFacts:
    return CaseFacts(kind, outcome, pack, CLOSED)


@pytest.mark.parametrize(
    ("facts", "code", "due_on"),
    [
        (case(), "complaint", date(2036, 2, 28)),
        (case(outcome="refused"), "refused", date(2029, 2, 28)),
        (case("report"), "report", date(2036, 2, 28)),
        (case("inquiry"), "inquiry", date(2028, 2, 28)),
        (case("report", pack="hospital"), "hospital", date(2041, 2, 28)),
        (CaseFacts("complaint", None, "association", None), "complaint", None),
    ],
)
def test_a_case_is_of_the_first_class_that_fits_and_due_when_its_months_are_over(
    facts: CaseFacts, code: str, due_on: date | None
) -> None:
    assert shipped().class_of(facts).code == code
    assert shipped().due_on(facts) == due_on


def test_what_a_body_set_itself_goes_before_the_data_file_and_for_ever_is_never_due() -> None:
    base = shipped()
    shorter = Schedule(base.valid_from, base.classes, {"complaint": 12})
    for_ever = Schedule(base.valid_from, base.classes, {"complaint": None})
    assert shorter.due_on(case()) == date(2027, 2, 28)
    assert for_ever.due_on(case()) is None


@pytest.mark.parametrize(
    ("day", "months", "until"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 6, 30), 36, date(2029, 6, 30)),
    ],
)
def test_a_month_ends_on_the_day_of_the_same_number_or_on_its_last(
    day: date, months: int, until: date
) -> None:
    assert after(day, months) == until


@given(DAYS, st.integers(0, 1200), st.integers(0, 1200))
def test_more_months_are_never_earlier(day: date, some: int, more: int) -> None:
    assert after(day, some) <= after(day, some + more)


@given(DAYS, st.integers(1, 1200))
def test_the_last_day_from_which_months_are_over_is_the_last(today: date, months: int) -> None:
    day = before(today, months)
    assert after(day, months) <= today < after(day + timedelta(days=1), months)


@pytest.mark.parametrize(
    ("facts", "today", "day"),
    [
        (case(), TODAY, date(2016, 6, 23)),
        (case("inquiry"), date(2026, 2, 28), date(2024, 2, 29)),
        (case(outcome="refused"), date(2026, 4, 30), date(2023, 4, 30)),
    ],
)
def test_of_each_class_it_is_known_which_closed_cases_may_go_today(
    facts: CaseFacts, today: date, day: date
) -> None:
    base = shipped()
    assert base.closed_by(facts, today) == day
    for_ever = Schedule(base.valid_from, base.classes, {base.class_of(facts).code: None})
    assert for_ever.closed_by(facts, today) is None


def test_the_law_names_three_years_for_assessments_and_for_data_given_to_others() -> None:
    least = {one.code: one.minimum for one in shipped().classes if one.minimum}
    assert least == {"forwardings": 36, "assessments": 36, "notices": 36, "trail": 6}


def test_no_class_can_be_kept_shorter_than_the_law_asks() -> None:
    assessments = shipped().named("assessments")
    assert checked(assessments, 36) == 36
    assert checked(assessments, None) is None
    with pytest.raises(TooShortError) as refused:
        checked(assessments, 35)
    assert "至少保存36个月（个人信息保护法第五十六条（至少保存3年））" in str(refused.value)


@pytest.mark.parametrize("months", [0, -1, 1201])
def test_what_is_no_period_is_refused(months: int) -> None:
    with pytest.raises(WrongPeriodError):
        checked(shipped().named("complaint"), months)


def test_an_unknown_class_is_refused() -> None:
    with pytest.raises(WrongPeriodError):
        shipped().named("nothing")


def test_every_class_names_its_source_in_both_languages() -> None:
    for one in shipped().classes:
        for words in (one.name, one.begins, one.source):
            assert sorted(words) == ["en", "zh"]
            assert all(words.values())


def test_a_data_file_without_a_class_for_all_other_cases_is_broken() -> None:
    with pytest.raises(BrokenRetentionError):
        schedule_of({"valid_from": CLOSED, "classes": []})


@pytest.mark.parametrize(
    ("closed_on", "holds", "least", "why"),
    [
        (None, [], None, Stays.OPEN),
        (CLOSED, [Held(None)], None, Stays.HELD),
        (CLOSED, [Held(TODAY)], None, Stays.HELD),
        (CLOSED, [Held(date(2026, 6, 22))], None, None),
        (CLOSED, [Held(None, lifted=True)], None, None),
        (CLOSED, [], date(2026, 6, 24), Stays.MINIMUM),
        (CLOSED, [], TODAY, None),
        (CLOSED, [], None, None),
    ],
)
def test_what_is_open_held_or_asked_for_by_law_stays(
    closed_on: date | None, holds: list[Held], least: date | None, why: Stays | None
) -> None:
    assert stays(closed_on, holds, least, TODAY) is why
