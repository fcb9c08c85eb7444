"""(f) What encryption and masks cost: two clusters that differ in nothing else, turn by turn."""

import asyncio
import secrets
import statistics
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from deploy.bench.complaints import bodies, creates
from deploy.bench.creating import WARM
from deploy.bench.lifecycles import CLIENTS as LIVING
from deploy.bench.lifecycles import lifecycles_of
from deploy.bench.load import Pace, closed_loop, repeated
from deploy.bench.resting import at_rest
from deploy.bench.run import Run
from deploy.bench.stage import Stage, clerk, distributed
from deploy.bench.statistics import ratio

BARE = Path(__file__).with_name("bare")
"""The folder that takes protection away from who has it on the path."""
CREATING = 32
ROUNDS = 4
FURTHER = 50
"""Ports between the two clusters."""
SEALED, PLAIN = "protected", "bare"


@dataclass
class Rates:
    """Complaints, or lifecycles, per second: one figure for each round."""

    protected: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)

    def note(self, name: str, rate: float) -> None:
        (self.protected if name == SEALED else self.bare).append(rate)

    @property
    def cost(self) -> float:
        """The share of the throughput that protection takes: 1 minus the ratio of the medians."""
        if not self.protected or not self.bare:
            return float("nan")
        return 1 - ratio(statistics.median(self.protected), statistics.median(self.bare))


@dataclass
class Protected:
    """What was taken of creating and of whole lifecycles."""

    creates: Rates = field(default_factory=Rates)
    lifecycles: Rates = field(default_factory=Rates)
    errors: int = 0


async def protecting(run: Run) -> Protected:
    """Both clusters are up at the same time; each is measured while the other one rests."""
    found = Protected()
    with ExitStack() as stack:
        stages = {}
        for number, name in enumerate((SEALED, PLAIN)):
            path = {} if name == SEALED else {"PYTHONPATH": str(BARE)}
            place = distributed(run.plan.folder / name, run.plan.port + number * FURTHER, path)
            stages[name] = await asyncio.to_thread(stack.enter_context, place)
        for name, stage in stages.items():
            await round_of(run, (name, stage), Protected())  # nothing of the first one counts
        for turn in range(ROUNDS):
            order = sorted(stages.items(), reverse=bool(turn % 2))
            for named in order:
                await round_of(run, named, found)
    return found


async def round_of(run: Run, named: tuple[str, Stage], found: Protected) -> None:
    """Create for a while, then live whole lifecycles for a while."""
    name, stage = named
    await at_rest(run, stage)
    requests = creates(secrets.token_hex(6), bodies())
    intake = stage.addresses["intake"]
    await closed_loop(intake, requests, Pace(CREATING, WARM))
    told = run.told(f"create {CREATING}, {name}")
    made = await closed_loop(intake, requests, Pace(CREATING, run.plan.seconds), told)
    await at_rest(run, stage)
    work = lifecycles_of(stage, await clerk(stage))
    told = run.told(f"lifecycles {LIVING}, {name}")
    lived = await repeated(work.lines, work.live, Pace(LIVING, run.plan.seconds), told)
    found.creates.note(name, made.rate)
    found.lifecycles.note(name, lived.rate)
    found.errors += made.errors + lived.errors
