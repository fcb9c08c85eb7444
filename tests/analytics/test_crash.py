"""Killed in the middle of writing: what was told stays told, and nothing is told twice."""

import asyncio
import signal
import sys
from pathlib import Path

from services.analytics.domain.facts import fold
from services.analytics.hearing import hear
from services.analytics.store import FactsFile, FactsStore
from tests.analytics.writer_to_kill import all_events

COMPLAINTS = 80
COUNTED = (
    "SELECT count(*), count(accepted_on), count(forwarded_on), count(closed_on) FROM complaints"
)


async def test_after_every_kill_the_facts_are_those_of_the_events_told_so_far(
    tmp_path: Path,
) -> None:
    file = tmp_path / "facts.duckdb"
    events = all_events(COMPLAINTS)
    for batches in (1, 5, 9, 14, 3):
        acknowledged = await killed_after(file, batches)
        store = FactsStore(FactsFile(file))
        at = (await store.positions()).get("bus", 0)
        assert at >= acknowledged
        assert await store.ask(COUNTED, {}) == [recount(events[:at])]
        await store.close()
    assert await killed_after(file, None) == len(events)
    store = FactsStore(FactsFile(file))
    assert await store.positions() == {"bus": len(events)}
    assert await store.ask(COUNTED, {}) == [(COMPLAINTS,) * 4]
    await store.close()


async def killed_after(file: Path, batches: int | None) -> int:
    """Kill a writer after it acknowledged some batches (None: let it end); how far it came."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.analytics.writer_to_kill", str(file), str(COMPLAINTS),
        stdout=asyncio.subprocess.PIPE, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert child.stdout is not None
    acknowledged, heard = 0, 0
    async for line in child.stdout:
        acknowledged, heard = int(line), heard + 1
        if heard == batches:
            child.send_signal(signal.SIGKILL)
            break
    rest = (await child.stdout.read()).split()
    await child.wait()
    return int(rest[-1]) if rest else acknowledged


def recount(events: list[bytes]) -> tuple[int, int, int, int]:
    """The same figures, counted from the events alone."""
    rows = fold(hear(events).told).complaints.values()
    days = ("accepted_on", "forwarded_on", "closed_on")
    accepted, forwarded, closed = (sum(day in row for row in rows) for day in days)
    return len(rows), accepted, forwarded, closed
