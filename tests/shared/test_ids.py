"""Ids are in the order in which they were made: lists are sorted by them."""

from concurrent.futures import ThreadPoolExecutor

from shared.ids import LAST, Ids, milliseconds_of, uuid7, uuid7_at


class Ticks:
    """A clock that says what it is set to, in milliseconds."""

    def __init__(self, milliseconds: int) -> None:
        self.now = milliseconds

    def __call__(self) -> int:
        return self.now

    def move(self, milliseconds: int) -> None:
        self.now += milliseconds


def test_what_is_made_within_a_millisecond_is_in_order() -> None:
    made = [uuid7() for _ in range(20_000)]
    assert made == sorted(made)
    assert len(set(made)) == 20_000
    assert {one.version for one in made} == {7}
    assert {one.variant for one in made} == {"specified in RFC 4122"}


def test_what_several_threads_make_is_in_the_order_of_each() -> None:
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda _: [uuid7() for _ in range(2000)], range(4)))
    assert [one == sorted(one) for one in made] == [True] * 4
    assert len({one for each in made for one in each}) == 8000


def test_more_than_a_millisecond_has_numbers_for_go_on_in_the_next() -> None:
    ids = Ids(Ticks(1_700_000_000_000))
    made = [ids.next() for _ in range(2 * LAST)]
    assert made == sorted(made)
    assert milliseconds_of(made[0]) == 1_700_000_000_000
    assert milliseconds_of(made[LAST + 1]) == 1_700_000_000_001


def test_a_clock_that_is_set_back_is_waited_for_however_far() -> None:
    ticks = Ticks(1_700_000_000_000)
    ids = Ids(ticks)
    first = ids.next()
    ticks.move(-86_400_000)
    second, third = ids.next(), ids.next()
    assert first < second < third
    assert milliseconds_of(third) == 1_700_000_000_000
    ticks.move(86_400_001)
    assert milliseconds_of(ids.next()) == 1_700_000_000_001


def test_no_id_is_made_that_does_not_come_after_one_from_elsewhere() -> None:
    ids = Ids(Ticks(1_700_000_000_000))
    other = uuid7_at(1_700_000_000_500, (1 << 74) - 1)
    ids.go_past(other)
    assert ids.next() > other
    before = ids.next()
    ids.go_past(uuid7_at(1_600_000_000_000, 0))
    assert ids.next() > before, "what lies behind already moves nothing"
    assert milliseconds_of(before) == 1_700_000_000_501


def test_the_random_bits_of_two_ids_of_one_millisecond_are_others() -> None:
    ids = Ids(Ticks(1_700_000_000_000))
    low = {ids.next().int & (1 << 62) - 1 for _ in range(1000)}
    assert len(low) == 1000


def test_an_id_of_an_instant_says_when_and_what_was_random() -> None:
    assert str(uuid7_at(1_645_557_742_000, 0xCC3 << 62 | 0x18C4DC0C0C07398F)) == (
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"
    )
