"""Load: so many callers one after the other (closed loop), or so many per second (open loop)."""

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from deploy.bench.statistics import Tally
from deploy.bench.wire import Address, Answer, Connection

MOST_IN_FLIGHT = 4000
"""Open loop: above this an arrival is refused and counted as an error, so that we stay bounded."""
REFUSED = 599

Told = Callable[[float], None]
"""Told how much of a run is over, 0..1."""


def nobody(_: float) -> None: ...


@dataclass(frozen=True)
class Pace:
    """How long a closed loop runs: so many seconds, at most so many requests."""

    clients: int
    seconds: float
    most: int = 10_000_000


class Closable(Protocol):
    def close(self) -> None: ...


Line = TypeVar("Line", bound=Closable)
"""What one caller calls with: a connection, or several."""
Do = Callable[[int, Line], Awaitable[Answer]]
"""Does the n-th thing on a line; what came of it."""


async def closed_loop(
    address: Address, requests: Iterator[bytes], pace: Pace, told: Told = nobody
) -> Tally:
    """Each client sends its next request when it has the answer to the last."""

    async def send(_: int, connection: Connection) -> Answer:
        return await connection.send(next(requests))

    return await repeated(lambda: Connection(address), send, pace, told)


async def repeated(
    line_of: Callable[[], Line], do: Do[Line], pace: Pace, told: Told = nobody
) -> Tally:
    """Each client does the next thing when the last is done."""
    tally, ticks, numbers = Tally(), time.perf_counter, itertools.count()
    zero, cpu = ticks(), time.process_time()
    end = zero + pace.seconds

    async def client() -> None:
        line = line_of()
        try:
            while (began := ticks()) < end and tally.count < pace.most:
                answer = await do(next(numbers), line)
                tally.note(began - zero, ticks() - began, answer.status, answer.body)
        finally:
            line.close()

    await watched([client() for _ in range(pace.clients)], pace.seconds, told)
    tally.seconds, tally.own_cpu = ticks() - zero, time.process_time() - cpu
    return tally


async def watched(work: Sequence[Awaitable[object]], seconds: float, told: Told) -> None:
    """Run all of it; tell how far the time is."""
    began = time.perf_counter()

    async def tell() -> None:
        while True:
            told(min(1.0, (time.perf_counter() - began) / seconds))
            await asyncio.sleep(0.2)

    teller = asyncio.create_task(tell())
    try:
        await asyncio.gather(*work)
    finally:
        teller.cancel()
        told(1.0)


async def open_loop(
    line_of: Callable[[], Line], do: Do[Line], arrivals: Sequence[float], told: Told = nobody
) -> Tally:
    """Begin the n-th thing at `arrivals[n]` seconds, whether or not those before are done.

    Times count from the planned arrival, so that waiting for a turn is not left out.
    """
    tally, ticks = Tally(), time.perf_counter
    free: list[Line] = []
    running: set[asyncio.Task[None]] = set()
    zero, cpu = ticks(), time.process_time()

    async def one(number: int, planned: float) -> None:
        line = free.pop() if free else line_of()
        try:
            answer = await do(number, line)
        finally:
            free.append(line)
        tally.note(planned, ticks() - zero - planned, answer.status, answer.body)

    for number, planned in enumerate(arrivals):
        if (ahead := planned - (ticks() - zero)) > 0:
            told(planned / arrivals[-1])
            await asyncio.sleep(ahead)
        if len(running) >= MOST_IN_FLIGHT:
            tally.note(planned, 0.0, REFUSED, b"too many in flight")
            continue
        task = asyncio.create_task(one(number, planned))
        running.add(task)
        task.add_done_callback(running.discard)
    await asyncio.gather(*running)
    told(1.0)
    tally.seconds, tally.own_cpu = ticks() - zero, time.process_time() - cpu
    for line in free:
        line.close()
    return tally


def steady(per_second: float, seconds: float) -> list[float]:
    """Evenly spaced arrivals."""
    return [number / per_second for number in range(round(per_second * seconds))]


def bursts(rates: Sequence[float], seconds: float, factor: float) -> list[float]:
    """Arrivals of one rate after the other (per second, times `factor`), each so many seconds."""
    return [
        turn * seconds + arrival
        for turn, rate in enumerate(rates)
        for arrival in steady(rate * factor, seconds)
    ]
