"""Whether anything still waits: events for the bus, messages for a service."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any

from deploy.bench.counting import NotSettledError
from deploy.bench.run import Run
from deploy.bench.stage import CommandFailedError, Stage

LOOK, IN_A_ROW = 2.0, 2
STALLED = 180.0


async def at_rest(run: Run, stage: Stage) -> float:
    """Return when nothing waits any more; the seconds it took.

    Raises NotSettledError when nothing moves for three minutes.
    """
    told = run.told("everything settles")
    began = moved = time.perf_counter()
    most = least = 1
    still = 0
    while still < IN_A_ROW:
        if time.perf_counter() > moved + STALLED:
            raise NotSettledError(f"{least} events wait, and nothing moves")
        waiting = await asyncio.to_thread(waiting_now, stage)
        most = max(most, waiting)
        if waiting < least or most == waiting:
            least, moved = waiting, time.perf_counter()
        still = still + 1 if waiting == 0 else 0
        told(1 - waiting / most)
        await asyncio.sleep(LOOK if waiting else 0)
    return time.perf_counter() - began


def waiting_now(stage: Stage) -> int:
    """Everything that waits, as `redress status` says."""
    try:
        return waiting_in(stage.facts("status"))
    except CommandFailedError:
        return 1  # it answers, but something is in trouble at the moment


def waiting_in(status: Mapping[str, Any]) -> int:
    return sum(one["outbox"] + one["lag"] for one in status["services"].values())


def buried_in(status: Mapping[str, Any]) -> int:
    return sum(one["dead_letters"] for one in status["services"].values())
