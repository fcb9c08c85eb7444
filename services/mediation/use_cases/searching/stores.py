"""Tables of tokens, one for each generation of keys, on both databases.

PostgreSQL: an array of integers with a GIN index. SQLite: FTS5 with `detail=none`, whose words are
the tokens in hexadecimal. Neither knows where in a text a token stood, nor how often.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import BigInteger, Subquery, TextClause, column, text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.bulk import is_postgres

STRETCH = 14
"""On PostgreSQL each row has one more token for its stretch of 2^14 numbers: below zero, no secret.
With it the newest stretch alone is asked, so that a word that stands everywhere is found at once
and the planner of queries never has to guess how common a word is."""
GROWTH = 4
WIDEST = 16
"""Stretches are asked one, then four, then sixteen at a time; then all the rest."""

Tokens = Mapping[int, Sequence[int]]
"""The tokens of texts, by number."""
Ways = Sequence[Sequence[int]]
"""Tokens that are asked for: all those of one way, or all those of another."""


@dataclass(frozen=True)
class Span:
    """Which numbers are asked at once: those below `below`, in these stretches (none: all)."""

    below: int
    stretches: tuple[int, ...] = ()


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

    def spans(self, below: int) -> Iterator[Span]:
        """All numbers below this one, the newest first."""

    def found(self, ways: Ways, span: Span, most: int) -> Subquery:
        """The numbers of the newest texts of a span that have all the tokens of one of the ways."""


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
            {"number": number, "tokens": as_array([stretch_of(number), *them])}
            for number, them in sorted(tokens.items())
        ]
        if rows:
            await session.execute(statement, rows)

    async def remove(self, session: AsyncSession, numbers: Sequence[int]) -> None:
        statement = f"DELETE FROM {self.name} WHERE number = ANY(CAST(:numbers AS bigint[]))"  # noqa: S608 - our own name
        await session.execute(text(statement), {"numbers": list(numbers)})

    def spans(self, below: int) -> Iterator[Span]:
        last, width = (below - 1) >> STRETCH, 1
        while width <= WIDEST and last > 0:
            first = max(last - width + 1, 0)
            yield Span(below, tuple(-1 - one for one in range(first, last + 1)))
            below, last, width = first << STRETCH, first - 1, width * GROWTH
        if last >= 0:
            yield Span(below)

    def found(self, ways: Ways, span: Span, most: int) -> Subquery:
        """Counted out before it is sorted, so that the index is used whatever is estimated."""
        within = " AND tokens && CAST(:stretches AS integer[])" if span.stretches else ""
        having = " OR ".join(
            f"(tokens @> CAST(:way_{at} AS integer[]){within})" for at in range(len(ways))
        )
        statement = text(
            f"WITH hits AS MATERIALIZED (SELECT number FROM {self.name}"  # noqa: S608 - our own name
            f" WHERE ({having}) AND number < :below)"
            " SELECT number FROM hits ORDER BY number DESC LIMIT :most"
        )
        asked: dict[str, object] = {f"way_{at}": list(one) for at, one in enumerate(ways)}
        stretches = {"stretches": list(span.stretches)} if span.stretches else {}
        return numbers(statement.bindparams(**asked, **stretches, below=span.below, most=most))


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

    def spans(self, below: int) -> Iterator[Span]:
        yield Span(below)

    def found(self, ways: Ways, span: Span, most: int) -> Subquery:
        statement = text(
            f"SELECT rowid AS number FROM {self.name} WHERE {self.name} MATCH :tokens"  # noqa: S608 - our own name
            " AND rowid < :below ORDER BY rowid DESC LIMIT :most"
        )
        asked = " OR ".join(f"({' AND '.join(map(in_hex, one))})" for one in ways)
        return numbers(statement.bindparams(tokens=asked, below=span.below, most=most))


def stretch_of(number: int) -> int:
    """The token of the stretch that a number is in."""
    return -1 - (number >> STRETCH)


def as_array(tokens: Sequence[int]) -> str:
    """Tokens as PostgreSQL reads an array."""
    return "{" + ",".join(map(str, tokens)) + "}"


def in_hex(token: int) -> str:
    """A token as a word of six characters."""
    return f"{token:06x}"


def numbers(statement: TextClause) -> Subquery:
    """A statement's one column, to be joined."""
    return statement.columns(column("number", BigInteger)).subquery("found")
