"""The order of a run: the ceiling alone, then everything with all services up."""

import asyncio
import time
from collections.abc import Coroutine
from contextlib import ExitStack

import asyncpg

from deploy.bench.counting import count, counts, settled
from deploy.bench.creating import BULK_SIZE, bulk, ceilings, creations, warm
from deploy.bench.embedded import embedded
from deploy.bench.importing import importing
from deploy.bench.letters import forwarding
from deploy.bench.lifecycles import burst, closed
from deploy.bench.protecting import protecting
from deploy.bench.raw import raw_inserts
from deploy.bench.resting import at_rest, buried_in
from deploy.bench.results import Note, Results
from deploy.bench.run import Cost, Run, note_memory
from deploy.bench.searching import searching
from deploy.bench.settling import settling
from deploy.bench.stage import Clerk, Stage, clerk, distributed
from deploy.processes import ClusterError

FACTORS = (1.0, 2.0)
WARM_SHARE = 80
"""Per cent of a small size that warming up may make; the rest is believable cases."""


async def measure(run: Run, note: Note) -> None:
    """All that was asked for; `note` is told after each part what is known by then."""
    results = Results(note=note)
    if run.plan.parts - {"g"}:
        run.say("the ceiling: nothing else runs")
        results.ceiling = await ceilings(run)
    if run.plan.parts - {"e", "f", "g"}:
        with ExitStack() as stack:
            run.say("the distributed mode comes up")
            stage = await asyncio.to_thread(
                stack.enter_context, distributed(run.plan.folder / "cluster", run.plan.port)
            )
            results.versions = dict(stage.versions)
            await with_services(run, stage, results)
            run.say("the distributed mode goes down")
    if run.wants("e"):
        await tried(results, "e", embed(run, results))
    if run.wants("f"):
        await tried(results, "f", protect(run, results))
    if run.wants("g"):
        await tried(results, "g", search(run, results))


async def with_services(run: Run, stage: Stage, results: Results) -> None:
    """The parts that need all services."""
    results.idle = looked_at(stage)
    who = await clerk(stage)
    small, large = run.plan.sizes if run.wants("b") else ((), ())
    for size in small:  # first, as long as there are no more than that
        await warm(run, stage, size * WARM_SHARE // 100)
        await tried(results, f"b at {size:,}", live_at(run, stage, size, results))
    await warm(run, stage)
    if run.wants("a"):
        await tried(results, "a", create_all(run, stage, who, results))
    if run.wants("d"):
        await tried(results, "d", import_all(run, stage, results))
    if run.wants("c"):
        await tried(results, "c", forward_all(run, stage, who, results))
    for size in large:
        await tried(results, f"b at {size:,}", live_at(run, stage, size, results))
    results.loaded = looked_at(stage)
    await tried(results, "the end", count_buried(run, stage, results))


async def count_buried(run: Run, stage: Stage, results: Results) -> None:
    """Nothing may be lost on the way: when all has settled, no event is set aside."""
    await at_rest(run, stage)
    results.buried = buried_in(await asyncio.to_thread(stage.facts, "status"))


async def embed(run: Run, results: Results) -> None:
    results.embedded = await embedded(run)


async def protect(run: Run, results: Results) -> None:
    results.protected = await protecting(run)


async def search(run: Run, results: Results) -> None:
    results.searching = await searching(run)


async def tried(results: Results, part: str, work: Coroutine[None, None, None]) -> None:
    """Do one part; where it fails, the report says so and the others are measured all the same."""
    try:
        await work
    except (ClusterError, OSError, asyncpg.PostgresError, LookupError, ValueError) as error:
        results.failed[part] = f"{type(error).__name__}: {error}"
    results.note(results)


async def import_all(run: Run, stage: Stage, results: Results) -> None:
    results.imported = await asyncio.to_thread(importing, run, stage)


async def forward_all(run: Run, stage: Stage, who: Clerk, results: Results) -> None:
    results.forwarded = await forwarding(run, stage, who)


async def create_all(run: Run, stage: Stage, who: Clerk, results: Results) -> None:
    """(a); between two figures everything settles, so that each begins with nothing waiting."""
    before = await counts(stage, who)
    results.direct = await creations(run, stage, "intake")
    results.front = await creations(run, stage, "front")
    made = await count(stage, "intake", "complaints") - before.complaints
    await settled(stage, who, before.plus(made))
    results.settled = await settling(run, stage, who)
    before = await counts(stage, who)
    results.bulk = await bulk(run, stage, who)
    made = await count(stage, "intake", "complaints") - before.complaints
    results.bulk_rate = made / results.bulk.tally.seconds
    if results.bulk.tally.errors or made != results.bulk.tally.count * BULK_SIZE:
        run.say(f"bulk: {made} created; {results.bulk.tally.wrong}")
    await settled(stage, who, before.plus(made))
    results.raw = await raw_inserts(run, stage)


async def live_at(run: Run, stage: Stage, size: int, results: Results) -> None:
    """(b) with so many complaints there; what `redress demo` did not make is made now."""
    there = await count(stage, "mediation", "cases")
    if (missing := size - there) > 0:
        told = run.told(f"redress demo: {missing:,}")
        began = time.perf_counter()
        await asyncio.to_thread(
            stage.command, "demo", "--complaints", str(missing), "--seed", str(size)
        )
        results.preloaded[missing] = time.perf_counter() - began
        told(1.0)
        results.rested[missing] = await at_rest(run, stage)
    who = await clerk(stage)
    results.lived.append(await closed(run, stage, who, max(size, there)))
    if size == run.plan.complaints:
        for factor in FACTORS:
            await at_rest(run, stage)
            results.bursts.append(await burst(run, stage, who, max(size, there), factor))


def looked_at(stage: Stage) -> Cost:
    cost = Cost()
    note_memory(cost, stage.pids)
    return cost
