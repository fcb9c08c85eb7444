"""Which step is lawful when: the table, the guards, and a walk that never leaves the states."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.mediation.domain.case import (
    ANYWHERE,
    ENDED,
    LEADS_TO,
    OUTCOMES,
    STATE_WORDS,
    STEP_WORDS,
    ImpossibleStepError,
    NotAComplaintError,
    RespondentUnknownError,
    Standing,
    State,
    Step,
    UnlawfulDayError,
    advance,
    check_replied_on,
    check_reply_due,
    lawful,
    leads_to,
)
from shared.kernel import RuleError

TAKEN_UP = {State.ACCEPTED, State.FORWARDED, State.REPLIED, State.AGREED, State.FAILED}
CONTRACT = {
    "registered": {"accept", "refuse", "withdraw"},
    "accepted": {"forward", "fail", "withdraw", "agree"},
    "forwarded": {"record-reply", "agree", "fail", "withdraw"},
    "replied": {"agree", "fail", "withdraw", "forward"},
    "agreed": {"close", "reopen"},
    "failed": {"close", "reopen"},
    "withdrawn": {"close", "reopen"},
    "closed": {"reopen"},
}


def standing(state: State, *, known: bool = True, accepted: bool = True) -> Standing:
    return Standing(state, known, accepted)


@pytest.mark.parametrize("state", State)
def test_the_lawful_steps_of_each_state_are_those_people_hold_on_to(state: State) -> None:
    anywhere = {"name-respondent", "assign", "take", "amend", "note"}
    assert {step.value for step in lawful(standing(state))} == CONTRACT[state] | anywhere


def test_nothing_can_be_forwarded_while_the_respondent_has_no_name() -> None:
    nameless = standing(State.ACCEPTED, known=False)
    assert Step.FORWARD not in lawful(nameless)
    with pytest.raises(RespondentUnknownError) as refused:
        advance(nameless, Step.FORWARD)
    assert refused.value.pointer == "/respondent/name"


def test_a_step_that_is_not_lawful_now_says_where_the_case_stands() -> None:
    with pytest.raises(ImpossibleStepError, match="案件现在是「结案」，不能转送。"):
        advance(standing(State.CLOSED), Step.FORWARD)


@pytest.mark.parametrize("state", sorted(ENDED))
def test_reopening_leads_back_to_where_the_work_was(state: State) -> None:
    assert advance(standing(state), Step.REOPEN) is State.ACCEPTED
    assert advance(standing(state, accepted=False), Step.REOPEN) is State.REGISTERED


def test_what_ends_a_case_decides_its_outcome() -> None:
    assert OUTCOMES == {"agreed": "agreed", "failed": "failed", "withdrawn": "withdrawn"}
    assert {state for (state, step) in LEADS_TO if step is Step.CLOSE} == set(OUTCOMES)


def test_every_state_and_step_has_its_chinese_word() -> None:
    assert set(STATE_WORDS) == set(State)
    assert set(STEP_WORDS) == set(Step)


def test_a_named_day_of_reply_lies_after_the_forwarding_and_within_the_mediation() -> None:
    forwarded, limit = date(2026, 6, 1), date(2026, 6, 30)
    check_reply_due(date(2026, 6, 2), forwarded, limit)
    check_reply_due(date(2026, 6, 30), forwarded, limit)
    with pytest.raises(UnlawfulDayError, match="晚于转送当天（2026-06-01）"):
        check_reply_due(date(2026, 6, 1), forwarded, limit)
    with pytest.raises(UnlawfulDayError, match="不能晚于调解期限 2026-06-30"):
        check_reply_due(date(2026, 7, 1), forwarded, limit)


def test_a_reply_is_dated_between_the_forwarding_and_today() -> None:
    forwarded, today = date(2026, 6, 1), date(2026, 6, 5)
    check_replied_on(forwarded, forwarded, today)
    check_replied_on(today, forwarded, today)
    with pytest.raises(UnlawfulDayError, match="不能早于转送日 2026-06-01"):
        check_replied_on(date(2026, 5, 31), forwarded, today)
    with pytest.raises(UnlawfulDayError, match="不能晚于今天（2026-06-05）"):
        check_replied_on(date(2026, 6, 6), forwarded, today)


@given(
    at=st.builds(
        Standing,
        st.sampled_from(State),
        st.booleans(),
        st.booleans(),
        st.sampled_from([None, True, False]),
        st.booleans(),
    ),
    step=st.sampled_from(Step),
)
def test_a_step_is_listed_exactly_when_it_succeeds(at: Standing, step: Step) -> None:
    try:
        reached = advance(at, step)
    except RuleError:
        assert step not in lawful(at)
    else:
        assert step in lawful(at)
        assert reached == leads_to(at, step)


@pytest.mark.parametrize("overridden", [False, True])
def test_only_a_complaint_is_forwarded_whatever_the_complainant_agreed_to(
    *, overridden: bool
) -> None:
    report = Standing(
        State.ACCEPTED, respondent_named=True, accepted=True, may_forward=True, is_complaint=False
    )
    with pytest.raises(NotAComplaintError):
        advance(report, Step.FORWARD, overridden=overridden)
    assert Step.FORWARD not in lawful(report)
    assert Step.FORWARD in lawful(replace(report, is_complaint=True))


class Walk(RuleBasedStateMachine):
    """Random steps, lawful and not: the case never leaves the table."""

    def __init__(self) -> None:
        super().__init__()
        self.at = Standing(State.REGISTERED, respondent_named=False, accepted=False)
        self.seen = [State.REGISTERED]

    @rule(step=st.sampled_from(Step))
    def anybody_tries_anything(self, step: Step) -> None:
        allowed = step in lawful(self.at)
        before = self.at
        try:
            reached = advance(self.at, step)
        except RuleError:
            assert not allowed
            assert self.at is before
            return
        assert allowed
        accepted = self.at.accepted or step is Step.ACCEPT
        known = self.at.respondent_named or step is Step.NAME_RESPONDENT
        self.at = Standing(reached, known, accepted)
        self.seen.append(reached)

    @precondition(lambda self: self.at.state in ENDED)
    @rule()
    def somebody_objects(self) -> None:
        self.at = Standing(
            advance(self.at, Step.REOPEN), self.at.respondent_named, self.at.accepted
        )
        assert self.at.state in {State.ACCEPTED, State.REGISTERED}

    @invariant()
    def there_is_always_a_way_on(self) -> None:
        assert set(lawful(self.at)) - set(ANYWHERE) or not self.at.respondent_named

    @invariant()
    def nothing_is_mediated_that_was_not_accepted(self) -> None:
        if self.at.state in TAKEN_UP:
            assert self.at.accepted

    @invariant()
    def nothing_is_forwarded_to_nobody(self) -> None:
        if State.FORWARDED in self.seen:
            assert self.at.respondent_named


TestWalk = Walk.TestCase
