"""What a browser keeps of the accounts it logged in to: marks that name nobody.

One cookie holds up to eight marks, the newest first. A mark is 16 random bytes, the hour it was
made, and a keyed hash of both with the account and its password: it fits that account alone, until
the password changes or half a year is over. Only the server can make one.
"""

import hmac
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

RANDOM, HASH = 16, 16
"""Bytes."""
MARK = struct.Struct(f">{RANDOM}sI{HASH}s")
MOST = 8
"""Accounts that one browser is known to; of a browser that more people share, the oldest go."""
GOOD_FOR = timedelta(days=180)
HOUR = 3600
Hashed = Callable[[bytes], bytes]
"""The keyed hash of a mark's first two parts, for one account and its password."""


@dataclass(frozen=True)
class Mark:
    """That a browser logged in as somebody once."""

    random: bytes
    hour: int
    """Hours since 1970."""
    hashed: bytes

    def fits(self, hashed: Hashed, now: datetime) -> bool:
        """Whether it is of this account, and not too old; compared in constant time."""
        age = timedelta(hours=hour_of(now) - self.hour)
        right = hmac.compare_digest(self.hashed, hashed(body_of(self.random, self.hour)))
        return right and timedelta(0) <= age < GOOD_FOR


def made(random: bytes, hashed: Hashed, now: datetime) -> Mark:
    """A new mark; `random` are bytes nobody can know beforehand."""
    hour = hour_of(now)
    return Mark(random, hour, hashed(body_of(random, hour)))


def hour_of(now: datetime) -> int:
    return int(now.timestamp()) // HOUR


def body_of(random: bytes, hour: int) -> bytes:
    return random + struct.pack(">I", hour)


def marks_in(cookie: str) -> list[Mark]:
    """The marks that a cookie holds; none where it is not one of ours. Nothing is believed yet."""
    try:
        packed = urlsafe_b64decode(cookie.encode("ascii") + b"==")
    except ValueError:
        return []
    if not packed or len(packed) % MARK.size or len(packed) > MOST * MARK.size:
        return []
    return [Mark(*parts) for parts in MARK.iter_unpack(packed)]


def cookie_of(marks: Sequence[Mark]) -> str:
    """The newest of them as a cookie."""
    packed = b"".join(MARK.pack(one.random, one.hour, one.hashed) for one in marks[:MOST])
    return urlsafe_b64encode(packed).decode().rstrip("=")
