"""kill -9 at random moments, and two long absences."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from deploy.crash.scene import Scene

SHORTEST = 0.3
PATIENT = 0.75
"""How often a kill waits until what fell before is well again."""
LONGEST_WAIT = 90.0
ROUND = 0.2


def well_again(scene: Scene) -> None:
    """Return when all is up, or the longest wait is over."""
    end = time.monotonic() + LONGEST_WAIT
    while time.monotonic() < end and not scene.ready():
        time.sleep(ROUND)


@dataclass
class Killer:
    """Kills `kills` times, at most `longest` seconds apart; the absences come in between."""

    scene: Scene
    chance: random.Random
    kills: int
    longest: float
    absence: float
    tell: Callable[[str], None]
    killed: Counter[str] = field(default_factory=Counter)
    absent: dict[str, float] = field(default_factory=dict)

    async def run(self) -> None:
        outages = list(self.scene.outages())
        every = self.kills // (len(outages) + 1) + 1
        for number in range(1, self.kills + 1):
            await self._moment()
            if outages and number % every == 0:
                await self._away(number, outages.pop(0))
            else:
                await self._kill(number, self.chance.choice(self.scene.targets()))

    async def _moment(self) -> None:
        """Mostly some time after all is well again; now and then while it still gets up."""
        if self.chance.random() < PATIENT:
            await asyncio.to_thread(well_again, self.scene)
        await asyncio.sleep(self.chance.uniform(SHORTEST, self.longest))

    async def _kill(self, number: int, name: str) -> None:
        await asyncio.to_thread(self.scene.keeper.kill, name)
        self.killed[name] += 1
        self.tell(f"{self.scene.name}: {number}/{self.kills} killed {name}")

    async def _away(self, number: int, name: str) -> None:
        """Killed like the others, and not let back for a while."""
        self.tell(f"{self.scene.name}: {number}/{self.kills} {name} away for {self.absence:.0f} s")
        await asyncio.to_thread(self.scene.keeper.kill, name, hold=True)
        self.killed[name] += 1
        await asyncio.sleep(self.absence)
        self.scene.keeper.release(name)
        self.absent[name] = self.absence
