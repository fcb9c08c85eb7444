"""Identifiers: time-ordered UUIDs (RFC 9562, version 7), made by the server only."""

import os
import time
from collections.abc import Callable
from threading import Lock
from uuid import UUID

LAST = 0xFFF
"""The last number within a millisecond; the first one is at random in the lower half."""


def machine_now() -> int:
    """What the clock of this machine says: Unix time in milliseconds."""
    return time.time_ns() // 1_000_000


class Ids:
    """Each id of a process comes after all that it has made before (RFC 9562, 6.2, method 1).

    Lists are in the order of ids, and what is done at once is done within a millisecond. A clock
    that was set back, however far, is waited for. 62 bits of each id are random.
    """

    def __init__(self, now: Callable[[], int] = machine_now) -> None:
        self._now = now
        self._alone = Lock()
        self._milliseconds, self._number = 0, 0

    def next(self) -> UUID:
        """A new id, from any thread."""
        chance = int.from_bytes(os.urandom(10), "big")
        with self._alone:
            self._move(self._now(), chance >> 62 & LAST >> 1)
            return uuid7_at(self._milliseconds, self._number << 62 | chance & (1 << 62) - 1)

    def go_past(self, other: UUID) -> None:
        """Make no id from now on that does not come after this one."""
        with self._alone:
            if self._milliseconds <= milliseconds_of(other):
                self._milliseconds, self._number = milliseconds_of(other) + 1, 0

    def _move(self, now: int, first: int) -> None:
        """On to the next number, within this millisecond or at the first one of another."""
        if now > self._milliseconds:
            self._milliseconds, self._number = now, first
        elif self._number < LAST:
            self._number += 1
        else:
            self._milliseconds, self._number = self._milliseconds + 1, first


OURS = Ids()
"""Makes the ids of this process."""


def uuid7() -> UUID:
    """A new UUID whose first 48 bits are the Unix time in milliseconds; later ones are larger."""
    return OURS.next()


def go_past(other: UUID) -> None:
    """Make no id in this process from now on that does not come after this one."""
    OURS.go_past(other)


def milliseconds_of(one: UUID) -> int:
    """When an id of this kind was made: Unix time in milliseconds."""
    return one.int >> 80


def uuid7_at(milliseconds: int, random: int) -> UUID:
    """The UUIDv7 of one instant and (at least) 74 random bits (RFC 9562, 5.7)."""
    value = (milliseconds & (1 << 48) - 1) << 80 | 0x7 << 76
    value |= (random >> 62 & 0xFFF) << 64 | 0b10 << 62 | random & (1 << 62) - 1
    return UUID(int=value)
