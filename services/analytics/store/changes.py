"""What may be done to the facts file; each function is one transaction."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple, TypeVar

from duckdb import DuckDBPyConnection as Connection

from services.analytics.domain.columns import COMPLAINTS, LETTERS, UNITS
from services.analytics.domain.facts import Told, fold
from services.analytics.domain.registers import Row, Table
from services.analytics.store import schema
from shared.messaging.bus import Positions

Answer = TypeVar("Answer")
statement_of = lru_cache(maxsize=1024)(schema.merge)


class About(NamedTuple):
    """Which generation of facts is read, and which one is written."""

    shown: str
    filled: str

    @property
    def anew(self) -> bool:
        """Whether facts are being told anew."""
        return self.shown != self.filled


def in_a_transaction(connection: Connection, change: Callable[[Connection], Answer]) -> Answer:
    """Commit on success, roll back on any error."""
    connection.begin()
    try:
        answer = change(connection)
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    return answer


def about(connection: Connection) -> About:
    """Which generations there are."""
    [row] = connection.execute("SELECT shown, filled FROM about").fetchall()
    return About(*row)


def take(connection: Connection, positions: Positions, told: Sequence[Told]) -> None:
    """Merge what these events state, and move the positions."""
    shelf = about(connection).filled
    facts = fold(told)
    merge(connection, shelf, COMPLAINTS, list(facts.complaints.values()))
    merge(connection, shelf, LETTERS, list(facts.letters.values()))
    merge(connection, shelf, UNITS, list(facts.units.values()))
    newest = max((event.facts["occurred_at"] for event in told), default=None)
    if newest is not None:
        note_newest(connection, shelf, newest)
    if positions:
        moved = f"INSERT OR REPLACE INTO {shelf}.positions FROM json_each(?) SELECT key, value"
        connection.execute(moved, [json.dumps(dict(positions))])


def merge(connection: Connection, shelf: str, table: Table, rows: Sequence[Row]) -> None:
    """Merge rows into a table in one statement."""
    if rows:
        touched = schema.touched(table, rows)
        batch = schema.as_json(table, touched, rows)
        connection.execute(statement_of(shelf, table, touched), {"batch": batch})


def note_newest(connection: Connection, shelf: str, instant: datetime) -> None:
    """Note the instant of the newest event."""
    noted = f"UPDATE {shelf}.progress SET newest = greatest(newest, ?)"  # noqa: S608 - our own name
    connection.execute(noted, [schema.in_utc(instant)])


def positions(connection: Connection) -> dict[str, int]:
    """Where to read on."""
    shelf = about(connection).filled
    return dict(connection.execute(f"FROM {shelf}.positions SELECT stream, next").fetchall())


def start_anew(connection: Connection) -> None:
    """Make an empty generation and write into that one from now on."""
    shown = about(connection).shown
    [other] = (name for name in schema.SHELVES if name != shown)
    for statement in [f"DROP SCHEMA IF EXISTS {other} CASCADE", *schema.shelf(other)]:
        connection.execute(statement)
    connection.execute("UPDATE about SET filled = ?", [other])


def show_new(connection: Connection) -> None:
    """Show the generation that was written, and drop the one before."""
    shown, filled = about(connection)
    if shown != filled:
        for statement in [*schema.show(filled), f"DROP SCHEMA {shown} CASCADE"]:
            connection.execute(statement)
        connection.execute("UPDATE about SET shown = filled")
