"""How texts get their tokens: some at a time, after the commit, with every generation of keys.

Texts are read and their tokens made outside the transaction that keeps them; that one looks again
and leaves out what was changed or erased meanwhile, so nobody has to wait while tokens are made.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Select, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.domain.tokens import tokens_for
from services.mediation.tables import SearchGenerationRow, SearchTextRow, SearchWantedRow
from services.mediation.use_cases.searching.generations import (
    Generation,
    fitting,
    generations,
    tend,
)
from services.mediation.use_cases.searching.stores import Tokens
from services.mediation.use_cases.searching.texts import BLANK, Searched, unseal
from shared.vault import Sealed, Vault
from shared.work import Database, Work

AT_ONCE = 100
"""Texts in one transaction: on SQLite whoever writes waits for it, some hundredths of a second."""


@dataclass(frozen=True)
class Text:
    """A text as it lay there when it was read."""

    number: int
    case_id: UUID
    sealed: Sealed | None = field(repr=False)


TEXT = select(SearchTextRow.number, SearchTextRow.case_id, SearchTextRow.text)
Texts = Select[int, UUID, Sealed | None]


async def index_texts(database: Database) -> int:
    """Give some texts their tokens; how much was done. A crash loses nothing: it is done again."""
    async with database.reading() as session:
        there = await generations(session)
        wanted = await read(session, wanted_first(AT_ONCE))
    if not fitting(there, database.vault):
        await asyncio.to_thread(database.vault.look)  # another process may have begun a new key
        async with database.work() as work:
            return int(await tend(work))
    if wanted:
        return await index_wanted(database, there, wanted)
    for one in there:
        if not one.complete:
            return await fill(database, one)
    return 0


def wanted_first(most: int) -> Texts:
    """Those that wait, the oldest first."""
    waiting = TEXT.join(SearchWantedRow, SearchWantedRow.number == SearchTextRow.number)
    return waiting.order_by(SearchWantedRow.number).limit(most)


async def read(session: AsyncSession, statement: Texts) -> list[Text]:
    rows = await session.execute(statement)
    return [Text(row.number, row.case_id, row.text) for row in rows]


async def index_wanted(
    database: Database, there: Sequence[Generation], wanted: Sequence[Text]
) -> int:
    """Keep the tokens of what waited, in every generation; it waits no more."""
    made = {one: await made_of(database.vault, one, wanted) for one in there}
    async with database.work(redone=True) as work:
        if await places(work.session) != {one.place for one in there}:
            return 1
        same = await unchanged(work, wanted)
        for one, tokens in made.items():
            kept = {number: tokens[number] for number in same}
            await one.store(work.session).put(work.session, kept)
        done = delete(SearchWantedRow).where(SearchWantedRow.number.in_(same))
        await work.session.execute(done, execution_options=BLANK)
    return len(wanted)


async def places(session: AsyncSession) -> set[int]:
    """The tables that are there now."""
    return set(await session.scalars(select(SearchGenerationRow.place)))


async def fill(database: Database, generation: Generation) -> int:
    """Keep tokens of some texts that a new table lacks; once it has all, it is complete."""
    next_ones = TEXT.where(SearchTextRow.number > generation.reached)
    async with database.reading() as session:
        texts = await read(session, next_ones.order_by(SearchTextRow.number).limit(AT_ONCE))
    tokens = await made_of(database.vault, generation, texts)
    async with database.work(redone=True) as work:
        if not await still_at(work, generation):
            return 1
        same = await unchanged(work, texts)
        await generation.store(work.session).put(
            work.session, {number: tokens[number] for number in same}
        )
        changed = [one.number for one in texts if one.number not in same]
        await note(work, generation, texts, changed)
    return max(len(texts), 1)


async def note(
    work: Work, generation: Generation, texts: Sequence[Text], changed: Sequence[int]
) -> None:
    """How far a table is filled; what was changed meanwhile waits like everything that changes."""
    there = TEXT.where(SearchTextRow.number.in_(changed))
    waiting = [
        {"number": one.number, "case_id": one.case_id, "since": work.now}
        for one in await read(work.session, there)
    ]
    await work.insert_new(SearchWantedRow, waiting, [SearchWantedRow.number])
    columns = {
        "reached": texts[-1].number if texts else generation.reached,
        "complete": len(texts) < AT_ONCE,
    }
    row = update(SearchGenerationRow).where(SearchGenerationRow.place == generation.place)
    await work.session.execute(row.values(columns), execution_options=BLANK)


async def still_at(work: Work, generation: Generation) -> bool:
    """Whether nobody else filled it meanwhile; nobody does until this transaction ends."""
    row = select(SearchGenerationRow.reached, SearchGenerationRow.complete)
    locked = row.where(SearchGenerationRow.place == generation.place).with_for_update()
    found = (await work.session.execute(locked)).one_or_none()
    return found is not None and tuple(found) == (generation.reached, generation.complete)


async def unchanged(work: Work, texts: Sequence[Text]) -> set[int]:
    """Which of these texts still are what they were, and stay so until this transaction ends."""
    numbers = [one.number for one in texts]
    locked = TEXT.where(SearchTextRow.number.in_(numbers)).with_for_update(skip_locked=True)
    now = {one.number: one for one in await read(work.session, locked)}
    return {one.number for one in texts if now.get(one.number) == one}


async def made_of(vault: Vault, generation: Generation, texts: Sequence[Text]) -> Tokens:
    """Their tokens in one generation, made in a thread: nothing else has to wait for it."""
    return await asyncio.to_thread(tokens_of, vault, generation.key(vault), texts)


def tokens_of(vault: Vault, key: bytes, texts: Sequence[Text]) -> Tokens:
    """The tokens of each text; of one that is not there yet, none."""
    found = {
        one.number: unseal(vault, one.sealed, one.case_id) if one.sealed else Searched()
        for one in texts
    }
    return {number: tokens_for(key, one.text.split(), one.whole) for number, one in found.items()}
