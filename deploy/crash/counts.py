"""What the databases say after all of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
from sqlalchemy import text

from shared.database import open_engine

Rows = Sequence[Sequence[Any]]

LETTERS = "SELECT case_id, serial, body, kind, year, number FROM letters"
FORWARDED = "SELECT id, serial FROM cases WHERE serial > 0"


@dataclass(frozen=True)
class Counts:
    """Ids are 32 hexadecimal digits, whatever the database."""

    complaints: tuple[str, ...]
    cases: tuple[str, ...]
    """The complaint of each case."""
    forwarded: frozenset[tuple[str, int]]
    """Case and how often it was forwarded."""
    letters: tuple[tuple[str, int], ...]
    numbers: Mapping[str, tuple[int, ...]]
    """The document numbers of each series, in order."""
    series: Mapping[str, int]
    """The last number each series says it gave."""
    outbox: int
    dead: int
    facts: tuple[str, ...] = field(default=())

    @property
    def gaps(self) -> int:
        """How many numbers are missing, doubled, or not what the counter says."""
        wrong = 0
        for name, given in self.numbers.items():
            wrong += len(set(range(1, self.series.get(name, 0) + 1)) ^ set(given))
            wrong += len(given) - len(set(given))
        return wrong

    @property
    def settled(self) -> bool:
        """Nothing is under way any more, as far as the databases can say."""
        letters = sum(serial for _, serial in self.forwarded)
        return (
            self.outbox == 0
            and len(self.cases) == len(self.complaints)
            and len(self.letters) == letters
        )


async def count(databases: Mapping[str, str]) -> Counts:
    """Ask the four databases. Raises what a database that is away raises."""
    rows = {name: await ask(url, *QUESTIONS[name], *COMMON) for name, url in databases.items()}
    letters = rows["notification"][0]
    return Counts(
        complaints=tuple(ident(row[0]) for row in rows["intake"][0]),
        cases=tuple(ident(row[0]) for row in rows["mediation"][0]),
        forwarded=frozenset((ident(row[0]), row[1]) for row in rows["mediation"][1]),
        letters=tuple((ident(row[0]), row[1]) for row in letters),
        numbers=numbers_of(letters),
        series={series_of(row[:3]): row[3] for row in rows["notification"][1]},
        outbox=sum(found[-2][0][0] for found in rows.values()),
        dead=sum(found[-1][0][0] for found in rows.values()),
    )


QUESTIONS: Mapping[str, Sequence[str]] = {
    "intake": ["SELECT id FROM complaints"],
    "mediation": ["SELECT complaint_id FROM cases", FORWARDED],
    "notification": [LETTERS, "SELECT body, kind, year, last FROM document_numbers"],
    "analytics": [],
}
COMMON = ("SELECT count(*) FROM outbox", "SELECT count(*) FROM dead_letters")


async def ask(url: str, *questions: str) -> list[Rows]:
    engine = open_engine(url)
    try:
        async with engine.connect() as connection:
            return [(await connection.execute(text(one))).all() for one in questions]
    finally:
        await engine.dispose()


def facts(file: Path) -> tuple[str, ...]:
    """The complaint of each row of the dashboard; the file must not be in use."""
    with duckdb.connect(str(file), read_only=True) as connection:
        rows = connection.execute("SELECT complaint_id FROM complaints").fetchall()
    return tuple(ident(row[0]) for row in rows)


def ident(value: object) -> str:
    return str(value).replace("-", "")


def series_of(row: Sequence[object]) -> str:
    return "/".join(str(part) for part in row)


def numbers_of(letters: Rows) -> dict[str, tuple[int, ...]]:
    named = sorted((series_of(row[2:5]), int(row[5])) for row in letters)
    grouped = groupby(named, key=lambda one: one[0])
    return {name: tuple(number for _, number in some) for name, some in grouped}
