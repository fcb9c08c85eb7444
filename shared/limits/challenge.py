"""Small tasks that keep a flood out without asking anybody else: a computation, or a pause.

A challenge is signed and dated. Whoever can compute shows that it was done (in the manner of
Hashcash, A. Back, 2002, over SHA-256); whoever cannot has waited. Nothing is kept of either: what
was solved is bound to one thing that can be sent once (the key of a form, an Idempotency-Key).

It is computed in parts: one search alone takes three times as long as expected for every
twentieth caller (the waiting time is exponential), sixteen small ones together hardly ever take
twice as long, and show how far they are.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import count
from math import log2
from time import monotonic
from typing import NamedTuple

from shared.vault import Vault

PURPOSE = "challenge"
LIFE = timedelta(hours=12)
"""As long as a form may be open."""
STAMP, BITS, MAC = 8, 1, 16
PARTS = 16
LONGEST_NUMBER = 20
EASIEST, HARDEST = 12, 18
"""Leading zero bits of each part: in all 65 thousand tries on average, some tenths of a second on a
computer; 4 million."""
SHORTEST, LONGEST = 20, 120
"""Seconds of the pause."""


class Challenge(NamedTuple):
    """A challenge of ours: when it was given, and how hard it is."""

    given: datetime
    bits: int


def give(vault: Vault, bound: str, now: datetime, bits: int) -> str:
    """A challenge as text, good for what it is bound to alone."""
    body = int(now.timestamp()).to_bytes(STAMP, "big") + bits.to_bytes(BITS, "big")
    return urlsafe_b64encode(body + signature(vault, body, bound)).decode().rstrip("=")


def read(vault: Vault, text: str, bound: str, now: datetime) -> Challenge | None:
    """The challenge in a text; None for any that is not ours, not for this, or too old."""
    try:
        raw = urlsafe_b64decode(text.encode() + b"==")
    except (NotBase64, ValueError):
        return None
    body, mac = raw[: STAMP + BITS], raw[STAMP + BITS :]
    if not hmac.compare_digest(mac, signature(vault, body, bound)):
        return None
    given = datetime.fromtimestamp(int.from_bytes(body[:STAMP], "big"), now.tzinfo)
    if not timedelta(0) <= now - given <= LIFE:
        return None
    return Challenge(given, body[STAMP])


def signature(vault: Vault, body: bytes, bound: str) -> bytes:
    return vault.mac(PURPOSE, body + bound.encode())[:MAC]


def is_solved(text: str, key: str, answer: str, bits: int) -> bool:
    """Whether an answer has a number for each part, with points between, that solves it."""
    numbers = answer.split(".", PARTS)
    return len(numbers) == PARTS and all(
        is_number(number) and is_hit(f"{text}:{key}:{part}:{number}", bits)
        for part, number in enumerate(numbers)
    )


def is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER


def is_hit(text: str, bits: int) -> bool:
    """Whether the SHA-256 of `text` (`token:key:part:number`) begins with so many zero bits."""
    digest = sha256(text.encode()).digest()
    return int.from_bytes(digest, "big") >> (len(digest) * 8 - bits) == 0


def solve(text: str, key: str, bits: int) -> str:
    """An answer, found by trying: what the script of our pages does, for programs and tests."""
    starts = [f"{text}:{key}:{part}:" for part in range(PARTS)]
    return ".".join(
        str(next(tried for tried in count() if is_hit(f"{start}{tried}", bits))) for start in starts
    )


@dataclass
class Flood:
    """How many were let in in the last minute, and what that asks of the next one.

    `threshold` per minute are usual; 0: nobody is ever asked anything. Each process counts for
    itself. Time comes from outside, so that tests need not wait.
    """

    threshold: int = 0
    ticks: Callable[[], float] = monotonic
    _minute: int = 0
    _now: int = 0
    _before: int = 0
    _known: bool = field(default=False, repr=False)

    def note(self) -> None:
        """Somebody came."""
        if self.threshold:
            self._turn()
            self._now += 1

    def take_back(self) -> None:
        """Who came just now was sent away: others need not compute more because of them."""
        self._now = max(self._now - 1, 0)

    def height(self) -> float:
        """How many times more than usual came in the last minute; 0 while it is no flood."""
        if not self.threshold:
            return 0.0
        passed = self._turn()
        rate = self._now + self._before * (1 - passed)
        times = rate / self.threshold
        return times if times > 1 else 0.0

    def bits(self) -> int:
        """How hard the next challenge is: one bit more each time that the flood doubles."""
        return min(EASIEST + int(log2(max(self.height(), 1))), HARDEST)

    def seconds(self) -> int:
        """How long whoever cannot compute must have waited."""
        return min(int(SHORTEST * max(self.height(), 1)), LONGEST)

    def _turn(self) -> float:
        """Turn to the minute of now; the part of it that has passed."""
        at = self.ticks() / 60
        minute = int(at)
        if minute != self._minute or not self._known:
            self._before = self._now if self._known and minute == self._minute + 1 else 0
            self._minute, self._now, self._known = minute, 0, True
        return at - minute
