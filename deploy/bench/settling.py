"""(a) The settled rate: complaints per second until each has its case and its dashboard row."""

import secrets
import time
from dataclasses import dataclass

from deploy.bench.complaints import creates
from deploy.bench.counting import counts, settled
from deploy.bench.load import Pace, closed_loop
from deploy.bench.run import Cost, Run, costing
from deploy.bench.stage import Clerk, Stage
from deploy.bench.statistics import Tally

CLIENTS, SHORTEST = 32, 60.0


@dataclass(frozen=True)
class Settled:
    """What it took until everything was where it belongs."""

    tally: Tally
    seconds: float
    """From the first request to the last row."""
    lag: float
    """From the last answer to the last row."""
    cost: Cost

    @property
    def count(self) -> int:
        return self.tally.count - self.tally.errors

    @property
    def rate(self) -> float:
        return self.count / self.seconds


async def settling(run: Run, stage: Stage, who: Clerk) -> Settled:
    """Create for at least a minute, then wait for the last one."""
    before = await counts(stage, who)
    pace = Pace(CLIENTS, max(SHORTEST, run.plan.seconds))
    with costing(stage.pids) as cost:
        began = time.perf_counter()
        requests = creates(secrets.token_hex(6))
        tally = await closed_loop(stage.addresses["intake"], requests, pace, run.told("settled"))
        sent = time.perf_counter()
        end = await settled(stage, who, before.plus(tally.count - tally.errors))
    return Settled(tally, end - began, end - sent, cost)
