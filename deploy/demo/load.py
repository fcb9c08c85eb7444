"""Fictitious complaints into the books of an installation, in bulk."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import nullcontext
from datetime import datetime
from multiprocessing import get_context
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from deploy.demo.around import Around
from deploy.demo.identity import Telling
from deploy.demo.keep import Books, keep
from deploy.demo.received import CALLER
from deploy.demo.rows import Told, told
from deploy.demo.stories import story
from services.intake.tables import ComplaintRow
from services.intake.use_cases.receiving import KEY_PURPOSE
from services.mediation.tables import StaffRow
from services.mediation.use_cases.calendar import calendar_for
from shared.bodies import DEMO
from shared.messaging.tables import InboxRow
from shared.vault import Vault
from shared.work import Database

CHUNK = 1000
WORTH_PROCESSES = 2 * CHUNK
"""From so many on, stories are told in several processes."""
PROCESSES = 2
TOLD_PURPOSE = "demo-told"

Progress = Callable[[int, int], None]


async def load(
    books: Books, count: int, seed: int, now: datetime, progress: Progress = lambda _, __: None
) -> int:
    """Complaints 1 to `count` of a seed, those that are not there yet; returns how many."""
    telling = await telling_of(books.intake, seed, now)
    around = await surroundings(books)
    made = done = 0
    async for chunk, size in chunks(books.intake, count, telling, around):
        await keep(books, chunk, around, telling.until)
        made, done = made + len(chunk), done + size
        progress(done, count)
        await asyncio.sleep(0)
    return made


async def telling_of(intake: Database, seed: int, now: datetime) -> Telling:
    """The seed with the instant at which it was first told here, which may be now.

    Intake's inbox keeps that instant, under an id that no event has: who goes on with a seed,
    after an interruption or to tell more of it, tells the same stories.
    """
    mark = mark_of(intake.vault, seed)
    async with intake.work() as work:
        await work.insert_new(InboxRow, [{"event_id": mark, "handled_at": now}], ["event_id"])
        first = select(InboxRow.handled_at).where(InboxRow.event_id == mark)
        until = (await work.session.scalars(first)).one()
    return Telling(seed, until)


def mark_of(vault: Vault, seed: int) -> UUID:
    """Under which id the first telling of a seed is noted."""
    return UUID(bytes=vault.mac(TOLD_PURPOSE, b"")[:8] + vault.mac(TOLD_PURPOSE, b"%d" % seed)[:8])


async def forget_tellings(intake: Database) -> None:
    """Every seed is told anew from now on, and everybody in it is somebody else."""
    own = intake.vault.mac(TOLD_PURPOSE, b"")[:8]
    first, last = (UUID(bytes=own + end * 8) for end in (b"\0", b"\xff"))
    async with intake.work() as work:
        await work.session.execute(delete(InboxRow).where(InboxRow.event_id.between(first, last)))


async def surroundings(books: Books) -> Around:
    """The calendar in use and the demonstration's mediator."""
    vault, now = books.mediation.vault, books.mediation.clock()
    at_work = select(StaffRow.id).where(StaffRow.body == DEMO.code, StaffRow.ended_at.is_(None))
    calendar = await calendar_for(books.mediation, now)
    async with books.mediation.reading() as session:
        mediator = await session.scalar(at_work.order_by(StaffRow.id).limit(1))
    return Around(vault, calendar, books.bodies, mediator)


async def missing(intake: Database, telling: Telling, indexes: Sequence[int]) -> list[int]:
    """Those of these stories that are not wholly there yet."""
    vault = intake.vault
    keys = {vault.mac(KEY_PURPOSE, telling.key(one).encode()): one for one in indexes}
    known = select(ComplaintRow.key_hash).where(
        ComplaintRow.caller == CALLER, ComplaintRow.key_hash.in_(list(keys))
    )
    async with intake.reading() as session:
        for key in await session.scalars(known):
            keys.pop(bytes(key or b""), None)
    return list(keys.values())


async def chunks(
    intake: Database, count: int, telling: Telling, around: Around
) -> AsyncIterator[tuple[list[Told], int]]:
    """The missing stories in order, and how many of all they stand for.

    Large numbers are told by several processes at once.
    """
    parts = [range(at, min(at + CHUNK, count)) for at in range(0, count, CHUNK)]
    with executor(count) as pool:
        running: list[tuple[asyncio.Future[list[Told]], int]] = []
        for part in parts:
            wanted = await missing(intake, telling, part)
            running.append((start(pool, wanted, telling, around), len(part)))
            if len(running) > PROCESSES:
                future, size = running.pop(0)
                yield await future, size
        for future, size in running:
            yield await future, size


def start(
    pool: Executor | None, wanted: Sequence[int], telling: Telling, around: Around
) -> "asyncio.Future[list[Told]]":
    loop = asyncio.get_running_loop()
    return loop.run_in_executor(pool, tell, wanted, telling, around.bare() if pool else around)


def executor(count: int) -> Any:
    """Processes where they are worth it, else a thread."""
    if count < WORTH_PROCESSES:
        return nullcontext()
    return ProcessPoolExecutor(PROCESSES, get_context("spawn"))


def tell(indexes: Sequence[int], telling: Telling, around: Around) -> list[Told]:
    """Tell these stories."""
    return [told(story(telling.seed, one, telling.until), telling, around) for one in indexes]
