"""Dates over a new year whose holidays are not announced: nobody is late on a rest day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.mediation.domain.due import day_of, designated
from services.mediation.domain.explanation import explain
from services.mediation.domain.legal_clock import deadline
from shared.events import CaseForwarded, ReplyRecorded
from shared.work import Database
from tests.conftest import StandingClock
from tests.mediation.seeds import association, shipped_calendar
from tests.mediation.things import a_case, a_colleague, said, step, walk

REPLY = association().clock("reply")


def reply_clock(forwarded_on: date) -> dict[str, object]:
    return deadline(REPLY.period, forwarded_on, shipped_calendar()).derivation()


@pytest.mark.parametrize(
    ("forwarded_on", "target", "day", "status"),
    [
        ("2026-12-25", "2026-12-30", "2026-12-30", "FINAL"),
        ("2026-12-26", "2026-12-31", "2026-12-31", "FINAL"),
        ("2026-12-27", "2027-01-01", "2027-01-04", "PROVISIONAL"),
        ("2026-12-28", "2027-01-02", "2027-01-04", "PROVISIONAL"),
        ("2026-12-29", "2027-01-03", "2027-01-04", "PROVISIONAL"),
        ("2026-12-30", "2027-01-04", "2027-01-04", "PROVISIONAL"),
        ("2027-01-01", "2027-01-06", "2027-01-06", "PROVISIONAL"),
    ],
)
def test_the_day_of_reply_is_never_a_rest_day_by_what_is_known(
    forwarded_on: str, target: str, day: str, status: str
) -> None:
    clock = designated(reply_clock(date.fromisoformat(forwarded_on)), None)
    assert (clock["target_due"], str(day_of(clock)), clock["status"]) == (target, day, status)


@pytest.mark.parametrize(
    ("replied_on", "in_time"),
    [
        (date(2026, 12, 28), True), (date(2026, 12, 31), True), (date(2027, 1, 2), True),
        (date(2027, 1, 3), True), (date(2027, 1, 4), True), (date(2027, 1, 5), False),
        (date(2027, 1, 6), False),
    ],
)  # fmt: skip
async def test_a_reply_on_the_next_working_day_after_new_year_is_in_time(
    database: Database, clock: StandingClock, replied_on: date, *, in_time: bool
) -> None:
    clock.now = datetime(2026, 12, 28, 2, tzinfo=UTC)
    lin = await a_colleague(database)
    case = await a_case(database, received_at=clock.now)
    case = await walk(database, case, lin, "accept", "forward")
    assert (case.due_on, case.due_for, case.due_status) == (
        date(2027, 1, 4), "reply", "PROVISIONAL",
    )  # fmt: skip
    forwarded = (await said(database))[-1]
    assert isinstance(forwarded, CaseForwarded)
    assert (forwarded.reply_due, forwarded.due_status) == (date(2027, 1, 4), "PROVISIONAL")
    clock.now = datetime(2027, 1, 6, 2, tzinfo=UTC)
    await step(database, case, "record-reply", lin, text="同意", replied_on=replied_on)
    reply = (await said(database))[-1]
    assert isinstance(reply, ReplyRecorded)
    assert reply.in_time is in_time


@given(
    forwarded_on=st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    amount=st.integers(0, 30),
)
def test_no_day_up_to_the_rolled_one_is_ever_late(forwarded_on: date, amount: int) -> None:
    calendar = shipped_calendar()
    clock = reply_clock(forwarded_on)
    rolled = forwarded_on + timedelta(days=5)
    while not calendar.is_working(rolled):
        rolled += timedelta(days=1)
    due = day_of(designated(clock, None))
    assert due == rolled
    assert (rolled - timedelta(days=amount) <= due) is True


def test_a_day_that_a_person_named_depends_on_no_calendar() -> None:
    clock = designated(reply_clock(date(2026, 12, 28)), date(2027, 1, 8))
    assert (str(day_of(clock)), clock["status"]) == ("2027-01-08", "FINAL")


def test_a_provisional_day_of_reply_says_so() -> None:
    clock = designated(reply_clock(date(2026, 12, 28)), None)
    assert explain(clock, REPLY, "zh") == (
        "最后一日为2027-01-02，当年放假安排尚未公布；2026-12-28转送时暂定的答复期限是2027-01-04"
        f"（{REPLY.source.zh}），当日答复不算逾期。"
    )
    assert explain(clock, REPLY, "en") == (
        "The last day is 2027-01-02 and that year's holidays are not announced; the letter of "
        f"2026-12-28 names 2027-01-04 ({REPLY.source.en}), so a reply on that day is in time."
    )
