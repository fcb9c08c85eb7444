"""The same in the distributed mode: each service's database, and what its process says."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from deploy.cli import accounts
from deploy.cli.commands.options import SERVICES
from deploy.cli.errors import CannotError
from deploy.cli.operations import loaded, rebuilt, version
from deploy.cli.say import Counted, Facts
from deploy.cli.urls import database_url
from deploy.demo.load import Books
from deploy.demo.remove import remove
from shared.clock import system_clock
from shared.database import open_engine
from shared.messaging.delivery import Subscriber
from shared.messaging.replay import buried, replay
from shared.messaging.tables import OutboxRow
from shared.net import Client, Unanswered, over_the_wire
from shared.runtime.distributed import Speaking
from shared.runtime.migrate import newest, revision_of
from shared.runtime.service import Around, Service
from shared.settings import CommonSettings
from shared.vault import read_key_file
from shared.web.tokens import CONSOLE, minting
from shared.work import Database

Asked = Mapping[str, Any]
Operation = Callable[[CommonSettings, Asked, Counted], Awaitable[Facts]]


def database_of(common: CommonSettings, name: str) -> Database:
    url = database_url(name)
    if not url:
        raise CannotError(f"{name.upper()}_DATABASE_URL is not set.")
    return Database(open_engine(url), system_clock, read_key_file(common.key_path))


def service_of(common: CommonSettings, name: str) -> Service:
    """The service as values; it may ask its sisters over the wire, as the console."""
    vault = read_key_file(common.key_path)

    def client_of(sister: str) -> Client:
        return client(common, sister)

    around = Around(common, vault, system_clock, client_of, embedded=False)
    made: Service = import_module(f"services.{name}.main").build(around)
    return made


def client(common: CommonSettings, name: str) -> Client:
    """A client of a service's own address."""
    token = minting(read_key_file(common.key_path).signing_key, CONSOLE, name, system_clock)
    return over_the_wire(common.url_of(name), token, timeout=120)


async def status(common: CommonSettings, asked: Asked, progress: Counted) -> Facts:
    """How every service is doing."""
    found = await asyncio.gather(*(facts_of(common, name) for name in SERVICES))
    services = dict(zip(SERVICES, found, strict=True))
    return {"mode": "distributed", "version": version(), "services": services}


async def facts_of(common: CommonSettings, name: str) -> Facts:
    """What its database says, and what the process says of itself."""
    database = database_of(common, name)
    try:
        async with database.reading() as session:
            outbox = await session.scalar(select(func.count()).select_from(OutboxRow)) or 0
        facts: Facts = {
            "outbox": outbox,
            "dead_letters": await buried(database),
            "migration": {
                "at": await revision_of(database.engine),
                "newest": newest(name),
            },
        }
    except OSError as error:
        return {"unreachable": f"no database: {error.strerror or type(error).__name__}"}
    except SQLAlchemyError as error:
        return {"unreachable": f"not prepared (redress migrate): {type(error).__name__}"}
    finally:
        await database.close()
    return facts | await own_words(common, name)


async def own_words(common: CommonSettings, name: str) -> Facts:
    """Lag and readiness, as the process tells them."""
    async with client(common, name) as asked:
        try:
            ready = await asked.get("/readyz")
            metrics = await asked.get("/metrics")
        except Unanswered as error:
            return {"unreachable": f"no answer at {asked.base_url}: {type(error).__name__}"}
    lag = [
        float(line.rpartition(" ")[2])
        for line in metrics.text.splitlines()
        if line.startswith("redress_consumer_lag{") and f'"{name}"' in line
    ]
    troubles = {} if ready.is_success else {"readyz": ready.text}
    return {"lag": int(sum(lag)), "troubles": troubles}


async def replay_letters(common: CommonSettings, asked: Asked, progress: Counted) -> Facts:
    """Dead letters once more; `ids` and `service` narrow it down."""
    ids = [UUID(one) for one in asked.get("ids", ())]
    counts: Facts = {}
    for name in [asked["service"]] if asked.get("service") else SERVICES:
        database = database_of(common, name)
        try:
            subscriber = Subscriber(service_of(common, name).subscriptions, database)
            went, failed = await replay(subscriber, ids)
        finally:
            await database.close()
        counts[name] = {"went": went, "failed": failed}
    return counts


def with_accounts(change: Any) -> Operation:
    """An operation on the accounts in mediation's database."""

    async def operate(common: CommonSettings, asked: Asked, progress: Counted) -> Facts:
        database = database_of(common, "mediation")
        try:
            return dict(await change(database, common.organisations, asked))
        finally:
            await database.close()

    return operate


@asynccontextmanager
async def databases(common: CommonSettings) -> AsyncGenerator[dict[str, Database]]:
    """The databases of all services."""
    made = {name: database_of(common, name) for name in SERVICES}
    try:
        yield made
    finally:
        for one in made.values():
            await one.close()


async def demo(common: CommonSettings, asked: Asked, progress: Counted) -> Facts:
    """Fictitious complaints, into the databases and the topics."""
    speaking = Speaking(common.kafka_servers)
    async with databases(common) as made:
        books = Books(
            made["intake"],
            made["mediation"],
            made["notification"],
            speaking.publish,
            common.organisations,
        )
        try:
            return await loaded(books, asked, progress)
        finally:
            await speaking.close()


async def demo_removed(common: CommonSettings, asked: Asked, progress: Counted) -> Facts:
    """All of it out of the databases; what was said of it stays in the topics."""
    async with databases(common) as made:
        return {"removed": len(await remove(made))}


async def rebuild(common: CommonSettings, asked: Asked, progress: Counted) -> Facts:
    """The facts of analytics anew, by the process that holds them."""
    async with client(common, "analytics") as analytics:
        try:
            return await rebuilt(analytics, progress)
        except Unanswered as error:
            raise CannotError(f"Analytics did not answer: {type(error).__name__}.") from error


OPERATIONS: dict[str, Operation] = {
    "status": status,
    "replay": replay_letters,
    "rebuild": rebuild,
    "demo": demo,
    "demo-remove": demo_removed,
    **{name: with_accounts(change) for name, change in accounts.OPERATIONS.items()},
}
