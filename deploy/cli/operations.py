"""What a running platform can be asked to do, by the console alone."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from importlib import metadata
from typing import Any
from uuid import UUID

from deploy.cli import accounts, auditing, calendar, people, privacy, spreadsheets
from deploy.cli.errors import CannotError
from deploy.cli.folder import is_served_by_us
from deploy.cli.say import Counted, Facts
from deploy.demo.keep import Books
from deploy.demo.load import load
from deploy.demo.noting import note_loading, note_removal
from deploy.demo.remove import remove
from deploy.keys import operations as keys
from shared.net import Client, in_process
from shared.runtime.embedded import Embedded
from shared.tokens import CONSOLE as CONSOLE_ISSUER
from shared.tokens import minting
from shared.trail import CONSOLE
from shared.web.dead_letters import replay_for

LOOK_AGAIN = 0.2
"""Seconds between two looks at how far analytics is."""
Operation = Callable[[Embedded, Mapping[str, Any], Counted], Awaitable[Facts]]


def version() -> str:
    """The version of this program."""
    return metadata.version("redress")


async def status(platform: Embedded, asked: Mapping[str, Any], progress: Counted) -> Facts:
    """How every service is doing, and whether this is the process that serves."""
    running = is_served_by_us(platform.common)
    facts = {"mode": "embedded", "version": version(), "running": running}
    return facts | {"services": await platform.facts()}


async def again(platform: Embedded, asked: Mapping[str, Any], progress: Counted) -> Facts:
    """Dead letters once more; `ids` and `service` narrow it down."""
    ids = [UUID(one) for one in asked.get("ids", ())]
    names = [asked["service"]] if asked.get("service") else list(platform.running)
    counts: Facts = {}
    for name in names:
        if name not in platform.running:
            raise CannotError(f"There is no service {name}; known: {', '.join(platform.running)}.")
        went, failed = await replay_for(platform.running[name].subscriber(), ids, CONSOLE)
        counts[name] = {"went": went, "failed": failed}
    return counts


async def rebuild(platform: Embedded, asked: Mapping[str, Any], progress: Counted) -> Facts:
    """Facts anew from everything that was said."""
    token = minting(platform.vault, CONSOLE_ISSUER, "analytics", platform.clock)
    async with in_process(platform.internal("analytics"), token) as analytics:
        return await rebuilt(analytics, progress)


async def rebuilt(analytics: Client, progress: Counted) -> Facts:
    """Ask analytics to forget its facts, and watch until it has read everything again."""
    (await analytics.post("/internal/rebuild")).raise_for_status()
    while True:
        answer = await analytics.get("/internal/progress")
        answer.raise_for_status()
        read, of = answer.json()["read"], answer.json()["of"]
        progress(read, of)
        if read >= of:
            return {"events": of}
        await asyncio.sleep(LOOK_AGAIN)


def books_of(platform: Embedded) -> Books:
    """The books of the platform in this process."""
    databases = {name: one.database for name, one in platform.running.items()}
    return Books(
        databases["intake"],
        databases["mediation"],
        databases["notification"],
        platform.bus.publish,
        platform.common.organisations,
    )


async def demo(platform: Embedded, asked: Mapping[str, Any], progress: Counted) -> Facts:
    """Fictitious complaints, those of the seed that are not there yet."""
    return await loaded(books_of(platform), asked, progress)


async def loaded(books: Books, asked: Mapping[str, Any], progress: Counted) -> Facts:
    now = books.intake.clock()
    await note_loading(books.intake, int(asked["complaints"]))
    return await timed(load(books, int(asked["complaints"]), int(asked["seed"]), now, progress))


async def timed(loading: Awaitable[int]) -> Facts:
    """How many were made, in how many seconds."""
    began = time.perf_counter()
    made = await loading
    return {"made": made, "seconds": round(time.perf_counter() - began, 3)}


async def remove_demo(platform: Embedded, asked: Mapping[str, Any], progress: Counted) -> Facts:
    """All of it out again."""
    books = books_of(platform)
    await note_removal(books.intake)
    return {"removed": await remove(books, progress)}


def on_mediation(change: Any) -> Operation:
    """An operation on mediation's database."""

    async def operate(platform: Embedded, asked: Mapping[str, Any], progress: Counted) -> Facts:
        database = platform.running["mediation"].database
        done: Facts = await change(database, platform.common.organisations, asked)
        return done

    return operate


def with_trails(look: Any) -> Operation:
    """An operation on the trail of every service."""

    async def operate(platform: Embedded, asked: Mapping[str, Any], progress: Counted) -> Facts:
        found: Facts = await look(auditing.trails_of(platform), asked, progress)
        return found

    return operate


def watched(change: Any) -> Operation:
    """The same, for one that tells how far it is."""

    async def operate(platform: Embedded, asked: Mapping[str, Any], progress: Counted) -> Facts:
        database = platform.running["mediation"].database
        done: Facts = await change(database, platform.common.organisations, asked, progress)
        return done

    return operate


OPERATIONS: dict[str, Operation] = {
    "status": status,
    "replay": again,
    "rebuild": rebuild,
    "demo": demo,
    "demo-remove": remove_demo,
    "keys": keys.show,
    "keys-rotate": keys.rotate,
    **{name: on_mediation(change) for name, change in accounts.OPERATIONS.items()},
    **{name: on_mediation(change) for name, change in people.OPERATIONS.items()},
    **{name: on_mediation(change) for name, change in calendar.OPERATIONS.items()},
    **{name: watched(change) for name, change in spreadsheets.WATCHED.items()},
    **privacy.OPERATIONS,
    **{name: with_trails(look) for name, look in auditing.OPERATIONS.items()},
}
