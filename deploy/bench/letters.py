"""(c) From POST forward to the letter made, at a steady rate."""

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from deploy.bench.lifecycles import Lifecycles, Lines, lifecycles_of
from deploy.bench.load import Pace, closed_loop, open_loop, repeated, steady
from deploy.bench.run import Cost, Run, costing
from deploy.bench.stage import Clerk, Stage
from deploy.bench.statistics import Tally
from deploy.bench.wire import Answer, request

PER_SECOND, SECONDS, PREPARING = 50, 30.0, 16
LOOK, PATIENCE = 0.01, 60.0
MADE = "SELECT complaint_id FROM letters WHERE made_at IS NOT NULL AND made_at > $1"
PDFS, PDF_CLIENTS = 200, 2


@dataclass(frozen=True)
class Forwarded:
    """What was forwarded, and when each letter was there."""

    forwards: Tally
    """The requests themselves."""
    letters: Tally
    """From sending the request until the letter could be read in the database, each."""
    pdfs: Tally
    """Fetching the PDF of a letter for the first time, which prints it."""
    cost: Cost

    @property
    def missing(self) -> int:
        return self.forwards.count - self.forwards.errors - self.letters.count


async def forwarding(run: Run, stage: Stage, who: Clerk) -> Forwarded:
    """Prepare accepted cases, forward them at a steady rate, and watch for their letters."""
    work = lifecycles_of(stage, who)
    accepted = await prepare(run, work)
    sent: dict[UUID, float] = {}
    seen: dict[UUID, float] = {}

    async def forward(number: int, lines: Lines) -> Answer:
        complaint, version = accepted[number]
        sent[UUID(complaint)] = time.perf_counter()
        return await lines.mediation.send(work.step(complaint, "forward", b"{}", version))

    over = asyncio.Event()
    watching = asyncio.create_task(watch(stage.database("notification"), sent, seen, over))
    with costing(stage.pids) as cost:
        arrivals = steady(PER_SECOND, len(accepted) / PER_SECOND)
        forwards = await open_loop(work.lines, forward, arrivals, run.told("forward at 50/s"))
        over.set()
        with suppress(TimeoutError):
            await asyncio.wait_for(watching, PATIENCE)
    letters = Tally(seconds=forwards.seconds)
    for complaint in sent.keys() & seen.keys():
        letters.note(sent[complaint], seen[complaint] - sent[complaint], 200)
    return Forwarded(forwards, letters, await print_some(run, stage, who), cost)


async def prepare(run: Run, work: Lifecycles) -> list[tuple[str, int]]:
    """Cases that may be forwarded: complaint id and version."""
    wanted = int(PER_SECOND * SECONDS)
    ready: list[tuple[str, int]] = []

    async def accept(_: int, lines: Lines) -> Answer:
        made = await lines.intake.send(work.next_create())
        if not made.fine:
            return made
        name = made.json()["id"]
        answer = await work.accept(lines.mediation, name)
        if answer.fine:
            ready.append((name, answer.json()["version"]))
        return answer

    pace = Pace(PREPARING, 300.0, most=wanted)
    await repeated(work.lines, accept, pace, run.told("accepted cases"))
    return ready[:wanted]


async def watch(
    database: str, sent: Mapping[UUID, float], seen: dict[UUID, float], over: asyncio.Event
) -> None:
    """Note when each letter can be read, until all that was sent is there.

    It looks every ten milliseconds: by so much a figure may be too high.
    """
    connection = await asyncpg.connect(database)
    try:
        since = await connection.fetchval("SELECT now() - interval '1 second'")
        while not (over.is_set() and sent.keys() <= seen.keys()):
            rows = await connection.fetch(MADE, since)
            now = time.perf_counter()
            for row in rows:
                seen.setdefault(row["complaint_id"], now)
            since = await connection.fetchval("SELECT now() - interval '3 seconds'")
            await asyncio.sleep(LOOK)
    finally:
        await connection.close()


async def print_some(run: Run, stage: Stage, who: Clerk) -> Tally:
    """Fetch PDFs that nobody has fetched before."""
    connection = await asyncpg.connect(stage.database("notification"))
    try:
        found = await connection.fetch(
            "SELECT id FROM letters WHERE made_at IS NOT NULL ORDER BY made_at DESC LIMIT $1", PDFS
        )
    finally:
        await connection.close()
    paths = [f"/notification/api/v1/letters/{one['id']}.pdf" for one in found]
    requests = iter([request("GET", path, headers=who.headers) for path in paths])
    pace = Pace(PDF_CLIENTS, 120.0, most=len(paths) - PDF_CLIENTS + 1)
    return await closed_loop(stage.addresses["notification"], requests, pace, run.told("PDFs"))
