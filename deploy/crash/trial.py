"""One mode from its first complaint to the last count."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy.exc import SQLAlchemyError

from deploy.crash import counts, verdict
from deploy.crash.clerk import Clerk
from deploy.crash.counts import Counts
from deploy.crash.killer import Killer
from deploy.crash.load import Sender, Told
from deploy.crash.scene import Scene, random_moments, tended

CLERK, PASSWORD = "crash", "a long pass-phrase for one trial"
SETTLING = 240.0
"""Seconds everything gets to settle after the last kill."""


@dataclass(frozen=True)
class Wanted:
    """How much is asked of the platform."""

    seed: int
    kills: int
    longest: float
    """Seconds between two kills, at most."""
    absence: float
    rate: float
    """Complaints per second."""
    senders: int = 4


@dataclass(frozen=True)
class Outcome:
    """What one mode went through and what it says afterwards."""

    mode: str
    killer: Killer
    told: Told
    counts: Counts
    settled_in: float
    wrongs: tuple[str, ...]


async def trial(scene: Scene, wanted: Wanted, tell: Callable[[str], None]) -> Outcome:
    """Begin, pour, kill, settle, end, count."""
    tell(f"{scene.name}: starting")
    killer = Killer(
        scene, random_moments(wanted.seed), wanted.kills, wanted.longest, wanted.absence, tell
    )
    await asyncio.to_thread(scene.begin)
    try:
        with tended(scene.keeper):
            told = await _poured(scene, wanted, killer)
            tell(f"{scene.name}: {len(told.acknowledged)} acknowledged; waiting until it settles")
            found, seconds = await _settled(scene)
    finally:
        await asyncio.to_thread(scene.end)
    found = replace(found, facts=counts.facts(scene.facts_file()))
    return Outcome(scene.name, killer, told, found, seconds, tuple(verdict.wrongs(found, told)))


async def _poured(scene: Scene, wanted: Wanted, killer: Killer) -> Told:
    told, over = Told(), asyncio.Event()
    url = f"http://127.0.0.1:{scene.port}"
    clerk = Clerk(url, told, CLERK, await asyncio.to_thread(scene.add_staff, CLERK))
    await clerk.first_login(PASSWORD)
    pause = wanted.senders / wanted.rate
    senders = [Sender(url, told, f"{wanted.seed}-{n}", pause) for n in range(wanted.senders)]
    runs = [clerk.run(over), *(one.run(over) for one in senders)]
    tasks = [asyncio.create_task(one) for one in runs]
    try:
        await killer.run()
        over.set()
        _, late = await asyncio.wait(tasks, timeout=SETTLING)
        told.wrong += [f"{len(late)} senders or clerks still wait for an answer"] if late else []
    finally:
        for task in tasks:
            task.cancel()
        fallen = await asyncio.gather(*tasks, return_exceptions=True)
    told.wrong += [repr(one) for one in fallen if isinstance(one, Exception)]
    return told


async def _settled(scene: Scene) -> tuple[Counts, float]:
    """Ask until the databases agree, or the time is up; then the dashboard gets its moment."""
    began = time.monotonic()
    found: Counts | None = None
    while time.monotonic() - began < SETTLING:
        try:
            found = await counts.count(scene.databases())
        except (OSError, SQLAlchemyError):
            await asyncio.sleep(1)
            continue
        if found.settled:
            break
        await asyncio.sleep(1)
    seconds = time.monotonic() - began
    await asyncio.sleep(10)
    return await counts.count(scene.databases()) if found else _nothing(), seconds


def _nothing() -> Counts:
    raise TimeoutError("the databases did not come back")
