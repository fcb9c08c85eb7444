"""What has arrived where, as the databases and the dashboard say."""

import asyncio
import time
from dataclasses import dataclass

import asyncpg

from deploy.bench.stage import Clerk, Stage
from deploy.bench.wire import Connection, request
from deploy.processes import ClusterError

FIGURES = "/analytics/api/v1/figures?measure=received&body=main"
LOOK = 0.25
"""Seconds between two looks while something settles."""


STALLED = 60.0
"""Seconds without any progress after which nothing more is waited for."""


class NotSettledError(ClusterError):
    """Something did not arrive in time."""


@dataclass(frozen=True)
class Counts:
    """Complaints that were kept, cases that were opened, rows on the dashboard."""

    complaints: int
    cases: int
    rows: int

    def plus(self, more: int) -> "Counts":
        return Counts(self.complaints + more, self.cases + more, self.rows + more)

    def reached(self, wanted: "Counts") -> bool:
        return self.cases >= wanted.cases and self.rows >= wanted.rows


async def count(stage: Stage, service: str, table: str) -> int:
    """The rows of one table."""
    connection = await asyncpg.connect(stage.database(service))
    try:
        found = await connection.fetchval(f'SELECT count(*) FROM "{table}"')  # noqa: S608 - our names
    finally:
        await connection.close()
    return int(found)


async def rows_shown(stage: Stage, who: Clerk) -> int:
    """How many complaints the dashboard counts. Raises NotSettledError where it does not answer."""
    raw = request("GET", FIGURES, headers=who.headers)
    async with Connection(stage.addresses["analytics"]) as connection:
        answer = await connection.send(raw)
    if not answer.fine:
        raise NotSettledError(f"figures: {answer.status} {answer.body[:300]!r}")
    return int(answer.json()["total"]["value"])


async def counts(stage: Stage, who: Clerk) -> Counts:
    return Counts(
        await count(stage, "intake", "complaints"),
        await count(stage, "mediation", "cases"),
        await rows_shown(stage, who),
    )


async def settled(stage: Stage, who: Clerk, wanted: Counts) -> float:
    """When, by `time.perf_counter`, everything wanted was there. Raises NotSettledError."""
    seen, cases, moved = -1, 0, time.perf_counter()
    while (now := time.perf_counter()) < moved + STALLED:
        shown = await rows_shown(stage, who)
        if shown >= wanted.rows and cases < wanted.cases:
            cases = await count(stage, "mediation", "cases")
        if shown >= wanted.rows and cases >= wanted.cases:
            return now
        if shown + cases != seen:
            seen, moved = shown + cases, now
        await asyncio.sleep(LOOK)
    raise NotSettledError(f"{cases} of {wanted.cases} cases, {shown} of {wanted.rows} rows")
