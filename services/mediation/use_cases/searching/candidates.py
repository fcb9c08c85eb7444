"""The texts that have the tokens of a search, the newest first, some at a time."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, and_, case, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.tables import CaseRow, SearchTextRow
from services.mediation.use_cases.searching.spans import Span
from services.mediation.use_cases.searching.stores import Store
from shared.work import table_of

TEXTS, CASES = table_of(SearchTextRow), table_of(CaseRow)
FEWEST, CHUNK = 100, 1100
"""Numbers that are fetched at once, at least and at most: a count up to 1,000 in one go."""
BATCH = 250
"""Texts that are fetched at once: while these are opened, the database looks for the next."""


class Batch(NamedTuple):
    """Some candidates."""

    numbers: Sequence[int]
    """Never none, falling."""
    rows: Sequence[Row[Any]]
    """Those of them that are still there: number, case_id, text (None where out of reach)."""


@dataclass
class Candidates:
    """All candidates below a number, the newest first."""

    session: AsyncSession
    store: Store
    ways: Sequence[Sequence[int]] = field(repr=False)
    """The tokens of each way in which the words may be found."""
    where: Sequence[ColumnElement[bool]] = field(repr=False)
    """Which cases are within reach."""
    below: int
    most: int
    """So many hits are wanted."""
    span: Span | None = field(init=False)
    looked_up: int = 0
    waiting: list[int] = field(default_factory=list)
    """Numbers whose texts were not fetched yet."""

    def __post_init__(self) -> None:
        self.span = self.store.first(self.below)

    async def next(self) -> Batch | None:
        """The next of them; None where there are no more."""
        chunk = min(max(2 * self.most, FEWEST), CHUNK)
        size = min(chunk, BATCH)
        while self.span is not None and len(self.waiting) < size:
            await self.look_up(self.span, chunk)
        numbers, self.waiting = self.waiting[:size], self.waiting[size:]
        return Batch(numbers, await self.texts(numbers)) if numbers else None

    async def look_up(self, span: Span, chunk: int) -> None:
        """Let the next numbers of a span wait for their texts."""
        numbers = (await self.session.scalars(self.store.found(self.ways, span, chunk))).all()
        self.waiting += numbers
        self.looked_up += len(numbers)
        if len(numbers) < chunk:
            self.span = self.store.following(span, *self.outlook(span))
        elif span.stretches:
            self.span = replace(span, below=numbers[-1])
        else:  # more than expected: not all of it once more
            self.span = self.store.first(numbers[-1])

    def outlook(self, span: Span) -> tuple[float, int]:
        """Which share of the numbers was found down to the end of a span; how many are missing.

        Where there should have been enough, but these were out of reach: as many again.
        """
        share = (self.looked_up + 1) / (self.below - span.least)
        return share, self.most - self.looked_up if self.looked_up < self.most else self.most

    async def texts(self, numbers: Sequence[int]) -> Sequence[Row[Any]]:
        """What is checked of these."""
        within = and_(CASES.c.id == TEXTS.c.case_id, *self.where)
        seen = case((CASES.c.id.is_not(None), TEXTS.c.text)).label("text")
        columns: Select[Any] = select(TEXTS.c.number, TEXTS.c.case_id, seen)
        these = columns.select_from(TEXTS.outerjoin(CASES, within))
        wanted = these.where(self.store.among(TEXTS.c.number, numbers))
        answer = await self.session.execute(wanted.order_by(TEXTS.c.number.desc()))
        rows: Sequence[Row[Any]] = answer.all()
        return rows
