"""Challenges are ours, dated, bound; solving them is work; a flood makes them harder."""

from datetime import timedelta
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.limits.challenge import (
    EASIEST,
    HARDEST,
    LONGEST,
    PARTS,
    SHORTEST,
    Challenge,
    Flood,
    give,
    is_solved,
    read,
    solve,
)
from shared.vault import Vault
from tests.conftest import NOON
from tests.shared.webs import Ticks


def test_a_challenge_is_read_by_whom_it_was_given_to_until_it_is_too_old(vault: Vault) -> None:
    text = give(vault, "1.2.3.4 key", NOON, 17)
    assert read(vault, text, "1.2.3.4 key", NOON) == Challenge(NOON, 17)
    later = NOON + timedelta(hours=12)
    assert read(vault, text, "1.2.3.4 key", later) == Challenge(NOON, 17)
    assert read(vault, text, "1.2.3.4 key", later + timedelta(seconds=1)) is None
    assert read(vault, text, "1.2.3.4 key", NOON - timedelta(seconds=1)) is None
    for other in ("1.2.3.5 key", "1.2.3.4 other", ""):
        assert read(vault, text, other, NOON) is None


@given(st.integers(0, 32), st.integers(1, 255))
def test_a_changed_challenge_is_none(vault: Vault, place: int, change: int) -> None:
    from base64 import urlsafe_b64decode, urlsafe_b64encode  # noqa: PLC0415 - for this alone

    raw = bytearray(urlsafe_b64decode(give(vault, "b", NOON, 20) + "=="))
    raw[place % len(raw)] ^= change
    assert read(vault, urlsafe_b64encode(raw).decode(), "b", NOON) is None


@pytest.mark.parametrize("text", ["", "x", "ü", "a" * 5000, "====", "AAAA"])
def test_what_is_none_of_ours_is_none(vault: Vault, text: str) -> None:
    assert read(vault, text, "b", NOON) is None


def test_an_answer_is_for_one_challenge_and_one_key() -> None:
    answer = solve("token", "key", 8)
    assert is_solved("token", "key", answer, 8)
    numbers = answer.split(".")
    assert len(numbers) == PARTS
    for part, number in enumerate(numbers):
        assert sha256(f"token:key:{part}:{number}".encode()).hexdigest().startswith("00")
    assert not is_solved("token", "other", answer, 8)
    assert not is_solved("other", "key", answer, 8)


def test_an_answer_has_a_whole_number_for_each_part_and_nothing_else() -> None:
    zeros = ["0"] * PARTS
    assert is_solved("token", "key", ".".join(zeros), 0)
    for wrong in ("", "-1", "١٢", "1" * 21, "0x1", " 1"):
        for part in (0, 7, PARTS - 1):
            numbers = [*zeros[:part], wrong, *zeros[part + 1 :]]
            assert not is_solved("token", "key", ".".join(numbers), 0)
    for few_or_many in (zeros[1:], [*zeros, "0"], ["0"]):
        assert not is_solved("token", "key", ".".join(few_or_many), 0)


def test_each_part_is_work_of_its_own() -> None:
    first, *others = solve("token", "key", 8).split(".")
    assert not is_solved("token", "key", ".".join([first] * PARTS), 8)
    assert not is_solved("token", "key", ".".join([*others, first]), 8)


def test_while_as_many_come_as_usual_nobody_is_asked() -> None:
    ticks = Ticks()
    flood = Flood(10, ticks)
    for _ in range(10):
        flood.note()
        assert flood.height() == 0
    flood.note()
    assert flood.height() == pytest.approx(1.1)
    ticks.now = 90  # half of the last minute still counts
    assert flood.height() == 0
    ticks.now = 600
    assert (flood.height(), flood.bits(), flood.seconds()) == (0, EASIEST, SHORTEST)


def test_the_higher_the_flood_the_harder() -> None:
    flood = Flood(10, Ticks())
    found = []
    for come in (20, 20, 40, 80, 100_000):
        for _ in range(come):
            flood.note()
        found.append((flood.bits(), flood.seconds()))
    assert found[:4] == [(13, 40), (14, 80), (15, LONGEST), (16, LONGEST)]
    assert found[4] == (HARDEST, LONGEST)


def test_without_a_threshold_there_is_never_a_flood() -> None:
    flood = Flood(0, Ticks())
    for _ in range(1000):
        flood.note()
    assert flood.height() == 0
