"""Fictitious complaints: the same for the same seed, lawful in every step, and nobody's."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.demo import people
from deploy.demo.courses import COURSES, SHOWCASE
from deploy.demo.stories import Story, stories, story
from deploy.demo.troubles import words
from services.intake.domain.complaint import check
from services.intake.use_cases.submission import ComplaintForm
from services.mediation.domain.case import ENDED, Standing, State, Step, advance
from shared.clock import SHANGHAI, local_day
from shared.terms import CATEGORIES, Nature

UNTIL = datetime(2026, 11, 22, 1, tzinfo=UTC)


def walked(one: Story) -> State:
    """Where the steps of a story lead. Raises where one is not lawful."""
    known = one.complaint["respondent"] is not None
    standing = Standing(State.REGISTERED, known, accepted=False)
    for taken in one.steps:
        step = Step(taken.step)
        to = advance(standing, step)
        standing = Standing(to, known, standing.accepted or step is Step.ACCEPT)
    return standing.state


def test_the_same_seed_tells_the_same_stories_and_another_seed_others() -> None:
    first = list(stories(30, 7, UNTIL))
    assert first == list(stories(30, 7, UNTIL))
    assert first != list(stories(30, 8, UNTIL))


def test_the_first_hundred_of_many_are_the_same_hundred() -> None:
    assert list(stories(20, 7, UNTIL)) == list(stories(60, 7, UNTIL))[:20]
    assert list(stories(60, 7, UNTIL, first=50)) == list(stories(60, 7, UNTIL))[50:]


def test_even_a_few_show_every_state() -> None:
    shown = {walked(one) for one in stories(len(SHOWCASE), 2026, UNTIL)}
    assert shown == set(State)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 500), st.datetimes(datetime(2020, 1, 1)))  # noqa: DTZ001 - made aware below
def test_every_story_is_lawful_in_order_and_over(seed: int, index: int, now: datetime) -> None:
    until = min(now, datetime(2100, 1, 1)).replace(tzinfo=UTC)  # noqa: DTZ001 - made aware here
    one = story(seed, index, until)
    walked(one)
    times = [one.received_at, *(taken.at for taken in one.steps)]
    assert all(before < after for before, after in pairwise(times))
    assert until - timedelta(days=430) < times[0]
    assert times[-1] <= until


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 500))
def test_every_story_passes_the_checks_of_the_api(seed: int, index: int) -> None:
    one = story(seed, index, UNTIL)
    record = ComplaintForm.model_validate(one.complaint).record()
    check(record, local_day(one.received_at), may_know_less=record.external.source is not None)
    assert record.matter.category in CATEGORIES
    assert record.body == "demo"


def test_nobody_can_be_reached_at_what_is_invented() -> None:
    for one in stories(200, 3, UNTIL):
        complainant, respondent = one.complaint["complainant"], one.complaint["respondent"] or {}
        emails = [complainant["email"], respondent.get("email")]
        assert all(email.endswith("example.invalid") for email in emails if email)
        assert complainant["phone"].startswith("154")
        assert (respondent.get("phone") or "000").startswith("000")
        assert not respondent.get("uscc")
        assert not complainant.get("id_number")


def test_most_cases_are_over_and_some_wait_too_long() -> None:
    told = list(stories(1000, 2026, UNTIL))
    over = sum(walked(one) in ENDED for one in told)
    assert 600 < over < 850
    assert sum(walked(one) is State.REGISTERED for one in told) > 30


def test_steps_are_taken_while_the_office_is_open() -> None:
    hours = {taken.at.hour for one in stories(300, 5, UNTIL) for taken in one.steps}
    assert hours <= set(range(9, 20))


@pytest.mark.parametrize("course", COURSES)
def test_every_course_is_met_now_and_then(course: object) -> None:
    assert sum(one is course for one in COURSES) == 1


def test_texts_have_no_open_places_and_differ() -> None:
    texts = [one.complaint["matter"]["text"] for one in stories(300, 1, UNTIL)]
    assert not any("{" in text or "}" in text for text in texts)
    assert len(set(texts)) > 290
    assert {one.nature for one in words().troubles} <= {nature.value for nature in Nature}


def test_names_are_of_the_usual_length() -> None:
    random = Random(1)  # noqa: S311 - stories
    names = {people.person(random) for _ in range(200)}
    assert {len(name) for name in names} == {2, 3}


def test_received_by_day_in_shanghai() -> None:
    received = [one.received_at.astimezone(SHANGHAI).hour for one in stories(300, 5, UNTIL)]
    assert sum(8 <= hour <= 21 for hour in received) > 280
