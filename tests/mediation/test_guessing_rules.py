"""The rule of guesses alone: whatever attackers and owners do, in whatever order."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.mediation.domain.guessing import Limits, Tally, Under, judged

WAIT = timedelta(minutes=15)
MOST = {Under.DEVICE: 3, Under.ACCOUNT: 4, Under.ADDRESS: 9}
LIMITS = Limits(MOST, WAIT)
BEGIN = datetime(2026, 6, 23, 4, tzinfo=UTC)
Key = tuple[Under, str]


@dataclass(frozen=True)
class Try:
    """A wrong guess, or the owner's right password from the browser that is known."""

    seconds: int
    """Since the try before."""
    account: str
    address: str
    mark: str | None
    """Of a cookie that somebody copied; None: the browser is not known."""


TRIES = st.lists(
    st.builds(
        Try,
        st.sampled_from([0, 1, 60, 899, 900, 901]),
        st.sampled_from(["lin", "chen", "nobody"]),
        st.sampled_from(["office", "home"]),
        st.sampled_from([None, None, "copied"]),
    ),
    max_size=80,
)


def under(one: Try) -> dict[Under, str]:
    """What each try is counted under."""
    keys = {Under.ACCOUNT: f"{one.account} {one.address}", Under.ADDRESS: one.address}
    return keys | ({Under.DEVICE: one.mark} if one.mark else {})


def played(tries: Sequence[Try]) -> list[tuple[datetime, Try, tuple[Under, ...]]]:
    """Each try with its moment, and what it was counted under; nothing for who is refused."""
    tallies: dict[Key, Tally] = defaultdict(Tally)
    now, found = BEGIN, []
    for one in tries:
        now += timedelta(seconds=one.seconds)
        keys = under(one)
        verdict = judged({kind: tallies[kind, key] for kind, key in keys.items()}, LIMITS, now)
        for kind in verdict.under:
            tallies[kind, keys[kind]] = tallies[kind, keys[kind]].one_more(now, WAIT)
        assert bool(verdict.under) != (verdict.wait > timedelta(0))
        assert verdict.wait <= WAIT
        owner = {kind: tallies[kind, key] for kind, key in keys.items()} | {Under.DEVICE: Tally()}
        assert judged(owner, LIMITS, now).under == (Under.DEVICE,)
        found.append((now, one, verdict.under))
    return found


@given(TRIES)
def test_nobody_looks_at_more_guesses_in_a_wait_than_the_limits_allow(tries: list[Try]) -> None:
    """And the owner's own browser comes in at every moment of it (see `played`)."""
    done = played(tries)
    for kind, most in MOST.items():
        looked: dict[str, list[datetime]] = defaultdict(list)
        for at, one, counted in done:
            if kind in counted:
                looked[under(one)[kind]].append(at)
        for moments in looked.values():
            for first, last in zip(moments, moments[most:], strict=False):
                assert last - first >= WAIT


@given(TRIES)
def test_a_copied_mark_adds_its_own_guesses_and_no_more(tries: list[Try]) -> None:
    done = played(tries)
    guesses: dict[str, list[datetime]] = defaultdict(list)
    for at, one, counted in done:
        if counted and one.address == "office":
            guesses[one.account].append(at)
    most = MOST[Under.DEVICE] + MOST[Under.ACCOUNT]
    for moments in guesses.values():
        for first, last in zip(moments, moments[most:], strict=False):
            assert last - first >= WAIT


@given(TRIES)
def test_whether_there_is_such_an_account_changes_nothing(tries: list[Try]) -> None:
    named = {"lin": "nobody", "nobody": "lin", "chen": "chen"}
    swapped = [Try(one.seconds, named[one.account], one.address, one.mark) for one in tries]
    assert [one[2] for one in played(tries)] == [one[2] for one in played(swapped)]


@given(TRIES, st.sampled_from(["office", "home"]))
def test_guesses_at_one_address_lock_nobody_out_at_another(tries: list[Try], address: str) -> None:
    here = [one for one in tries if one.address == address and one.mark is None]
    other = "home" if address == "office" else "office"
    [*_, (_, _, counted)] = played([*here, Try(0, "lin", other, None)])
    assert counted == (Under.ACCOUNT, Under.ADDRESS)


def test_the_count_is_full_at_its_limit_and_empty_when_the_wait_is_over() -> None:
    tally = Tally()
    for number in range(1, 5):
        assert not LIMITS.full(Under.ACCOUNT, tally, BEGIN)
        tally = tally.one_more(BEGIN, WAIT)
        assert tally == Tally(number, BEGIN)
    assert LIMITS.full(Under.ACCOUNT, tally, BEGIN)
    assert LIMITS.full(Under.ACCOUNT, tally, BEGIN + WAIT - timedelta(microseconds=1))
    assert not LIMITS.full(Under.ACCOUNT, tally, BEGIN + WAIT)
    assert tally.one_more(BEGIN + WAIT, WAIT) == Tally(1, BEGIN + WAIT)
    assert tally.fewer(9) == Tally(0, BEGIN)
