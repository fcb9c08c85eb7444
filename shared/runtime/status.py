"""How a service is doing: what `redress status` says of it, what `/readyz` asks, its gauges."""

import asyncio
from dataclasses import dataclass

from sqlalchemy import func, select, text

from shared.messaging.bus import Source
from shared.messaging.inbox import Ear
from shared.messaging.replay import buried
from shared.messaging.tables import OutboxRow
from shared.metrics import LAG, WAITING
from shared.runtime import migrate
from shared.runtime.service import Service
from shared.runtime.steps import Ward
from shared.work import Database

MEASURED = 5.0
"""Seconds between two looks at the gauges."""


@dataclass(frozen=True, eq=False)
class Status:
    """A service and what it works with, looked at from outside."""

    service: Service
    database: Database
    source: Source | None
    ward: Ward
    ear: Ear

    @property
    def name(self) -> str:
        return self.service.name

    async def measure(self) -> int:
        """Set the gauges. Nothing is ever left to do."""
        facts = await self.counts()
        WAITING.labels(self.name).set(facts["outbox"])
        LAG.labels(self.name).set(await self.behind(facts["lag"]))
        return 0

    async def behind(self, unheard: int) -> float:
        """How many messages wait: of a group's member, or of who keeps its own positions."""
        if self.service.follow is None or self.service.status is None:
            return unheard
        said = (await self.service.status(self.database)).get("lag")
        return said if isinstance(said, int) else unheard

    async def counts(self) -> dict[str, int]:
        """What waits: events in the outbox, messages unheard, dead letters."""
        async with self.database.reading() as session:
            outbox = await session.scalar(select(func.count()).select_from(OutboxRow)) or 0
        lag = await self.source.lag() if self.source and self.service.subscriptions.topics else 0
        return {"outbox": outbox, "lag": lag, "dead_letters": await buried(self.database)}

    async def facts(self) -> dict[str, object]:
        """All that `redress status` says of this service."""
        own = await self.service.status(self.database) if self.service.status else {}
        at = await migrate.revision_of(self.database.engine)
        troubles = {one.name: one.trouble for one in self.ward.troubles(self.name)}
        if self.ear.trouble:
            troubles["listen"] = self.ear.trouble
        if said := self.service.readiness():
            troubles["readiness"] = said
        schema = {"at": at, "newest": migrate.newest(self.name)}
        key = {"key": self.database.vault.active}
        return {**await self.counts(), "troubles": troubles, "migration": schema, **key, **own}

    async def reachable(self) -> str | None:
        """Whether the database answers."""
        try:
            async with asyncio.timeout(3), self.database.reading() as session:
                await session.execute(text("SELECT 1"))
        except Exception as error:
            return type(error).__name__
        return None

    async def trouble(self) -> str | None:
        """What background work does not go well at the moment."""
        own = [f"{one.name}: {one.trouble}" for one in self.ward.troubles(self.name)]
        heard = [f"listen: {self.ear.trouble}"] if self.ear.trouble else []
        said = self.service.readiness()
        return "; ".join([*own, *heard, *([said] if said else [])]) or None
