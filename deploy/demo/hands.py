"""Several processes that load stories into the books of a distributed installation.

Each tells its stories and writes them itself: rows never travel from one process to another.
"""

import asyncio
import gc
from collections.abc import AsyncGenerator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import get_context

from deploy.demo.around import Around
from deploy.demo.identity import Telling
from deploy.demo.keep import Books, keep
from deploy.demo.load import CHUNK, PROCESSES, Progress, missing, surroundings, tell, telling_of
from shared.clock import system_clock
from shared.database import open_engine
from shared.runtime.kafka.clients import Speaking
from shared.runtime.keys import vault_of
from shared.settings import CommonSettings
from shared.work import Database

RARELY = 200_000
"""New objects between two looks for garbage."""
WORTH_HANDS = 2 * CHUNK
"""From so many on, several processes load."""


@dataclass(frozen=True)
class Place:
    """Where the books are; sent to the processes."""

    common: CommonSettings
    urls: Mapping[str, str]
    """The databases of intake, mediation and notification."""

    @asynccontextmanager
    async def opened(self) -> AsyncGenerator[Books]:
        """The books, open for the length of a block."""
        vault, speaking = vault_of(self.common), Speaking(self.common.kafka_servers)
        made = {
            name: Database(open_engine(url), system_clock, vault) for name, url in self.urls.items()
        }
        try:
            yield Books(**made, publish=speaking.publish, bodies=self.common.organisations)
        finally:
            await speaking.close()
            for one in made.values():
                await one.close()


@dataclass
class Hand:
    """One process at work: its books stay open from part to part."""

    runner: asyncio.Runner
    books: Books
    around: Around
    telling: Telling

    async def load(self, part: range) -> int:
        """Load what is missing of this part; how many that were."""
        wanted = await missing(self.books.intake, self.telling, part)
        if wanted:
            chunk = tell(wanted, self.telling, self.around)
            await keep(self.books, chunk, self.around, self.telling.until)
        return len(wanted)


HAND: list[Hand] = []
"""The hand of this process."""


def begin(place: Place, telling: Telling) -> None:
    """Open the books in a new process; they are closed with it."""
    runner = asyncio.Runner()

    async def reach() -> Hand:
        books = await place.opened().__aenter__()
        return Hand(runner, books, await surroundings(books), telling)

    HAND.append(runner.run(reach()))
    gc.freeze()
    gc.set_threshold(RARELY)  # rows live as long as their part: looking through them finds nothing


def load_part(part: range) -> int:
    """In a process that has begun."""
    [hand] = HAND
    return hand.runner.run(hand.load(part))


async def load_apart(place: Place, count: int, seed: int, now: datetime, progress: Progress) -> int:
    """Complaints 1 to `count` of a seed, those that are not there yet; returns how many."""
    async with place.opened() as books:
        telling = await telling_of(books.intake, seed, now)
    parts = [range(at, min(at + CHUNK, count)) for at in range(0, count, CHUNK)]
    made = done = 0
    hands = PROCESSES if count >= WORTH_HANDS else 1
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor(hands, get_context("spawn"), begin, (place, telling)) as pool:
        waiting = {loop.run_in_executor(pool, load_part, part): part for part in parts}
        while waiting:
            ended, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for one in ended:
                done += len(waiting.pop(one))
                made += one.result()
            progress(done, count)
    return made
