"""Fictitious complaints into the books of an installation, in bulk."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing import get_context
from typing import Any

from sqlalchemy import select

from deploy.demo.letters import Owed, letters_of, numbered, register_of
from deploy.demo.rows import CALLER, TABLES, Around, Rows, told
from deploy.demo.stories import stories
from services.intake.tables import ComplaintRow
from services.intake.use_cases.receiving import KEY_PURPOSE
from services.mediation.tables import StaffRow
from services.mediation.use_cases.calendar import the_calendar
from services.notification.tables import AttemptRow, LetterRow, SpokenRow
from services.notification.use_cases.owe import take_numbers
from shared.bodies import DEMO, Bodies
from shared.events import Event, encode, topic_of
from shared.messaging.bus import Message
from shared.work import Database

CHUNK = 500
WORTH_PROCESSES = 4 * CHUNK
"""From so many on, stories are told in several processes."""
PROCESSES = 2

Publish = Callable[[Sequence[Message]], Awaitable[None]]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Books:
    """Where the rows go, and how what was said is said."""

    intake: Database
    mediation: Database
    notification: Database
    publish: Publish
    bodies: Bodies


@dataclass(frozen=True)
class Chunk:
    """Some stories as rows, ready to be kept."""

    complaints: list[dict[str, Any]]
    case_rows: Rows
    owed: list[Owed]
    messages: list[Message] = field(repr=False)


async def load(
    books: Books, count: int, seed: int, until: datetime, progress: Progress = lambda _, __: None
) -> int:
    """Complaints 1 to `count` of a seed, those that are not there yet; returns how many."""
    around = await surroundings(books)
    wanted = await missing(books, count, seed)
    made = 0
    async for chunk in chunks(wanted, seed, until, around):
        await keep(books, chunk, around, until)
        made += len(chunk.complaints)
        progress(made, len(wanted))
        await asyncio.sleep(0)
    return made


async def surroundings(books: Books) -> Around:
    """The calendar in use and the demonstration's mediator."""
    vault, now = books.mediation.vault, books.mediation.clock()
    at_work = select(StaffRow.id).where(StaffRow.body == DEMO.code, StaffRow.ended_at.is_(None))
    async with books.mediation.reading() as session:
        calendar = await the_calendar(session, now)
        mediator = await session.scalar(at_work.order_by(StaffRow.id).limit(1))
    return Around(vault, calendar, books.bodies, mediator)


async def missing(books: Books, count: int, seed: int) -> list[int]:
    """The indexes of the stories that nobody has loaded yet."""
    vault = books.intake.vault
    keys = {vault.mac(KEY_PURPOSE, f"{seed}/{n}".encode()): n for n in range(count)}
    known = select(ComplaintRow.key_hash).where(ComplaintRow.caller == CALLER)
    async with books.intake.reading() as session:
        for key in await session.scalars(known):
            keys.pop(bytes(key or b""), None)
    return list(keys.values())


async def chunks(
    wanted: Sequence[int], seed: int, until: datetime, around: Around
) -> AsyncIterator[Chunk]:
    """The stories as rows, in order; large numbers are told by several processes at once."""
    parts = [wanted[at : at + CHUNK] for at in range(0, len(wanted), CHUNK)]
    with executor(len(wanted)) as pool:
        loop = asyncio.get_running_loop()
        running = [
            loop.run_in_executor(pool, chunk_of, part, seed, until, around.bare())
            for part in parts[: PROCESSES + 1]
        ]
        for part in [*parts[PROCESSES + 1 :], *([None] * len(running))]:
            yield await running.pop(0)
            if part is not None:
                made = loop.run_in_executor(pool, chunk_of, part, seed, until, around.bare())
                running.append(made)


def executor(count: int) -> Any:
    """Processes where they are worth it, else a thread."""
    if count < WORTH_PROCESSES:
        return nullcontext()
    return ProcessPoolExecutor(PROCESSES, get_context("spawn"))


def chunk_of(indexes: Sequence[int], seed: int, until: datetime, around: Around) -> Chunk:
    """Tell these stories."""
    chunk = Chunk([], {}, [], [])
    for index in indexes:
        [story] = stories(index + 1, seed, until, index)
        one = told(story, around)
        chunk.complaints.append(one.complaint)
        for table, rows in one.case.rows.items():
            chunk.case_rows.setdefault(table, []).extend(rows)
        if one.forwarded:
            chunk.owed.append(Owed(one.received.number, one.document, one.forwarded))
        chunk.messages.extend(map(message, [one.received, *one.case.events]))
    return chunk


def message(event: Event) -> Message:
    return Message(event.id, topic_of(type(event)), str(event.complaint_id), encode(event))


async def keep(books: Books, chunk: Chunk, around: Around, until: datetime) -> None:
    """Write one chunk. The complaints come last: they tell that the rest is there.

    What was said is said before that, so that whoever hears of a complaint finds its case.
    """
    async with books.mediation.work() as work:
        for table in TABLES:
            await work.insert(table, chunk.case_rows.get(table, []))
    spoken = await keep_letters(books, chunk, around, until)
    await books.publish([*chunk.messages, *spoken])
    async with books.intake.work() as work:
        await work.insert(ComplaintRow, chunk.complaints)


async def keep_letters(
    books: Books, chunk: Chunk, around: Around, until: datetime
) -> list[Message]:
    """The letters with their numbers, in the order they were owed; what was said about them."""
    wanted = Counter(register_of(event) for one in chunk.owed for event in one.forwarded)
    async with books.notification.work() as work:
        numbers = numbered(chunk.owed, await take_numbers(work, wanted))
        made = [letters_of(one, numbers, around, until) for one in chunk.owed]
        for table in (LetterRow, AttemptRow, SpokenRow):
            await work.insert(table, [row for one in made for row in one.rows.get(table, [])])
    return [message(event) for one in made for event in one.events]
