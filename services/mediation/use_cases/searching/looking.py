"""The search: candidates by their tokens, the newest first, opened and checked again."""

from asyncio import create_task, gather, sleep
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, join, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.domain.tokens import holds, searchable, ways_asked
from services.mediation.tables import SearchTextRow
from services.mediation.use_cases.searching.candidates import CASES, TEXTS, Candidates
from services.mediation.use_cases.searching.generations import answering, generations
from services.mediation.use_cases.searching.stores import store_of
from services.mediation.use_cases.searching.texts import unseal
from shared.vault import Vault

MOST_KNOWN = 5_000
"""Cases that a blind index is asked for; a party with more is found by its tokens, too."""
MOST_LOOKED = 20_000
"""Candidates that one page looks at: it may then be short, and still go on."""


@dataclass(frozen=True)
class Asked:
    """What is looked for."""

    words: Sequence[str] = field(repr=False)
    """In normal form; all of them must be there."""
    known: Select[UUID] = field(repr=False)
    """The cases that a blind index finds instead, by a phone, an ID number or a full name."""
    where: Sequence[ColumnElement[bool]] = field(repr=False)
    """Which cases the person may see and wants, whatever the words are."""


class Hit(NamedTuple):
    """A case that was found."""

    number: int
    """Of its text: the newer, the higher."""
    case_id: UUID


@dataclass(frozen=True)
class Hits:
    """Some of what was found, the newest first."""

    found: Sequence[Hit]
    below: int | None
    """There may be more with a number below this one; None: there is not."""


async def look(
    session: AsyncSession, vault: Vault, asked: Asked, below: int | None, most: int
) -> Hits:
    """The newest hits, those below a number if one is given."""
    if below is None:
        below = (await session.scalar(select(func.max(SearchTextRow.number))) or 0) + 1
    worded = await by_words(session, vault, asked, below, most + 1)
    known = await session.execute(known_by_index(asked, below, most + 1))
    exact = [
        one
        for one in (Hit(row.number, row.case_id) for row in known)
        if one.number >= (worded.below or 0)
    ]
    merged = sorted({*worded.found, *exact}, reverse=True)
    if len(merged) > most:
        return Hits(merged[:most], merged[most - 1].number)
    return Hits(merged, worded.below)


def known_by_index(asked: Asked, below: int, most: int) -> Select[int, UUID]:
    """Those that a blind index finds: looked up before anything else, whatever is estimated."""
    case_id = asked.known.selected_columns[0]
    newest = asked.known.order_by(case_id.desc()).limit(MOST_KNOWN)
    known = newest.cte("known").prefix_with("MATERIALIZED")
    texts = join(known, TEXTS, TEXTS.c.case_id == known.c.case_id)
    cases = join(texts, CASES, CASES.c.id == TEXTS.c.case_id)
    wanted = select(TEXTS.c.number, TEXTS.c.case_id).select_from(cases)
    within = wanted.where(*asked.where, TEXTS.c.number < below)
    return within.distinct().order_by(TEXTS.c.number.desc()).limit(most)


async def by_words(
    session: AsyncSession, vault: Vault, asked: Asked, below: int, most: int
) -> Hits:
    """Those whose opened text holds all the words."""
    generation = answering(await generations(session), vault)
    ways = ways_asked(generation.key(vault), searchable(asked.words)) if generation else []
    if generation is None or not ways:
        return Hits((), None)
    store = store_of(session, generation.place)
    search = Search(vault, asked, Candidates(session, store, ways, asked.where, below, most), most)
    end = await search.run()
    return Hits(search.found, end)


@dataclass
class Search:
    """One search on its way through the candidates."""

    vault: Vault = field(repr=False)
    asked: Asked
    candidates: Candidates
    most: int
    found: list[Hit] = field(default_factory=list)
    looked: int = 0

    async def run(self) -> int | None:
        """Open the candidates; where it ended early, the number below which to go on.

        While some are opened here, the database already looks for the next: only where these cannot
        be enough, so that nothing is looked for in vain.
        """
        coming = create_task(self.candidates.next())
        try:
            while (batch := await coming) is not None:
                self.looked += len(batch.numbers)
                tired = self.looked >= MOST_LOOKED
                goes_on = not tired and len(self.found) + len(batch.rows) < self.most
                if goes_on:
                    coming = create_task(self.candidates.next())
                    await sleep(0)  # now the question is under way
                end = self.open(batch.rows) or (batch.numbers[-1] if tired else None)
                if end is not None:
                    return end
                if not goes_on:
                    coming = create_task(self.candidates.next())
        finally:  # no question outlives the search, whatever it ended with
            coming.cancel()
            await gather(coming, return_exceptions=True)
        return None

    def open(self, rows: Sequence[Row[Any]]) -> int | None:
        """Keep the hits among these; as soon as there are enough, the number of the last one."""
        for row in rows:
            if row.text and self.is_hit(row):
                self.found.append(Hit(row.number, row.case_id))
                if len(self.found) == self.most:
                    return int(row.number)
        return None

    def is_hit(self, row: Row[Any]) -> bool:
        """Whether the words are there: tokens know neither places nor that they are alone."""
        one = unseal(self.vault, row.text, row.case_id)
        return holds(self.asked.words, one.text, one.whole)
