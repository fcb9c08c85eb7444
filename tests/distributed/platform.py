"""Four processes, PostgreSQL, a broker and the front, for tests: with hands to kill and ask."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx

from deploy.cli import accounts
from deploy.cli.wire import client
from deploy.cluster.layout import Layout, Ports
from deploy.cluster.machine import Machine
from deploy.cluster.running import Cluster
from deploy.crash.scene import RATES, tended
from deploy.front import nginx
from deploy.kafka import fetch, java
from deploy.postgres.programs import programs
from deploy.processes import MissingError, free_port
from shared.clock import system_clock
from shared.database import open_engine
from shared.net import Unanswered
from shared.runtime.kafka.clients import Following
from shared.runtime.keys import vault_of
from shared.sisters import SERVICES
from shared.work import Database
from tests.brokers import MOCK, REAL, mock_kafka
from tests.databases import in_ci, missing_is

Answer = TypeVar("Answer")
CLERK, PASSWORD = "journey", "a pass-phrase for one journey"


@dataclass
class Distributed:
    """A whole distributed platform; `broker` says which broker it runs on, by name."""

    cluster: Cluster
    broker: str
    said: list[str] = field(default_factory=list)

    @property
    def machine(self) -> Machine:
        return self.cluster.machine

    @property
    def address(self) -> str:
        return self.machine.address

    def kill(self, name: str) -> None:
        """SIGKILL; it is started again by itself."""
        self.cluster.keeper.kill(name)

    def words(self) -> str:
        """Everything any process wrote to its log."""
        logs = sorted(self.machine.layout.logs.iterdir())
        return "".join(one.read_text(errors="replace") for one in logs)

    async def add_clerk(self, name: str, body: str) -> str:
        """A mediator's account in a body; returns the one-time password."""
        common = self.machine.common()
        engine = open_engine(self.machine.urls()["mediation"])
        database = Database(engine, system_clock, vault_of(common))
        try:
            asked = {"name": name, "role": "mediator", "display": "林调解员", "body": body}
            return (await accounts.add(database, common.organisations, asked))["password"]
        finally:
            await database.close()


@contextmanager
def distributed() -> Iterator[Distributed]:
    """Start it all; skips by name without PostgreSQL or nginx (with CI=true: an error)."""
    try:
        programs()
        nginx()
    except MissingError as error:
        missing_is(error)
    with ExitStack() as stack:
        tmp = stack.enter_context(
            tempfile.TemporaryDirectory(prefix="redress-cluster-", ignore_cleanup_errors=True)
        )
        Path(tmp).chmod(0o711)
        layout = Layout(Path(tmp) / "data")
        layout.data.mkdir()
        broker, elsewhere = _broker(stack)
        ports = Ports.choose(free_port(), 1, None)
        said: list[str] = []
        machine = Machine(layout, ports, RATES, elsewhere)
        cluster = Cluster(machine, said.append)
        stack.callback(cluster.stop)
        cluster.begin()
        stack.enter_context(tended(cluster.keeper))
        yield Distributed(cluster, broker, said)


def _broker(stack: ExitStack) -> tuple[str, str | None]:
    """The real one where Java and Maven are, else the mock of librdkafka."""
    try:
        java()
        fetch()
    except MissingError:
        if in_ci():
            raise
        return MOCK, stack.enter_context(mock_kafka())
    return REAL, None


@asynccontextmanager
async def citizen(platform: Distributed) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody in front of the front."""
    async with httpx.AsyncClient(base_url=platform.address, timeout=20, trust_env=False) as one:
        yield one


@asynccontextmanager
async def clerk(platform: Distributed, body: str = "main") -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who works for a body there, logged in."""
    name = f"{CLERK}-{body}"
    async with citizen(platform) as one:
        said = {"name": name, "password": PASSWORD}
        answer = await one.post("/mediation/api/v1/login", json=said)
        if answer.status_code != httpx.codes.OK:
            said |= {"password": await platform.add_clerk(name, body), "new_password": PASSWORD}
            answer = await one.post("/mediation/api/v1/login", json=said)
        answer.raise_for_status()
        one.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        yield one


async def soon(
    ask: Callable[[], Awaitable[Answer]], right: Callable[[Answer], bool], patience: float = 60
) -> Answer:
    """Ask until the answer is right; fail with the last answer when it never is."""
    end = time.monotonic() + patience
    while not right(answer := await ask()):
        assert time.monotonic() < end, answer
        await asyncio.sleep(0.1)
    return answer


async def all_counted(platform: Distributed) -> None:
    """Wait until analytics has read everything that the services have said until now."""

    async def unsaid() -> int:
        return sum([(await facts_of(platform, name)).get("outbox", 1) for name in SERVICES])

    await soon(unsaid, lambda count: count == 0)
    log = Following(platform.machine.kafka_servers)
    try:
        ends = await log.ends()
    finally:
        await log.close()

    async def unread() -> list[str]:
        read = (await facts_of(platform, "analytics")).get("positions", {})
        return [stream for stream, end in ends.items() if read.get(stream, 0) < end]

    await soon(unread, lambda streams: not streams)


async def facts_of(platform: Distributed, name: str) -> dict[str, Any]:
    """What a service's process says of itself; nothing while it does not answer."""
    async with client(platform.machine.common(), name, 10) as process:
        try:
            answer = await process.get("/internal/facts")
        except Unanswered:
            return {}
    return dict(answer.json()) if answer.is_success else {}


async def letters_of(desk: httpx.AsyncClient, number: str) -> list[dict[str, Any]]:
    """The letters of the case of this number."""
    answer = await desk.get("/notification/api/v1/letters", params={"q": number})
    items: list[dict[str, Any]] = answer.json()["items"] if answer.is_success else []
    return items


async def case_of(desk: httpx.AsyncClient, number: str) -> dict[str, Any] | None:
    """The case of this number, once there is one."""
    answer = await desk.get(f"/mediation/api/v1/cases/{number}")
    case: dict[str, Any] | None = answer.json() if answer.is_success else None
    return case


async def step(desk: httpx.AsyncClient, case: dict[str, Any], name: str) -> dict[str, Any]:
    """Take a step on the version we know; returns the case after it."""
    path = f"/mediation/api/v1/cases/{case['id']}/steps/{name}"
    answer = await desk.post(path, json={}, headers={"If-Match": f'"{case["version"]}"'})
    assert answer.status_code == httpx.codes.OK, answer.text
    after: dict[str, Any] = answer.json()
    return after
