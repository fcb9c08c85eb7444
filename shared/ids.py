"""Identifiers: time-ordered UUIDs (RFC 9562, version 7), made by the server only."""

import os
import time
from uuid import UUID


def uuid7() -> UUID:
    """A new UUID whose first 48 bits are the Unix time in milliseconds; the rest is random."""
    milliseconds = time.time_ns() // 1_000_000
    return uuid7_at(milliseconds, int.from_bytes(os.urandom(10), "big"))


def uuid7_at(milliseconds: int, random: int) -> UUID:
    """The UUIDv7 of one instant and (at least) 74 random bits (RFC 9562, 5.7)."""
    value = (milliseconds & (1 << 48) - 1) << 80 | 0x7 << 76
    value |= (random >> 62 & 0xFFF) << 64 | 0b10 << 62 | random & (1 << 62) - 1
    return UUID(int=value)
