"""Memory that is not needed any more goes back to the system (glibc only; elsewhere nothing).

And Python looks for garbage less often than it does of itself.
"""

import asyncio
import atexit
import ctypes
import gc
from contextlib import suppress

TRIM_THRESHOLD, MMAP_THRESHOLD, ARENA_MAX = -1, -3, -8
ARENAS = 2
"""Pools of memory for all threads together: each keeps what it once took."""
LARGE = 128 * 1024
"""Bytes from which on a piece goes back as soon as it is free. Told explicitly, since the library
raises it up to 32 MiB when large pieces come and go, as the bodies of imports and files do."""
EVERY = 30.0
"""Seconds."""
SELDOM = (10_000, 20, 100)
"""New things before Python looks through the youngest; rounds before it looks through older ones.
With its own 700, 10, 10 a service under load spent a seventh of its CPU on looking."""


def keep_little() -> None:
    """Let threads share their pools, and large pieces go back at once. Call it before threads."""
    with suppress(OSError, AttributeError):
        tune = ctypes.CDLL(None).mallopt
        for option, value in (
            (ARENA_MAX, ARENAS), (MMAP_THRESHOLD, LARGE), (TRIM_THRESHOLD, LARGE),
        ):  # fmt: skip
            tune(option, value)


def look_seldom() -> None:
    """Look for garbage less often, and never in what is loaded: it stays. Call it when ready."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)
    atexit.register(gc.unfreeze)  # else libraries complain at the end of what they cannot take down


async def give_back() -> None:
    """Return free memory from time to time, as long as the server runs."""
    with suppress(OSError, AttributeError):
        trim = ctypes.CDLL(None).malloc_trim
        while True:
            await asyncio.sleep(EVERY)
            trim(0)
