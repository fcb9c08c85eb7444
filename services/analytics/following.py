"""How far analytics has followed the log; one per process."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime

from services.analytics.store import FactsStore
from shared.messaging.bus import Positions


@dataclass
class Following:
    """The facts, and how far they are told."""

    store: FactsStore
    steady: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held between reading a position and moving it."""
    looked: bool = False
    """Whether this process has looked where it stands."""
    rebuilding: bool = False
    """Whether the facts are being told from the start."""
    target: Positions = field(default_factory=dict)
    """Where the log ended when that began."""
    read: int = 0
    ends: Positions = field(default_factory=dict)
    caught_up_at: datetime | None = None
    """When everything that was said was last among the facts."""

    @property
    def of(self) -> int:
        """How many events the log holds, by its numbers."""
        return sum(self.ends.values())

    @property
    def lag(self) -> int:
        """How many events are not told yet."""
        return max(self.of - self.read, 0)

    async def as_of(self) -> datetime | None:
        """The instant up to which everything that was said is counted, as far as is known."""
        known = (await self.store.newest(), self.caught_up_at)
        return max((instant for instant in known if instant), default=None)

    def has_reached(self, positions: Positions) -> bool:
        """Whether these positions are behind everything that was there at the start."""
        return all(positions.get(stream, 0) >= end for stream, end in self.target.items())
