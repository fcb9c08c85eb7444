"""Which numbers a search on PostgreSQL asks for at once: by how often the word was found so far."""

from hypothesis import given
from hypothesis import strategies as st

from services.mediation.use_cases.searching.spans import STRETCH, WIDEST, Span
from services.mediation.use_cases.searching.stores import OnPostgres, OnSqlite

STORE = OnPostgres("search_tokens_1")
WIDTH = 1 << STRETCH
END = 61 * WIDTH + 1_000
"""A little over a million numbers: of the newest stretch only the first 999."""


def test_the_newest_stretch_comes_first() -> None:
    assert STORE.first(END) == Span(END, 61 * WIDTH, (-62,))
    assert STORE.first(61 * WIDTH + 1) == Span(61 * WIDTH + 1, 61 * WIDTH, (-62,))
    assert STORE.first(61 * WIDTH) == Span(61 * WIDTH, 60 * WIDTH, (-61,))
    assert STORE.first(1) == Span(1, 0, (-1,))


def test_so_many_stretches_follow_that_a_quarter_more_than_wanted_should_be_found() -> None:
    newest = STORE.first(61 * WIDTH)
    after = STORE.following(newest, 100 / WIDTH, 1_000)  # 1,250 / 100 = 12.5 stretches
    assert after == Span(60 * WIDTH, 47 * WIDTH, tuple(range(-48, -61, -1)))
    assert len(after.stretches) == 13
    one = STORE.following(newest, 2_000 / WIDTH, 51)
    assert one == Span(60 * WIDTH, 59 * WIDTH, (-60,))


def test_of_a_word_that_is_seldom_the_widest_span_follows_and_of_a_rare_one_all_the_rest() -> None:
    newest = STORE.first(61 * WIDTH)
    seldom = STORE.following(newest, 30 / WIDTH, 1_000)  # 41.7 of 60 stretches
    assert seldom == Span(60 * WIDTH, 28 * WIDTH, tuple(range(-29, -61, -1)))
    assert len(seldom.stretches) == WIDEST == 32
    assert STORE.following(newest, 20 / WIDTH, 1_000) == Span(60 * WIDTH)  # 62.5 of 60


def test_nothing_follows_the_oldest_numbers() -> None:
    assert STORE.following(Span(END), 1.0, 50) is None
    assert STORE.following(STORE.first(20), 1.0, 50) is None
    assert OnSqlite("search_tokens_1").first(20) == Span(20)
    assert OnSqlite("search_tokens_1").following(Span(20), 1.0, 50) is None


@given(
    below=st.integers(1, 3_000_000),
    shares=st.lists(st.floats(1e-9, 1.0), min_size=1, max_size=5),
    wanted=st.integers(1, 1_001),
)
def test_every_number_is_asked_for_exactly_once(
    below: int, shares: list[float], wanted: int
) -> None:
    span: Span | None = STORE.first(below)
    expected, at = below, 0
    while span is not None:
        assert span.below == expected
        if span.stretches:
            kept = range(span.least >> STRETCH, ((span.below - 1) >> STRETCH) + 1)
            assert span.stretches == tuple(-1 - one for one in kept)
            assert len(span.stretches) <= WIDEST
        assert 0 <= span.least < span.below
        expected, at = span.least, at + 1
        span = STORE.following(span, shares[at % len(shares)], wanted)
    assert expected == 0
