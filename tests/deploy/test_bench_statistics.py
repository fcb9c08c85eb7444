"""What a run of many requests comes to."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.bench.load import bursts, steady
from deploy.bench.statistics import REMEMBERED, Tally, percentile, ratio


def tally_of(pairs: list[tuple[float, float]]) -> Tally:
    made = Tally()
    for started, took in pairs:
        made.note(started, took, 200)
    return made


@pytest.mark.parametrize(
    ("share", "wanted"), [(0.0, 1), (0.01, 1), (0.5, 50), (0.95, 95), (0.99, 99), (1.0, 100)]
)
def test_a_percentile_is_the_nearest_rank(share: float, wanted: int) -> None:
    assert percentile(range(1, 101), share) == wanted


def test_of_one_value_every_percentile_is_that_value() -> None:
    assert {percentile([7.5], share) for share in (0.0, 0.5, 0.99, 1.0)} == {7.5}


def test_of_nothing_there_is_no_percentile() -> None:
    assert math.isnan(percentile([], 0.5))


@given(
    st.lists(st.floats(0, 1e6), min_size=1, max_size=300), st.floats(min_value=0.001, max_value=1)
)
def test_a_percentile_was_measured_and_covers_its_share(values: list[float], share: float) -> None:
    ordered = sorted(values)
    found = percentile(ordered, share)
    assert found in ordered
    assert sum(value <= found for value in ordered) >= share * len(ordered) - 1e-6


def test_only_answers_of_success_count_for_the_rate() -> None:
    tally = Tally(seconds=2.0)
    for status in (200, 201, 201, 500, 0, 429):
        tally.note(0.0, 0.001, status, b"why")
    assert (tally.count, tally.errors, tally.rate) == (6, 3, 1.5)
    assert tally.wrong == ["500: why", "0: why", "429: why"]


def test_only_the_first_wrong_answers_are_kept() -> None:
    tally = Tally()
    for number in range(REMEMBERED + 3):
        tally.note(0.0, 0.0, 500, str(number).encode())
    assert tally.wrong == [f"500: {number}" for number in range(REMEMBERED)]


def test_a_rate_without_time_is_nothing() -> None:
    assert Tally().rate == 0.0


def test_quantiles_are_in_milliseconds_and_can_be_of_a_span() -> None:
    tally = tally_of([(0.0, 0.010), (1.0, 0.020), (2.0, 0.030)])
    assert tally.quantile(0.5) == 20.0
    assert tally.quantile_between(1.0, 2.0, 1.0) == 20.0
    assert math.isnan(tally.quantile_between(5.0, 6.0, 0.5))


def test_a_ratio_to_nothing_is_not_a_number() -> None:
    assert ratio(1, 4) == 0.25
    assert math.isnan(ratio(1, 0))


def test_steady_arrivals_are_evenly_spaced() -> None:
    assert steady(2, 2) == [0.0, 0.5, 1.0, 1.5]


def test_bursts_follow_each_other() -> None:
    assert bursts([1, 2], 1.0, 2.0) == [0.0, 0.5, 1.0, 1.25, 1.5, 1.75]
