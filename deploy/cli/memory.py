"""Memory that is not needed any more goes back to the system (glibc only; elsewhere nothing)."""

import asyncio
import ctypes
from contextlib import suppress

TRIM_THRESHOLD, MMAP_THRESHOLD, ARENA_MAX = -1, -3, -8
ARENAS = 2
"""Pools of memory for all threads together: each keeps what it once took."""
LARGE = 128 * 1024
"""Bytes from which on a piece goes back as soon as it is free. Told explicitly, since the library
raises it up to 32 MiB when large pieces come and go, as the bodies of imports and files do."""
EVERY = 30.0
"""Seconds."""


def keep_little() -> None:
    """Let threads share their pools, and large pieces go back at once. Call it before threads."""
    with suppress(OSError, AttributeError):
        tune = ctypes.CDLL(None).mallopt
        for option, value in (
            (ARENA_MAX, ARENAS), (MMAP_THRESHOLD, LARGE), (TRIM_THRESHOLD, LARGE),
        ):  # fmt: skip
            tune(option, value)


async def give_back() -> None:
    """Return free memory from time to time, as long as the server runs."""
    with suppress(OSError, AttributeError):
        trim = ctypes.CDLL(None).malloc_trim
        while True:
            await asyncio.sleep(EVERY)
            trim(0)
