"""Small edges to try the web's own rules on."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

import httpx
from fastapi import APIRouter

from shared.acting import Staff
from shared.database import open_engine
from shared.limits.rates import Buckets
from shared.vault import Vault
from shared.web import EdgeOptions, edge
from shared.web.sessions import Remembered
from shared.work import Database
from tests.conftest import StandingClock

LIN = Staff(UUID(int=1), "lin", "林调解员", "mediator", "main")
COOKIE = "a-session"
HTML = {"Accept": "text/html"}
ENGLISH = {"Accept-Language": "en"}


@dataclass
class Ticks:
    """Seconds that pass when told to."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class LogIns:
    """Who is logged in, and how often that was asked."""

    known: dict[str, Staff] = field(default_factory=lambda: {COOKIE: LIN})
    asked: int = 0

    async def __call__(self, cookie: str) -> Staff | None:
        self.asked += 1
        return self.known.get(cookie)


def options(ticks: Ticks | None = None, log_ins: LogIns | None = None) -> EdgeOptions:
    """Options for tests, with time that stands still."""
    still = ticks or Ticks()
    sessions = Remembered(log_ins or LogIns(), still)
    return EdgeOptions(buckets=Buckets(still), sessions=sessions)


def database_of(vault: Vault, clock: StandingClock, url: str = "sqlite+aiosqlite://") -> Database:
    return Database(open_engine(url), clock, vault)


@asynccontextmanager
async def serving(
    routers: Sequence[APIRouter], database: Database, around: EdgeOptions | None = None
) -> AsyncGenerator[httpx.AsyncClient]:
    """A client of an edge called `x`."""
    app = edge("x", routers, database, options=around or options())
    transport = httpx.ASGITransport(app=app)
    try:
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            yield client
    finally:
        await database.close()
