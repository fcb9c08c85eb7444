"""Where a complaint stands, in whatever order the news arrives."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from services.intake.consumers import subscriptions
from services.intake.domain.standing import OVER, Heard, standing
from services.intake.tables import PublicStepRow
from shared.events import CaseClosed, CaseForwarded, CaseOpened, LetterSent
from shared.kernel import ComplaintId
from shared.terms.cases import State
from shared.work import Database

THEN = datetime(2026, 6, 1, 2, tzinfo=UTC)
WHOLE = [
    ("case_opened", {"state": "registered", "due_on": "2026-06-10", "due_for": "accept"}),
    ("case_accepted", {"state": "accepted", "due_on": "2026-06-06", "due_for": "forward"}),
    ("case_forwarded", {"state": "forwarded", "due_on": "2026-06-11", "due_for": "reply"}),
    ("reply_recorded", {"state": "replied", "due_on": "2026-07-01", "due_for": "mediate"}),
    ("case_agreed", {"state": "agreed"}),
    ("case_closed", {"state": "closed", "outcome": "agreed"}),
]
HEARD = [
    Heard("mediation", n, step, THEN + timedelta(days=n), facts)
    for n, (step, facts) in enumerate(WHOLE, 1)
]
ONE = ComplaintId(UUID(int=1))
REFUSED = {"state": "closed", "reason": "private_deal"}


def test_before_anybody_speaks_it_is_registered() -> None:
    found = standing(THEN, None, [])
    assert (found.state, found.due_on, found.withdrawable) == (State.REGISTERED, None, True)
    assert [stage.now for stage in found.stages] == [True, False, False, False, False]
    assert found.stages[0].reached_at == THEN


def test_a_day_that_hangs_on_an_unpublished_calendar_is_called_provisional() -> None:
    facts = {"state": "forwarded", "due_on": "2027-01-04", "due_for": "reply"}
    for status, provisional in (("PROVISIONAL", True), ("FINAL", False), (None, False)):
        step = Heard("mediation", 1, "case_forwarded", THEN, facts | {"due_status": status})
        found = standing(THEN, None, [step])
        assert (found.due_on, found.provisional) == (date(2027, 1, 4), provisional)
    ended = Heard("mediation", 2, "case_agreed", THEN, {"state": "agreed", "due_status": None})
    assert standing(THEN, None, [step, ended]).provisional is False


@given(st.permutations(HEARD), st.integers(0, len(HEARD)))
def test_only_the_newest_version_counts_however_the_news_arrives(
    news: list[Heard], upto: int
) -> None:
    heard = news[:upto]
    found = standing(THEN, None, heard)
    newest = max(heard, key=lambda one: one.version, default=None)
    assert found.state == (newest.facts["state"] if newest else "registered")
    assert sum(stage.now for stage in found.stages) == 1
    assert [one.at for one in found.steps] == sorted((h.at for h in heard), reverse=True)
    assert found.withdrawable == (found.state not in OVER)


def test_a_forwarded_complaint_shows_when_the_trader_must_answer() -> None:
    found = standing(THEN, None, HEARD[:3])
    assert (found.state, found.due_on, found.due_for) == (
        State.FORWARDED,
        date(2026, 6, 11),
        "reply",
    )
    assert [stage.past for stage in found.stages] == [True, True, False, False, False]


def test_a_closed_one_shows_its_outcome_and_no_deadline() -> None:
    found = standing(THEN, None, HEARD)
    assert (found.state, found.outcome, found.due_on) == (State.CLOSED, "agreed", None)
    assert not found.withdrawable


def test_a_refusal_closes_says_so_and_for_what_until_it_is_reopened() -> None:
    refused = Heard("mediation", 2, "case_refused", THEN + timedelta(days=2), REFUSED)
    reopened = Heard(
        "mediation", 3, "case_reopened", THEN + timedelta(days=3), {"state": "registered"}
    )
    found = standing(THEN, None, [*HEARD[:1], refused])
    assert (found.state, found.outcome, found.refused_for) == (
        State.CLOSED,
        "refused",
        "private_deal",
    )
    assert found.failed_for is None
    assert found.stages[-1] == (THEN + timedelta(days=2), False, True)
    assert not found.withdrawable
    again = standing(THEN, None, [*HEARD[:1], refused, reopened])
    assert (again.state, again.outcome, again.refused_for) == (State.REGISTERED, None, None)


def test_a_failed_mediation_says_for_what_also_once_closed_until_it_is_reopened() -> None:
    told = [
        ("case_failed", {"state": "failed", "reason": "party_absent"}),
        ("case_closed", {"state": "closed", "outcome": "failed"}),
        ("case_reopened", {"state": "accepted"}),
        ("case_failed", {"state": "failed", "reason": "time_over"}),
        ("case_closed", {"state": "closed", "outcome": "failed"}),
        ("case_reopened", {"state": "accepted"}),
        ("case_agreed", {"state": "agreed"}),
        ("case_closed", {"state": "closed", "outcome": "agreed"}),
    ]
    heard = [
        Heard("mediation", n, step, THEN + timedelta(days=n), facts)
        for n, (step, facts) in enumerate(told, 1)
    ]
    assert [standing(THEN, None, heard[:upto]).failed_for for upto in range(9)] == [
        None, "party_absent", "party_absent", None, "time_over", "time_over", None, None, None,
    ]  # fmt: skip
    assert all(standing(THEN, None, heard[:upto]).refused_for is None for upto in range(9))


def test_a_withdrawal_shows_before_mediation_has_heard_of_it() -> None:
    found = standing(THEN, THEN + timedelta(days=4), HEARD[:3])
    assert (found.state, found.due_on, found.withdrawable) == (State.WITHDRAWN, None, False)


def test_stages_that_were_skipped_are_not_past() -> None:
    found = standing(THEN, THEN + timedelta(days=1), HEARD[:1])
    assert [stage.past for stage in found.stages] == [True, False, False, False, False]
    assert [stage.now for stage in found.stages] == [False, False, False, False, True]


def test_a_letter_is_news_but_no_state() -> None:
    sent = Heard("notification", 9, "letter_sent", THEN + timedelta(days=9), {"way": "email"})
    found = standing(THEN, None, [*HEARD[:3], sent])
    assert found.state == State.FORWARDED
    assert found.steps[0].step == "letter_sent"


def opened(version: int) -> CaseOpened:
    return CaseOpened(
        occurred_at=THEN, complaint_id=ONE, version=version, case_id=ONE, body="main",
        state="registered", due_on=date(2026, 6, 10), due_for="accept",
    )  # fmt: skip


async def test_what_is_heard_twice_is_kept_once(database: Database) -> None:
    handler = subscriptions.handler_of(CaseOpened)
    assert handler is not None
    for _ in range(2):
        async with database.work() as work:
            await handler(work, [opened(1), opened(2), opened(1)])
    async with database.reading() as session:
        rows = list(await session.scalars(select(PublicStepRow).order_by(PublicStepRow.version)))
    assert [(one.speaker, one.version, one.step) for one in rows] == [
        ("mediation", 1, "case_opened"),
        ("mediation", 2, "case_opened"),
    ]
    assert rows[0].facts == {"state": "registered", "due_on": "2026-06-10", "due_for": "accept"}


@pytest.mark.parametrize("event", [CaseForwarded, CaseClosed, LetterSent])
def test_the_citizen_hears_of_each_step(event: type[CaseForwarded]) -> None:
    assert subscriptions.handler_of(event) is not None


def test_intake_listens_to_both_sisters() -> None:
    assert subscriptions.topics == {"mediation-events", "notification-events"}


def test_a_reopened_case_is_withdrawn_no_more() -> None:
    withdrawn = Heard("mediation", 2, "case_withdrawn", THEN, {"state": "withdrawn"})
    reopened = Heard(
        "mediation", 3, "case_reopened", THEN + timedelta(days=1), {"state": "accepted"}
    )
    assert standing(THEN, THEN, [withdrawn]).state is State.WITHDRAWN
    again = standing(THEN, THEN, [withdrawn, reopened])
    assert (again.state, again.withdrawable) == (State.ACCEPTED, True)
    later = standing(THEN, THEN + timedelta(days=2), [withdrawn, reopened])
    assert later.state is State.WITHDRAWN
