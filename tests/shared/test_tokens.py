"""Service tokens: each generation of keys signs with a pair of its own, and no call is refused."""

import json
from base64 import urlsafe_b64decode
from datetime import timedelta
from typing import Any

import pytest

from shared.tokens import LIFE, BadTokenError, key_of, mint, minting, verify
from shared.vault import HEARD, Cipher, Ring, Vault, given_up, new_ring, new_vault
from tests.conftest import NOON, StandingClock


class Source:
    """Keys that somebody else changes."""

    name = "The source"
    at_hand = True

    def __init__(self, ring: Ring) -> None:
        self.ring = ring

    def load(self) -> Ring:
        return self.ring


def head_of(token: str) -> dict[str, Any]:
    first = token.split(".", maxsplit=1)[0]
    said: dict[str, Any] = json.loads(urlsafe_b64decode(first + "=="))
    return said


def test_a_token_names_its_algorithm_and_the_key_of_the_active_generation() -> None:
    ring = new_ring().with_next(Cipher.AES, NOON)
    heard = NOON + HEARD
    heads = [
        head_of(mint(Vault(one), "intake", "mediation", heard)) for one in (ring, given_up(ring))
    ]
    seed = Vault(ring).signing_seeds()["k2"]
    assert heads == [{"alg": "Ed25519", "kid": key_of(seed).kid, "typ": "JWT"}] * 2


def test_a_new_key_signs_from_the_moment_every_process_has_heard_of_it() -> None:
    ring = new_ring().with_next(Cipher.AES, NOON).with_next(Cipher.AES, NOON)
    kids = {name: key_of(seed).kid for name, seed in Vault(ring).signing_seeds().items()}
    instants = (NOON, NOON + HEARD - timedelta(milliseconds=1), NOON + HEARD)
    signed = [head_of(mint(Vault(ring), "intake", "x", at))["kid"] for at in instants]
    assert signed == [kids["k2"], kids["k2"], kids["k3"]]
    alone = head_of(mint(Vault(given_up(ring)), "intake", "x", NOON))
    assert alone["kid"] == kids["k3"]


def test_who_asked_for_keys_just_before_the_next_one_refuses_nobody_who_knows_it() -> None:
    """The next key comes a moment after everybody has looked, and nobody looks again so soon."""
    source = Source(new_ring())
    ticks = [0.0]
    slow = Vault(source.load(), None, source, ticks=lambda: ticks[0])
    slow.look()
    source.ring = source.ring.with_next(Cipher.AES, NOON)
    ticks[0] = 1.0
    assert verify(slow, mint(Vault(source.ring), "intake", "x", NOON), "x", NOON) == "intake"
    assert slow.active == "k1"


def test_tokens_of_all_live_generations_are_believed_and_of_no_other() -> None:
    first = new_ring()
    both = first.with_next(Cipher.SM4, NOON - HEARD)
    old, new = (mint(Vault(one), "intake", "x", NOON) for one in (first, both))
    assert verify(Vault(both), old, "x", NOON) == "intake"
    assert verify(Vault(both), new, "x", NOON) == "intake"
    alone = Vault(given_up(both))
    assert verify(alone, new, "x", NOON) == "intake"
    for refused in (old, mint(new_vault(), "intake", "x", NOON)):
        with pytest.raises(BadTokenError):
            verify(alone, refused, "x", NOON)


def test_who_does_not_know_the_next_key_yet_asks_for_it_before_refusing() -> None:
    source = Source(new_ring())
    slow = Vault(source.load(), None, source)
    source.ring = source.ring.with_next(Cipher.AES, NOON)
    late = NOON + HEARD
    assert verify(slow, mint(Vault(source.ring), "intake", "x", late), "x", late) == "intake"
    assert slow.active == "k2"


def test_no_call_is_refused_while_keys_are_rotated_process_by_process(
    clock: StandingClock,
) -> None:
    """Two processes call each other at each stage, whichever has heard of the next key first."""
    source = Source(new_ring())
    intake, mediation = (Vault(source.load(), None, source) for _ in range(2))
    calls = minting(intake, "intake", "mediation", clock)
    answers = minting(mediation, "mediation", "intake", clock)

    def talk() -> tuple[str, str]:
        return (
            verify(mediation, calls(), "mediation", clock()),
            verify(intake, answers(), "intake", clock()),
        )

    told = [talk()]
    source.ring = source.ring.with_next(Cipher.AES, NOON)
    for learning in (intake, mediation):
        learning.look()
        told.append(talk())
    clock.now += HEARD
    source.ring = given_up(source.ring)
    for learning in (mediation, intake):
        learning.look()
        told.append(talk())
    assert told == [("intake", "mediation")] * 5


def test_a_kept_token_is_left_as_soon_as_there_is_another_key(clock: StandingClock) -> None:
    source = Source(new_ring())
    vault = Vault(source.load(), None, source)
    token = minting(vault, "intake", "x", clock)
    first = token()
    assert token() == first
    source.ring = source.ring.with_next(Cipher.AES, NOON)
    vault.look()
    assert token() == first
    clock.now += HEARD
    assert head_of(token())["kid"] != head_of(first)["kid"]


def test_a_token_that_was_read_before_is_refused_once_its_key_is_gone() -> None:
    """What is remembered of a token is not believed longer than its key."""
    source = Source(new_ring())
    vault = Vault(source.load(), None, source)
    token = mint(vault, "intake", "x", NOON)
    assert verify(vault, token, "x", NOON) == "intake"
    source.ring = given_up(source.ring.with_next(Cipher.AES, NOON))
    vault.look()
    with pytest.raises(BadTokenError):
        verify(vault, token, "x", NOON)


def test_a_token_ends_after_a_minute_whatever_its_key_does() -> None:
    vault = new_vault()
    token = mint(vault, "intake", "x", NOON)
    assert verify(vault, token, "x", NOON + timedelta(seconds=LIFE)) == "intake"
    with pytest.raises(BadTokenError):
        verify(vault, token, "x", NOON + timedelta(seconds=LIFE + 6))
