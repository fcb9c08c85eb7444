"""Load: so many callers one after the other (closed loop), or so many per second (open loop)."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

from deploy.bench.statistics import Tally
from deploy.bench.wire import Address, Connection

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


async def closed_loop(
    address: Address, requests: Iterator[bytes], pace: Pace, told: Told = nobody
) -> Tally:
    """Each client sends its next request when it has the answer to the last."""
    tally, ticks = Tally(), time.perf_counter
    zero, cpu = ticks(), time.process_time()
    end = zero + pace.seconds

    async def client() -> None:
        async with Connection(address) as connection:
            for raw in requests:
                began = ticks()
                if began >= end or tally.count >= pace.most:
                    return
                answer = await connection.send(raw)
                body = b"" if answer.fine else answer.body
                tally.note(began - zero, ticks() - began, answer.status, body)

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


Do = Callable[[int, Connection], Awaitable[int]]
"""Does the n-th thing on a connection; returns the status."""


async def open_loop(
    address: Address, do: Do, arrivals: Sequence[float], told: Told = nobody
) -> Tally:
    """Begin the n-th thing at `arrivals[n]` seconds, whether or not those before are done.

    Times count from the planned arrival, so that waiting for a turn is not left out.
    """
    tally, ticks = Tally(), time.perf_counter
    free: list[Connection] = []
    running: set[asyncio.Task[None]] = set()
    zero, cpu = ticks(), time.process_time()

    async def one(number: int, planned: float) -> None:
        connection = free.pop() if free else Connection(address)
        try:
            status = await do(number, connection)
        finally:
            free.append(connection)
        tally.note(planned, ticks() - zero - planned, status)

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
    for connection in free:
        connection.close()
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
