"""Tables of tokens, one for each generation of keys, on both databases.

PostgreSQL: an array of integers with a GIN index. SQLite: FTS5 with `detail=none`, whose words are
the tokens in hexadecimal. Neither knows where in a text a token stood, nor how often.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    TextClause,
    TextualSelect,
    any_,
    column,
    literal,
    text,
)
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.use_cases.searching import spans
from services.mediation.use_cases.searching.spans import Span
from shared.bulk import is_postgres

Tokens = Mapping[int, Sequence[int]]
"""The tokens of texts, by number."""
Ways = Sequence[Sequence[int]]
"""Tokens that are asked for: all those of one way, or all those of another."""
Numbers = TextualSelect
"""A statement for numbers of texts."""


class Store(Protocol):
    """The table of one generation."""

    async def make(self, session: AsyncSession) -> None:
        """Make it, empty."""

    async def drop(self, session: AsyncSession) -> None:
        """Drop it, if it is there."""

    async def put(self, session: AsyncSession, tokens: Tokens) -> None:
        """Keep the tokens of these texts in place of what was there."""

    async def remove(self, session: AsyncSession, numbers: Sequence[int]) -> None:
        """Forget the tokens of these texts."""

    def first(self, below: int) -> Span:
        """The newest numbers below one."""

    def following(self, span: Span, share: float, wanted: int) -> Span | None:
        """Those below a span, so many that about so many are found among them; None at the end.

        `share` of the numbers so far was found.
        """

    def found(self, ways: Ways, span: Span, most: int) -> Numbers:
        """The numbers of the newest texts of a span that have all the tokens of one of the ways."""

    def among(self, column: ColumnElement[int], numbers: Sequence[int]) -> ColumnElement[bool]:
        """Whether a column has one of these numbers."""


def store_of(session: AsyncSession, place: int) -> Store:
    """The table at a place."""
    name = f"search_tokens_{int(place)}"
    return OnPostgres(name) if is_postgres(session) else OnSqlite(name)


@dataclass(frozen=True)
class OnPostgres:
    """Integers in an array.

    New rows wait in the index's list (`fastupdate`) and are sorted in together: nobody waits for
    the step that writes them, and a search reads that list of at most 4 MiB besides the index.
    """

    name: str

    async def make(self, session: AsyncSession) -> None:
        for statement in (
            f"CREATE TABLE {self.name} (number bigint PRIMARY KEY, tokens integer[] NOT NULL)",
            f"CREATE INDEX {self.name}_found ON {self.name} USING gin (tokens)",
        ):
            await session.execute(text(statement))

    async def drop(self, session: AsyncSession) -> None:
        await session.execute(text(f"DROP TABLE IF EXISTS {self.name}"))

    async def put(self, session: AsyncSession, tokens: Tokens) -> None:
        await self.remove(session, list(tokens))
        given = "CAST(CAST(:tokens AS text) AS integer[])"  # the driver takes long to pack arrays
        statement = text(f"INSERT INTO {self.name} VALUES (:number, {given})")  # noqa: S608 - our own name
        rows = [
            {"number": number, "tokens": as_array([spans.stretch_of(number), *them])}
            for number, them in sorted(tokens.items())
        ]
        if rows:
            await session.execute(statement, rows)

    async def remove(self, session: AsyncSession, numbers: Sequence[int]) -> None:
        statement = f"DELETE FROM {self.name} WHERE number = ANY(CAST(:numbers AS bigint[]))"  # noqa: S608 - our own name
        await session.execute(text(statement), {"numbers": list(numbers)})

    def first(self, below: int) -> Span:
        return spans.newest(below)

    def following(self, span: Span, share: float, wanted: int) -> Span | None:
        return spans.following(span, share, wanted)

    def found(self, ways: Ways, span: Span, most: int) -> Numbers:
        """Counted out before it is sorted, so that the index is used whatever is estimated.

        Which numbers are too high is asked of what was found: asked in one go, PostgreSQL looks all
        lower numbers up in the other index, too (of a million texts for 50 ms).
        """
        within = " AND tokens && CAST(:stretches AS integer[])" if span.stretches else ""
        having = " OR ".join(
            f"(tokens @> CAST(:way_{at} AS integer[]){within})" for at in range(len(ways))
        )
        statement = text(
            f"WITH hits AS MATERIALIZED (SELECT number FROM {self.name}"  # noqa: S608 - our own name
            f" WHERE {having})"
            " SELECT number FROM hits WHERE number < :below ORDER BY number DESC LIMIT :most"
        )
        asked: dict[str, object] = {f"way_{at}": list(one) for at, one in enumerate(ways)}
        stretches = {"stretches": list(span.stretches)} if span.stretches else {}
        return numbers(statement.bindparams(**asked, **stretches, below=span.below, most=most))

    def among(self, column: ColumnElement[int], numbers: Sequence[int]) -> ColumnElement[bool]:
        """One array: the same statement for any number of them."""
        return column == any_(literal(list(numbers), ARRAY(BigInteger)))


@dataclass(frozen=True)
class OnSqlite:
    """Words of a full-text table, which is read from its newest row backwards as it is."""

    name: str

    async def make(self, session: AsyncSession) -> None:
        made = f"CREATE VIRTUAL TABLE {self.name} USING fts5(tokens, detail=none, columnsize=0)"
        await session.execute(text(made))

    async def drop(self, session: AsyncSession) -> None:
        await session.execute(text(f"DROP TABLE IF EXISTS {self.name}"))

    async def put(self, session: AsyncSession, tokens: Tokens) -> None:
        await self.remove(session, list(tokens))
        statement = text(f"INSERT INTO {self.name} (rowid, tokens) VALUES (:number, :tokens)")  # noqa: S608 - our own name
        rows = [
            {"number": number, "tokens": " ".join(map(in_hex, them))}
            for number, them in sorted(tokens.items())
        ]
        if rows:
            await session.execute(statement, rows)

    async def remove(self, session: AsyncSession, numbers: Sequence[int]) -> None:
        statement = text(f"DELETE FROM {self.name} WHERE rowid = :number")  # noqa: S608 - our own name
        if numbers:
            await session.execute(statement, [{"number": one} for one in numbers])

    def first(self, below: int) -> Span:
        return Span(below)

    def following(self, span: Span, share: float, wanted: int) -> Span | None:
        return None

    def found(self, ways: Ways, span: Span, most: int) -> Numbers:
        statement = text(
            f"SELECT rowid AS number FROM {self.name} WHERE {self.name} MATCH :tokens"  # noqa: S608 - our own name
            " AND rowid < :below ORDER BY rowid DESC LIMIT :most"
        )
        asked = " OR ".join(f"({' AND '.join(map(in_hex, one))})" for one in ways)
        return numbers(statement.bindparams(tokens=asked, below=span.below, most=most))

    def among(self, column: ColumnElement[int], numbers: Sequence[int]) -> ColumnElement[bool]:
        return column.in_(numbers)


def as_array(tokens: Sequence[int]) -> str:
    """Tokens as PostgreSQL reads an array."""
    return "{" + ",".join(map(str, tokens)) + "}"


def in_hex(token: int) -> str:
    """A token as a word of six characters."""
    return f"{token:06x}"


def numbers(statement: TextClause) -> Numbers:
    """A statement whose one column are numbers."""
    return statement.columns(column("number", BigInteger))
