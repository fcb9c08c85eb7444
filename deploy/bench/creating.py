"""(a) Creating complaints: the ceiling, the services, in bulk, and until all is settled."""

import secrets
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from deploy.bench.complaints import batches, bodies, creates
from deploy.bench.load import Pace, closed_loop
from deploy.bench.run import Figure, Run, costing
from deploy.bench.stage import Clerk, Stage
from deploy.bench.surroundings import LIMITS
from deploy.bench.wire import Address
from deploy.processes import Program, end, free_port, start, wait_for_ports

CLIENTS = (1, 8, 32)
BULK_SIZE, BULK_CLIENTS, MOST_BATCHES = 100, 2, 80
WARM, WARM_SERVICES = 2.0, 60.0
"""Seconds of load before anything is counted; once for all services, whose Java compiles itself."""


async def create(
    run: Run, name: str, where: tuple[Address, Mapping[str, int]], clients: int
) -> Figure:
    """Create one complaint after the other with so many clients."""
    address, pids = where
    requests = creates(secrets.token_hex(6), bodies())
    await closed_loop(address, requests, Pace(clients, WARM))
    with costing(pids) as cost:
        pace = Pace(clients, run.plan.seconds)
        tally = await closed_loop(address, requests, pace, run.told(f"create {name} {clients}"))
    return Figure(name, clients, tally, cost)


async def ceilings(run: Run) -> list[Figure]:
    """The ceiling at each number of clients; nothing else runs."""
    with ceiling_process(run) as where:
        return [await create(run, "ceiling", where, clients) for clients in CLIENTS]


@contextmanager
def ceiling_process(run: Run) -> Iterator[tuple[Address, Mapping[str, int]]]:
    """The ceiling in a process of its own."""
    port = free_port()
    program = Program(
        name="ceiling",
        arguments=(sys.executable, "-m", "deploy.bench.ceiling", str(port)),
        log=run.plan.folder / "ceiling.log",
        environment={**LIMITS, "REDRESS_DATA": str(run.plan.folder / "ceiling")},
    )
    process = start(program)
    try:
        wait_for_ports("the ceiling", [port], [process])
        yield Address("127.0.0.1", port), {"ceiling": process.pid}
    finally:
        end(process, program)


async def warm(run: Run, stage: Stage, most: int = Pace.most) -> None:
    """Load that is not counted: for a minute, or until it made so many complaints."""
    pace = Pace(CLIENTS[1], WARM_SERVICES, most)
    requests = creates(secrets.token_hex(6))
    await closed_loop(stage.addresses["intake"], requests, pace, run.told("warm up"))


async def creations(run: Run, stage: Stage, service: str) -> list[Figure]:
    """`service` is intake itself, or the front before it."""
    where = stage.addresses[service], stage.pids
    return [await create(run, service, where, clients) for clients in CLIENTS]


async def bulk(run: Run, stage: Stage, who: Clerk) -> Figure:
    """The batch address; the figure counts complaints, the times are those of whole batches."""
    requests = prepared(who, run.plan.seconds)
    with costing(stage.pids) as cost:
        tally = await closed_loop(
            stage.addresses["intake"],
            iter(requests),
            Pace(BULK_CLIENTS, run.plan.seconds, most=len(requests) - BULK_CLIENTS),
            run.told("bulk create"),
        )
    return Figure("bulk", BULK_CLIENTS, tally, cost)


def prepared(who: Clerk, seconds: float) -> Sequence[bytes]:
    """Batches made beforehand, more than can be taken in the time; making them is our own cost."""
    endless = batches(dict(who.headers), BULK_SIZE, secrets.token_hex(6))
    return [next(endless) for _ in range(int(seconds * MOST_BATCHES))]
