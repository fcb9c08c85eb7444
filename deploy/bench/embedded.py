"""(e) The embedded mode under load: what one process needs."""

import json
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.bench.complaints import creates
from deploy.bench.lifecycles import Lifecycles
from deploy.bench.load import Pace, closed_loop, repeated
from deploy.bench.processes import PROC, Memory, memory_of
from deploy.bench.run import Run
from deploy.bench.stage import CommandFailedError, log_in
from deploy.bench.statistics import Tally
from deploy.bench.surroundings import LIMITS
from deploy.bench.wire import Address
from deploy.processes import Program, end, free_port, start

CLIENTS = 8
PATIENCE = 120.0
HIGHEST = re.compile(r"^VmHWM:\s+(\d+) kB", re.MULTILINE)


@dataclass(frozen=True)
class Embedded:
    """One process: idle, under load, and at its highest."""

    idle: Memory
    loaded: Memory
    highest: int
    """Bytes of RSS, as the kernel kept them."""
    creates: Tally
    lifecycles: Tally


async def embedded(run: Run) -> Embedded:
    """Start on an empty folder, create, then whole lifecycles."""
    with one_process(run.plan.folder / "embedded") as (address, pid, accounts):
        idle = memory_of({"up": pid})["up"]
        admin = next(one for one in accounts if one["name"] == "admin")
        who = await log_in(address, admin["name"], admin["password"])
        pace = Pace(CLIENTS, run.plan.seconds)
        requests = creates("embedded")
        made = await closed_loop(address, requests, pace, run.told("embedded create"))
        work = Lifecycles(address, address, who)
        lived = await repeated(work.lines, work.live, pace, run.told("embedded lifecycles"))
        return Embedded(idle, memory_of({"up": pid})["up"], highest(pid), made, lived)


def highest(pid: int) -> int:
    """The most RSS a process ever had, in bytes (VmHWM of proc(5))."""
    found = HIGHEST.search((PROC / str(pid) / "status").read_text())
    return int(found.group(1)) * 1024 if found else 0


@contextmanager
def one_process(data: Path) -> Iterator[tuple[Address, int, list[dict[str, str]]]]:
    """`redress up` on an empty folder: where, who, and the first accounts."""
    port, log = free_port(), data.with_name(data.name + ".log")
    program = Program(
        name="embedded",
        arguments=(
            *(sys.executable, "-m", "deploy.cli", "up", "--no-demo", "--json"),
            *("--data", str(data), "--port", str(port)),
        ),
        log=log,
        environment=LIMITS,
    )
    process = start(program)
    try:
        until = time.monotonic() + PATIENCE
        while not (said := facts_in(log)):
            if process.poll() is not None or time.monotonic() > until:
                raise CommandFailedError(f"redress up did not start; see {log}")
            time.sleep(0.1)
        yield Address("127.0.0.1", port), process.pid, said["accounts"]
    finally:
        end(process, program)


def facts_in(log: Path) -> dict[str, list[dict[str, str]]]:
    """What `redress up --json` printed at its start; empty until then."""
    for line in log.read_text(errors="replace").splitlines():
        if line.startswith('{"address"'):
            said: dict[str, list[dict[str, str]]] = json.loads(line)
            return said
    return {}
