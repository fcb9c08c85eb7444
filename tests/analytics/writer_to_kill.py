"""A process that takes events into a facts file as fast as it can, until it is killed.

`python -m tests.analytics.writer_to_kill FILE EVENTS` tells after every batch, on standard output,
up to where it is told. The events are the same in every run.
"""

import asyncio
import sys
from pathlib import Path

from services.analytics.hearing import hear
from services.analytics.store import FactsFile, FactsStore
from tests.analytics.histories import Story

BATCH = 7


def all_events(complaints: int) -> list[bytes]:
    """Five events of each complaint, those of four complaints mixed."""
    stories = [
        Story(number).received().opened().accepted().forwarded().closed()
        for number in range(complaints)
    ]
    groups = [stories[start : start + 4] for start in range(0, complaints, 4)]
    return [
        story.bodies[step]
        for group in groups
        for step in range(5)
        for story in group
    ]  # fmt: skip


async def write(file: Path, complaints: int) -> None:
    events = all_events(complaints)
    store = FactsStore(FactsFile(file))
    at = (await store.positions()).get("bus", 0)
    while at < len(events):
        batch = events[at : at + BATCH]
        await store.take({"bus": at + len(batch)}, hear(batch).told)
        at += len(batch)
        sys.stdout.write(f"{at}\n")
        sys.stdout.flush()
    await store.close()


if __name__ == "__main__":
    asyncio.run(write(Path(sys.argv[1]), int(sys.argv[2])))
