"""The search: candidates by their tokens, the newest first, opened and checked again."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, join, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.domain.tokens import holds, searchable, ways_asked
from services.mediation.tables import CaseRow, SearchTextRow
from services.mediation.use_cases.searching.generations import answering, generations
from services.mediation.use_cases.searching.stores import Span, Store, store_of
from services.mediation.use_cases.searching.texts import unseal
from shared.vault import Vault
from shared.work import table_of

TEXTS, CASES = table_of(SearchTextRow), table_of(CaseRow)
FEWEST, CHUNK = 100, 1100
"""Candidates that are fetched at once, at least and at most: a count up to 1,000 in one go."""
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
    """The cases that a blind index finds instead, by a phone or a full name."""
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
    search = Search(session, vault, asked, store_of(session, generation.place), ways, most)
    for span in search.store.spans(below):
        end = await search.walk(span)
        if end is not None:
            return Hits(search.found, end)
    return Hits(search.found, None)


@dataclass
class Search:
    """One search on its way through the numbers."""

    session: AsyncSession
    vault: Vault = field(repr=False)
    asked: Asked
    store: Store
    ways: Sequence[Sequence[int]] = field(repr=False)
    """The tokens of each way in which the words may be found."""
    most: int
    found: list[Hit] = field(default_factory=list)
    looked: int = 0

    async def walk(self, span: Span) -> int | None:
        """Look through a span; where it ended early, the number below which to go on."""
        while True:
            chunk = min(max(2 * (self.most - len(self.found)), FEWEST), CHUNK)
            rows = (await self.session.execute(self.candidates(span, chunk))).all()
            for row in rows:
                if row.text and self.is_hit(row):
                    self.found.append(Hit(row.number, row.case_id))
                    if len(self.found) == self.most:
                        return int(row.number)
            if len(rows) < chunk:
                return None
            span = replace(span, below=rows[-1].number)
            self.looked += len(rows)
            if self.looked >= MOST_LOOKED:
                return span.below

    def candidates(self, span: Span, most: int) -> Select[Any]:
        """The next ones by their tokens; with their texts where they are within reach."""
        near = self.store.found(self.ways, span, most)
        within = and_(CASES.c.id == TEXTS.c.case_id, *self.asked.where)
        texts = near.outerjoin(TEXTS, TEXTS.c.number == near.c.number).outerjoin(CASES, within)
        seen = case((CASES.c.id.is_not(None), TEXTS.c.text)).label("text")
        columns = select(near.c.number, TEXTS.c.case_id, seen).select_from(texts)
        return columns.order_by(near.c.number.desc())

    def is_hit(self, row: Any) -> bool:
        """Whether the words are there: tokens know neither places nor that they are alone."""
        one = unseal(self.vault, row.text, row.case_id)
        return holds(self.asked.words, one.text, one.whole)
