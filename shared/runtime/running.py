"""A service at work: its database, its edges, its background work, and how it is doing."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property, partial
from typing import Any

from fastapi import FastAPI
from sqlalchemy import func, select, text

from shared.messaging.bus import Bus, EventLog, Source
from shared.messaging.delivery import Ear, Subscriber, deliver
from shared.messaging.relay import relay
from shared.messaging.replay import buried
from shared.messaging.tables import OutboxRow
from shared.metrics import LAG, WAITING
from shared.runtime import migrate
from shared.runtime.console import console_router
from shared.runtime.rotation import Holdings, prove
from shared.runtime.rotation.routes import keys_router
from shared.runtime.service import Around, DatabaseStep, Service
from shared.runtime.steps import GATHER, PACE, PAUSE, Health, Pace, Step, Ward, forever
from shared.runtime.trail import trail_router
from shared.trail.changes import NoteChanges, Told, settings_told
from shared.trail.checkpoints import SetCheckpoints
from shared.trail.refusals import WriteRefusals, write_last
from shared.vault import LOOK, KeyMissingError, Vault
from shared.wakes import Wakes
from shared.web import EdgeOptions, edge
from shared.web.dead_letters import dead_letters_router
from shared.web.options import options_of_settings
from shared.web.sessions import Sessions
from shared.work import Database

MEASURED = 5.0
"""Seconds between two looks at the gauges."""
FOLLOW_GATHER = 0.2
"""Seconds a follower rests between two rounds: its batches cost nearly the same, small or large."""


@dataclass(frozen=True)
class Job:
    """One piece of background work: what, how it is doing, what wakes it, how often it looks."""

    health: Health
    step: Step
    wake: asyncio.Event
    pace: Pace = PACE

    def forever(self) -> Coroutine[Any, Any, None]:
        return forever(self.health, self.step, self.wake, self.pace)


@dataclass(frozen=True, eq=False)
class Running:
    """A service with a database to work on, a bus to speak through, and its ears."""

    service: Service
    database: Database
    around: Around
    bus: Bus
    sessions: Sessions
    news: Wakes
    """Rung when the bus has something new, where that can be known."""
    source: Source | None = None
    log: EventLog | None = None
    ward: Ward = field(default_factory=Ward)
    ear: Ear = field(default_factory=Ear)
    listening_pause: float = PAUSE

    @property
    def name(self) -> str:
        return self.service.name

    def subscriber(self) -> Subscriber:
        return Subscriber(self.service.subscriptions, self.database, ear=self.ear)

    def web(self) -> FastAPI:
        """The pages and the API; in distributed mode the internal routes as well."""
        routers = [*self.service.routers, dead_letters_router(self.name, self.subscriber())]
        if self.around.embedded:
            return self._edge(routers)
        asked = [console_router(self.facts, self.subscriber()), keys_router(self.holdings)]
        return self._edge(
            [*routers, *self.service.internal, trail_router(self.service.things), *asked]
        )

    def internal(self) -> FastAPI:
        """What sisters in the same process call; never mounted."""
        return self._edge([*self.service.internal, trail_router(self.service.things)])

    def _edge(self, routers: Sequence[Any]) -> FastAPI:
        return edge(self.name, routers, self.database, options=self.options())

    def options(self) -> EdgeOptions:
        checks = {"database": self.reachable, "work": self.trouble}
        return options_of_settings(self.around.common, sessions=self.sessions, checks=checks)

    def jobs(self) -> list[Job]:
        """All background work of this service.

        The bus is carried to and listened to in ever larger lots while much comes; a service's own
        steps, such as printing a letter, cost the same for each thing and never rest longer.
        """
        made = [self._job("relay", partial(relay, self.database, self.bus, self.name))]
        for step in [*self.service.steps, *self.trail()]:
            job = self._job(named(step), partial(step, self.database))
            gather = getattr(step, "gather", GATHER)
            made.append(replace(job, pace=Pace(gather=gather, longest=gather)))
        if self.source is not None and self.service.subscriptions.topics:
            hear = partial(take, self.source, self.subscriber())
            made.append(self._job("listen", hear, self.news, self.listening_pause))
        if self.service.follow is not None and self.log is not None:
            follow = partial(self.service.follow, self.database, self.log)
            job = self._job("follow", follow, self.news, self.listening_pause)
            pace = replace(job.pace, gather=FOLLOW_GATHER)
            made.append(replace(job, pace=pace))
        return made

    def trail(self) -> list[DatabaseStep]:
        """What keeps the trail in every service: changes, refusals, checkpoints."""
        every = timedelta(minutes=self.around.common.checkpoint_minutes)
        checkpoints = SetCheckpoints(self.service.logs, every)
        return [NoteChanges(self.told), WriteRefusals(self.name), checkpoints]

    def told(self, vault: Vault) -> list[Told]:
        """What this service goes by: its settings and its rule packs."""
        settings = [self.around.common, *self.service.settings]
        return [settings_told(vault, self.name, settings), *self.service.packs()]

    def _job(self, name: str, step: Step, wakes: Wakes | None = None, pause: float = PAUSE) -> Job:
        bell = (wakes or self.database.announced).bell()
        return Job(self.ward.health(self.name, name), step, bell, Pace(pause))

    @asynccontextmanager
    async def at_work(self) -> AsyncGenerator[None]:
        """Do the background work; on leaving, let each step end where it can be taken up again."""
        async with AsyncExitStack() as stack:
            if self.service.life is not None:
                await stack.enter_async_context(self.service.life())
            measure = Job(
                self.ward.health(self.name, "measure"),
                self.measure,
                asyncio.Event(),
                Pace(MEASURED),
            )
            keys = Job(
                self.ward.health(self.name, "keys"), self.watch_keys, asyncio.Event(), Pace(LOOK)
            )
            tasks = [asyncio.create_task(job.forever()) for job in [*self.jobs(), measure, keys]]
            try:
                yield
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                await write_last(self.database, self.name)

    async def measure(self) -> int:
        """Set the gauges. Nothing is ever left to do."""
        facts = await self.counts()
        WAITING.labels(self.name).set(facts["outbox"])
        LAG.labels(self.name).set(await self.behind(facts["lag"]))
        return 0

    @cached_property
    def holdings(self) -> Holdings:
        """All that is sealed here."""
        own = self.service
        return Holdings.of(self.database, own.tables, own.companions, own.held, own.in_use)

    async def prove_keys(self) -> None:
        """Raises KeyMissingError where our keys do not belong to our data."""
        await prove(self.database, self.holdings.held)

    async def watch_keys(self) -> int:
        """Learn when another process has begun a new generation. Raises KeyMissingError."""
        vault = self.database.vault
        await asyncio.to_thread(vault.look_again)
        if vault.trouble is not None:
            raise KeyMissingError(vault.trouble)
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

    async def create_tables(self) -> None:
        """For tests of rules; everywhere else migrations do this."""
        from shared.messaging import tables  # noqa: PLC0415 - only tests need it
        from shared.trail import tables as trail  # noqa: PLC0415 - only tests need it

        async with self.database.engine.begin() as connection:
            for metadata in (tables.Base.metadata, trail.Base.metadata, self.service.tables):
                await connection.run_sync(metadata.create_all)


async def take(source: Source, subscriber: Subscriber) -> int:
    """Deal with one poll, then move on. A crash in between repeats, never loses."""
    bodies = await source.poll()
    if bodies:
        try:
            await deliver(subscriber, bodies)
        except BaseException:
            await source.close()
            raise
        await source.commit()
    return len(bodies)


def named(step: DatabaseStep | Callable[..., Awaitable[int]]) -> str:
    """The name of a step as people know it."""
    inner = step.func if isinstance(step, partial) else step
    return getattr(inner, "__name__", type(inner).__name__)
