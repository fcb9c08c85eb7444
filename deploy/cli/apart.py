"""The same in the distributed mode: each service's database, and what its process says."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from deploy.cli import accounts, auditing, calendar, people, privacy, spreadsheets
from deploy.cli.errors import CannotError
from deploy.cli.operations import rebuilt, timed, version
from deploy.cli.say import Counted, Facts
from deploy.cli.urls import database_url
from deploy.cli.wire import client
from deploy.demo.hands import Place, load_apart
from deploy.demo.noting import note_loading, note_removal
from deploy.demo.remove import remove
from deploy.keys import operations as keys
from shared.clock import system_clock
from shared.database import open_engine
from shared.messaging.replay import buried
from shared.messaging.tables import OutboxRow
from shared.net import Unanswered
from shared.runtime.keys import vault_of
from shared.runtime.migrate import newest, revision_of
from shared.settings import CommonSettings
from shared.sisters import SERVICES
from shared.trail.checkpoints import keep_ids_after
from shared.work import Database

BOOKS = ("intake", "mediation", "notification")
Asked = Mapping[str, Any]
Operation = Callable[[CommonSettings, Asked, Counted], Awaitable[Facts]]
QUICKLY = 10.0
"""Seconds in which a process says how it is doing."""


def database_of(common: CommonSettings, name: str) -> Database:
    url = database_url(name)
    if not url:
        raise CannotError(f"{name.upper()}_DATABASE_URL is not set.")
    return Database(open_engine(url), system_clock, vault_of(common))


async def status(common: CommonSettings, asked: Asked, progress: Counted) -> Facts:
    """How every service is doing."""
    found = await asyncio.gather(*(facts_of(common, name) for name in SERVICES))
    services = dict(zip(SERVICES, found, strict=True))
    return {"mode": "distributed", "version": version(), "services": services}


async def facts_of(common: CommonSettings, name: str) -> Facts:
    """What its process says of itself; where that says nothing, what lies in its database."""
    async with client(common, name, QUICKLY) as process:
        try:
            answer = await process.get("/internal/facts")
        except Unanswered as error:
            silent = f"no answer at {process.base_url}: {type(error).__name__}"
        else:
            if answer.is_success:
                return dict(answer.json())
            silent = f"{process.base_url} answers {answer.status_code}"
    try:
        return await facts_in_books(common, name) | {"unreachable": silent}
    except OSError as error:
        missing = f"no database: {error.strerror or type(error).__name__}"
    except SQLAlchemyError as error:
        missing = f"not prepared (redress migrate): {type(error).__name__}"
    return {"unreachable": f"{silent}; {missing}"}


async def facts_in_books(common: CommonSettings, name: str) -> Facts:
    """What waits in its database. Raises OSError, SQLAlchemyError."""
    database = database_of(common, name)
    try:
        async with database.reading() as session:
            outbox = await session.scalar(select(func.count()).select_from(OutboxRow)) or 0
        return {
            "outbox": outbox,
            "dead_letters": await buried(database),
            "migration": {"at": await revision_of(database.engine), "newest": newest(name)},
        }
    finally:
        await database.close()


async def replay_letters(common: CommonSettings, asked: Asked, progress: Counted) -> Facts:
    """Dead letters once more, by the processes themselves; `ids` and `service` narrow it down."""
    letters = {"ids": list(asked.get("ids", ()))}
    names = [asked["service"]] if asked.get("service") else SERVICES
    return {name: await replayed_by(common, name, letters) for name in names}


async def replayed_by(common: CommonSettings, name: str, letters: Asked) -> Facts:
    """One service's. Raises CannotError where it does not answer."""
    async with client(common, name) as process:
        try:
            answer = await process.post("/internal/replay", json=letters)
            return dict(answer.raise_for_status().json())
        except Unanswered as error:
            where = f"at {process.base_url}: {type(error).__name__}"
            raise CannotError(f"{name} did not answer {where}; nothing more was tried.") from error


def on_mediation(change: Any) -> Operation:
    """An operation on mediation's database."""

    async def operate(common: CommonSettings, asked: Asked, progress: Counted) -> Facts:
        database = database_of(common, "mediation")
        try:
            await keep_ids_after(database)
            return dict(await change(database, common.organisations, asked))
        finally:
            await database.close()

    return operate


def watched(change: Any) -> Operation:
    """The same, for one that tells how far it is."""

    async def operate(common: CommonSettings, asked: Asked, progress: Counted) -> Facts:
        database = database_of(common, "mediation")
        try:
            await keep_ids_after(database)
            return dict(await change(database, common.organisations, asked, progress))
        finally:
            await database.close()

    return operate


async def demo(common: CommonSettings, asked: Asked, progress: Counted) -> Facts:
    """Fictitious complaints, into the databases and the topics."""
    count, seed = int(asked["complaints"]), int(asked["seed"])
    async with place_of(common).opened() as books:
        await keep_ids_after(books.intake)
        await note_loading(books.intake, count)
    return await timed(load_apart(place_of(common), count, seed, system_clock(), progress))


async def demo_removed(common: CommonSettings, asked: Asked, progress: Counted) -> Facts:
    """All of it out of the databases; what was said of it stays in the topics, and that it went."""
    async with place_of(common).opened() as books:
        await keep_ids_after(books.intake)
        await note_removal(books.intake)
        return {"removed": await remove(books, progress)}


def place_of(common: CommonSettings) -> Place:
    """Where the books are. Raises CannotError where one is not named."""
    urls = {name: database_url(name) for name in BOOKS}
    for name, url in urls.items():
        if not url:
            raise CannotError(f"{name.upper()}_DATABASE_URL is not set.")
    return Place(common, urls)


async def rebuild(common: CommonSettings, asked: Asked, progress: Counted) -> Facts:
    """The facts of analytics anew, by the process that holds them."""
    async with client(common, "analytics") as analytics:
        try:
            return await rebuilt(analytics, progress)
        except Unanswered as error:
            raise CannotError(f"Analytics did not answer: {type(error).__name__}.") from error


def with_trails(look: Any) -> Operation:
    """An operation on the trail in every service's database."""

    async def operate(common: CommonSettings, asked: Asked, progress: Counted) -> Facts:
        databases = {name: database_of(common, name) for name in SERVICES}
        try:
            return dict(await look(auditing.Trails(databases), asked, progress))
        finally:
            await asyncio.gather(*(one.close() for one in databases.values()))

    return operate


OPERATIONS: dict[str, Operation] = {
    "status": status,
    "replay": replay_letters,
    "rebuild": rebuild,
    "demo": demo,
    "demo-remove": demo_removed,
    "keys": keys.show_apart,
    "keys-rotate": keys.rotate_apart,
    **{name: on_mediation(change) for name, change in accounts.OPERATIONS.items()},
    **{name: on_mediation(change) for name, change in people.OPERATIONS.items()},
    **{name: on_mediation(change) for name, change in calendar.OPERATIONS.items()},
    **{name: watched(change) for name, change in spreadsheets.WATCHED.items()},
    **privacy.APART,
    **{name: with_trails(look) for name, look in auditing.OPERATIONS.items()},
}
