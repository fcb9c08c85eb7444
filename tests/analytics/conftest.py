"""Analytics alone, on the embedded log, with its pages."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from services.analytics.main import build
from services.analytics.store import FactsFile, FactsStore
from shared.database import open_engine
from shared.messaging.bus import Message
from shared.messaging.local import Base as LogBase
from shared.messaging.local import LocalBus, LocalEventLog
from shared.net import Client
from shared.runtime.running import Running
from shared.runtime.service import Around
from shared.runtime.steps import settle
from shared.settings import CommonSettings
from shared.tokens import minting
from shared.vault import Vault
from shared.web.sessions import Remembered
from shared.work import Database
from tests.analytics.histories import Story
from tests.conftest import StandingClock
from tests.shared.webs import COOKIE, LIN, LogIns

OF_MAIN, OF_DEMO = "of-main", "of-demo"
"""Sessions of mediators of one body each."""
PEOPLE = {
    COOKIE: replace(LIN, role="secretary_general", body=""),
    OF_MAIN: LIN,
    OF_DEMO: replace(LIN, body="demo"),
}


@dataclass
class Analytics:
    """The service at work, and a way to say things to it."""

    running: Running
    bus: LocalBus
    numbers: "count[int]"

    async def say(self, stories: Sequence[Story]) -> None:
        """Publish everything these stories say, and let it be counted."""
        await self.publish([body for story in stories for body in story.bodies])
        await self.settle()

    async def publish(self, bodies: Sequence[bytes]) -> None:
        """Append messages to the log."""
        said = [Message(UUID(int=next(self.numbers)), "intake-events", "", one) for one in bodies]
        await self.bus.publish(said)

    async def settle(self) -> None:
        await settle([job.step for job in self.running.jobs()])

    def client(self, cookie: str = COOKIE, *, logged_in: bool = True) -> httpx.AsyncClient:
        """A browser, of somebody who works for all bodies, of a mediator of one, or of nobody."""
        cookies = {"redress_session": cookie} if logged_in else {}
        transport = httpx.ASGITransport(app=self.running.web())
        return httpx.AsyncClient(transport=transport, base_url="http://test", cookies=cookies)

    def console(self) -> httpx.AsyncClient:
        """The console, with its token, at the internal door."""
        around = self.running.around
        token = minting(around.vault, "console", "analytics", around.clock)
        transport = httpx.ASGITransport(app=self.running.internal())
        headers = {"Authorization": f"Bearer {token()}"}
        return httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers)


@asynccontextmanager
async def analytics_on(
    common: CommonSettings, vault: Vault, clock: StandingClock
) -> AsyncGenerator[Analytics]:
    """The service at work in a data folder."""
    common.data.mkdir(parents=True, exist_ok=True)

    def no_sister(name: str) -> Client:
        raise AssertionError(name)

    def database(name: str) -> Database:
        return Database(open_engine(f"sqlite+aiosqlite:///{common.data}/{name}.db"), clock, vault)

    bus = LocalBus(database("bus"))
    async with bus.database.engine.begin() as connection:
        await connection.run_sync(LogBase.metadata.create_all)
    around = Around(common, vault, clock, no_sister, embedded=True)
    service = build(around)
    running = Running(
        service, database("analytics"), around, bus, Remembered(LogIns(PEOPLE)), bus.published,
        log=LocalEventLog(bus),
    )  # fmt: skip
    await running.create_tables()
    assert service.life is not None
    async with service.life():
        yield Analytics(running, bus, count(1))
    await running.database.close()
    await bus.database.close()


@pytest.fixture
async def analytics(
    common: CommonSettings, vault: Vault, clock: StandingClock
) -> AsyncGenerator[Analytics]:
    async with analytics_on(common, vault, clock) as analytics:
        yield analytics


@pytest.fixture
def file(tmp_path: Path) -> FactsFile:
    return FactsFile(tmp_path / "facts.duckdb")


@pytest.fixture
async def store(file: FactsFile) -> AsyncGenerator[FactsStore]:
    store = FactsStore(file)
    async with store.opened():
        yield store
