"""The cap of refusals: exact values, and for any crowd of attempts what it promises."""

from collections import Counter
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.trail.caps import Attempt, Cap, Limits
from tests.conftest import NOON

SMALL = Limits(person=4, thing=3, things=1000, address=2, addresses=5, told=2)
attempts = st.builds(
    Attempt,
    address=st.sampled_from("abcdef"),
    person=st.sampled_from(["", "", "lin", "hua"]),
    thing=st.sampled_from(["", "", "account:1", "case:2"]),
)


def capped(limits: Limits = SMALL) -> Cap:
    cap = Cap(limits)
    assert cap.turned(NOON) is None
    return cap


def test_the_limits_of_a_minute() -> None:
    assert Limits() == Limits(person=60, thing=30, things=2000, address=20, addresses=300, told=100)


def test_one_address_has_its_places_and_takes_nobody_elses() -> None:
    cap = capped()
    assert [cap.admits(Attempt("a")) for _ in range(4)] == [True, True, False, False]
    assert [cap.admits(Attempt("b")) for _ in range(3)] == [True, True, False]
    assert [cap.admits(Attempt("c")) for _ in range(2)] == [True, False]
    assert cap.admits(Attempt("a", person="lin"))
    assert cap.admits(Attempt("a", thing="account:1"))


def test_what_is_left_out_is_told_by_where_it_came_from_once_the_minute_is_over() -> None:
    cap = capped()
    for address, times in (("a", 5), ("b", 3), ("c", 9)):
        for _ in range(times):
            cap.admits(Attempt(address))
    for _ in range(6):
        cap.admits(Attempt("d", person="lin"))
    assert cap.turned(NOON + timedelta(seconds=59)) is None
    assert cap.turned(NOON + timedelta(minutes=1)) == {
        "count": 3 + 1 + 8 + 2,
        "minute": NOON,
        "addresses": {"a": 3, "b": 1},
        "elsewhere": 8 + 2,
    }
    assert cap.turned(NOON + timedelta(minutes=2)) is None
    assert cap.admits(Attempt("a"))


def test_whoever_is_logged_in_is_told_by_their_id() -> None:
    cap = capped()
    kept = [cap.admits(Attempt("a", person="lin")) for _ in range(7)]
    assert kept == [True] * 4 + [False] * 3
    assert cap.turned(NOON + timedelta(minutes=1)) == {
        "count": 3,
        "minute": NOON,
        "people": {"lin": 3},
    }


def test_an_account_that_is_tried_from_everywhere_falls_back_on_the_places_of_the_addresses() -> (
    None
):
    cap = capped()
    kept = [cap.admits(Attempt(address, thing="account:1")) for address in "abababab"]
    assert kept == [True] * 3 + [True] * 4 + [False]


@given(st.lists(attempts, max_size=120))
def test_nobody_is_hidden_by_others_and_nothing_is_lost_uncounted(crowd: list[Attempt]) -> None:
    cap = capped()
    kept = [one for one in crowd if cap.admits(one)]
    gone = cap.turned(NOON + timedelta(minutes=1))
    assert len(kept) + (gone["count"] if gone else 0) == len(crowd)
    by_person = Counter(one.person for one in crowd if one.person)
    assert Counter(one.person for one in kept if one.person) == {
        person: min(number, 4) for person, number in by_person.items()
    }
    strangers = [one for one in kept if not one.person]
    for thing, number in Counter(
        one.thing for one in crowd if one.thing and not one.person
    ).items():
        assert sum(one.thing == thing for one in strangers) >= min(number, 3)
    at_nothing = Counter(one.address for one in strangers if not one.thing)
    assert all(number <= 2 for number in at_nothing.values())
    assert len(strangers) <= 2 * 3 + 5


@given(st.lists(st.integers(min_value=0, max_value=10_000), max_size=300))
def test_it_grows_no_further_than_its_limits(addresses: list[int]) -> None:
    cap = capped()
    for one in addresses:
        cap.admits(Attempt(str(one)))
    assert len(cap.taken) <= 5 + 1
    assert len(cap.left_out) <= 2 + 1
    assert cap.taken["addresses", ""] == sum(
        number for (kind, _), number in cap.taken.items() if kind == "address"
    )
