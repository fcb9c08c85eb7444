"""A service at work: its database, its edges, its background work."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property, partial
from typing import Any

from fastapi import FastAPI

from shared.messaging import tables as messaging
from shared.messaging.bus import Bus, EventLog, Source
from shared.messaging.inbox import Ear, Subscriber
from shared.messaging.relay import relay
from shared.runtime.console import console_router
from shared.runtime.jobs import Job, named, take
from shared.runtime.rotation import Holdings, prove
from shared.runtime.rotation.routes import keys_router
from shared.runtime.service import Around, DatabaseStep, Service
from shared.runtime.status import MEASURED, Status
from shared.runtime.steps import GATHER, PAUSE, Pace, Step, Ward, ended
from shared.runtime.trail import trail_router
from shared.trail import tables as trail
from shared.trail.changes import NoteChanges, Told, settings_told
from shared.trail.checkpoints import SetCheckpoints, keep_ids_after
from shared.trail.refusals import WriteRefusals, write_last
from shared.vault import LOOK, KeyMissingError, Vault
from shared.wakes import Wakes
from shared.web import EdgeOptions, edge
from shared.web.dead_letters import dead_letters_router
from shared.web.options import options_of_settings
from shared.web.sessions import Sessions
from shared.work import Database

FOLLOW_GATHER = 0.2
"""Seconds a follower rests between two rounds: its batches cost nearly the same, small or large."""


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
        asked = [console_router(self.status.facts, self.subscriber()), keys_router(self.holdings)]
        return self._edge(
            [*routers, *self.service.internal, trail_router(self.service.things), *asked]
        )

    def internal(self) -> FastAPI:
        """What sisters in the same process call; never mounted."""
        return self._edge([*self.service.internal, trail_router(self.service.things)])

    def _edge(self, routers: Sequence[Any]) -> FastAPI:
        return edge(self.name, routers, self.database, options=self.options())

    def options(self) -> EdgeOptions:
        checks = {"database": self.status.reachable, "work": self.status.trouble}
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

    def _unwoken(self, name: str, step: Step, pause: float) -> Job:
        return Job(self.ward.health(self.name, name), step, asyncio.Event(), Pace(pause))

    @asynccontextmanager
    async def at_work(self) -> AsyncGenerator[None]:
        """Do the background work; on leaving, let each step end where it can be taken up again."""
        async with AsyncExitStack() as stack:
            if self.service.life is not None:
                await stack.enter_async_context(self.service.life())
            measure = self._unwoken("measure", self.status.measure, MEASURED)
            keys = self._unwoken("keys", self.watch_keys, LOOK)
            tasks = [asyncio.create_task(job.forever()) for job in [*self.jobs(), measure, keys]]
            try:
                yield
            finally:
                await ended(tasks)
                await write_last(self.database, self.name)

    async def close(self) -> None:
        """Let go of the database, and of what the service has open besides."""
        for close in self.service.closing:
            await close()
        await self.database.close()

    @cached_property
    def status(self) -> Status:
        """How it is doing."""
        return Status(self.service, self.database, self.source, self.ward, self.ear)

    @cached_property
    def holdings(self) -> Holdings:
        """All that is sealed here."""
        own = self.service
        return Holdings.of(self.database, own.tables, own.companions, own.held, own.in_use)

    async def prove_keys(self) -> None:
        """Raises KeyMissingError where our keys do not belong to our data."""
        await prove(self.database, self.holdings.held)

    async def look_back(self) -> None:
        """Before anything is written: ids go past the last checkpoint, whatever the clock says."""
        await keep_ids_after(self.database)

    async def watch_keys(self) -> int:
        """Learn when another process has begun a new generation. Raises KeyMissingError."""
        vault = self.database.vault
        await asyncio.to_thread(vault.look_again)
        if vault.trouble is not None:
            raise KeyMissingError(vault.trouble)
        return 0

    async def create_tables(self) -> None:
        """For tests of rules; everywhere else migrations do this."""
        async with self.database.engine.begin() as connection:
            for metadata in (messaging.Base.metadata, trail.Base.metadata, self.service.tables):
                await connection.run_sync(metadata.create_all)
