"""Memory that is not needed any more goes back to the system (glibc only; elsewhere nothing)."""

import asyncio
import ctypes
from contextlib import suppress

ARENA_MAX = -8
ARENAS = 2
"""Pools of memory for all threads together: each keeps what it once took."""
EVERY = 30.0
"""Seconds."""


def few_arenas() -> None:
    """Let threads share their pools. To be called before there are any."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(ARENA_MAX, ARENAS)


async def give_back() -> None:
    """Return free memory from time to time, as long as the server runs."""
    with suppress(OSError, AttributeError):
        trim = ctypes.CDLL(None).malloc_trim
        while True:
            await asyncio.sleep(EVERY)
            trim(0)
