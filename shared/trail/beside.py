"""Rows that nobody waits for: gathered beside the requests, written by a step."""

from collections import deque
from collections.abc import Callable
from itertools import islice
from typing import TypeVar

from shared.trail.noting import note_all
from shared.trail.said import Noted
from shared.work import Database

AT_ONCE = 200
One = TypeVar("One")


async def write_some(database: Database, waiting: deque[One], noted: Callable[[One], Noted]) -> int:
    """Write what waits; how many rows. What cannot be written waits on."""
    some = list(islice(waiting, AT_ONCE))
    if some:
        async with database.work() as work:
            await note_all(work, [noted(one) for one in some])
        for _ in some:
            waiting.popleft()
    return len(some)
