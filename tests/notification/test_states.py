"""Whatever is known and whatever a mail server says, a letter stands where it may stand."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.notification.domain.facts import Facts, Respondent, Sender
from services.notification.domain.retry import next_attempt
from services.notification.domain.states import FINISHED, MAY, OVER, Action, Reason, State, may
from services.notification.domain.way import Outcome, Way, after, choose_way, is_address
from tests.conftest import NOON
from tests.notification.builders import FACTS

some_facts = st.builds(
    lambda name, email, phone, text: replace(
        FACTS,
        respondent=Respondent(name, "", email, ""),
        sender=Sender("某市消委会", phone),
        text=text,
    ),
    name=st.sampled_from(["", "店"]),
    email=st.sampled_from(["", "没有", "shop@example.invalid", "a@b", "a@b.cn,c@d.cn"]),
    phone=st.sampled_from(["", "12315"]),
    text=st.sampled_from(["", " \n", "坏了"]),
)
days = st.dates(date(2026, 6, 20), date(2026, 7, 5))


@given(facts=some_facts, rare=st.sampled_from([(), ("𠮷",)]), today=days, can_mail=st.booleans())
def test_only_a_complete_letter_in_time_with_an_address_is_mailed(
    facts: Facts, rare: tuple[str, ...], today: date, *, can_mail: bool
) -> None:
    way = choose_way(facts, rare, today, can_mail=can_mail)
    complete = bool(facts.respondent.name and facts.text.strip() and not rare)
    in_time = today < facts.reply_due
    mailable = bool(facts.sender.phone) and is_address(facts.respondent.email)
    if complete and in_time and mailable:
        assert way == Way(State.SENDING if can_mail else State.WAITING)
    else:
        assert way.state in {State.HELD, State.FAILED, State.TO_PRINT}
        assert way.reason is not None
    assert (way.state is State.HELD) == (not complete)


@given(
    reasons=st.lists(st.sampled_from([*Reason, None]), min_size=1, max_size=12),
    jitter=st.floats(0, 1),
    due=days,
)
def test_attempts_end_and_end_for_good(
    reasons: list[Reason | None], jitter: float, due: date
) -> None:
    now: datetime = NOON
    for tries, reason in enumerate(reasons, 1):
        again = next_attempt(tries, now, jitter)
        way = after(Outcome(reason), again, again.date() if again else None, due)
        assert way.state in {State.SENT, State.SENDING, State.FAILED}
        assert (way.state is State.SENT) == (reason is None)
        if way.state is not State.SENDING:
            assert (way.reason is None) == (reason is None)
            return
        assert again is not None
        assert again >= now + timedelta(minutes=1)
        assert again.date() < due
        now = again
    assert len(reasons) <= 7


def test_what_is_out_is_never_printed_again_or_made_anew() -> None:
    for state in FINISHED:
        assert Action.PRINTED not in may(state)
        assert Action.MAKE not in may(state)
    assert State.VOID in OVER


def test_every_state_in_which_something_is_lacking_leaves_a_person_something_to_do() -> None:
    needs_a_person = {State.HELD, State.TO_PRINT, State.FAILED, State.WAITING}
    for state in needs_a_person:
        assert may(state)
    assert set(MAY) == set(Action)
