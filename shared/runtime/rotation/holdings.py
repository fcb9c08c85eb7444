"""All that one service has sealed."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import MetaData
from sqlalchemy.ext.asyncio import AsyncSession

from shared.messaging import tables as messaging
from shared.runtime.rotation.columns import sealed_tables
from shared.runtime.rotation.held import Companion, Counts, Held, Lot
from shared.trail import tables as trail
from shared.work import Database

LONGEST_REST = 0.5
"""Seconds between two lots: as long as the last one took, so that others have half of the time."""

KeysInUse = Callable[[AsyncSession], Awaitable[set[str]]]
"""The generations of keys without which something else than a sealed value is not found."""


@dataclass(frozen=True)
class Holdings:
    """Everything of one service that hangs on a key."""

    database: Database
    held: Sequence[Held]
    in_use: Sequence[KeysInUse] = ()

    @classmethod
    def of(
        cls,
        database: Database,
        tables: MetaData,
        companions: Mapping[str, Companion],
        others: Sequence[Held],
        in_use: Sequence[KeysInUse],
    ) -> "Holdings":
        """The sealed columns of all its tables, and what else it holds."""
        all_tables = [tables, messaging.Base.metadata, trail.Base.metadata]
        return cls(database, [*sealed_tables(all_tables, companions), *others], in_use)

    async def counts(self) -> dict[str, Counts]:
        """How many values each key still seals, by table or storage."""
        found = {one.name: await one.counts(self.database) for one in self.held}
        return {name: counts for name, counts in found.items() if counts}

    async def old(self) -> int:
        """How many things are not sealed as they would be now."""
        return sum([await one.old(self.database) for one in self.held])

    async def needed(self) -> set[str]:
        """The generations that something besides the sealed values still hangs on."""
        async with self.database.reading() as session:
            return {key for one in self.in_use for key in await one(session)}

    async def renew(self) -> AsyncGenerator[tuple[str, Lot]]:
        """Seal everything anew, lot by lot, with a rest after each."""
        for one in self.held:
            began = time.perf_counter()
            async for lot in one.renew(self.database):
                yield one.name, lot
                await asyncio.sleep(min(time.perf_counter() - began, LONGEST_REST))
                began = time.perf_counter()


def total(counts: Mapping[str, Counts]) -> Counts:
    """How many values each key seals, taken together."""
    together: Counter[str] = Counter()
    for one in counts.values():
        together.update(one)
    return dict(together)
