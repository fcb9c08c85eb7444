"""The tables of the facts file, and the statement that merges a batch into one of them.

Every name in these statements comes from `domain/columns.py` and from here, never from a caller.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from uuid import UUID

from pydantic_core import to_json

from services.analytics.domain.columns import COMPLAINTS, LETTERS, UNITS
from services.analytics.domain.registers import Register, Row, Table

NUMBER = 5
"""Counted up whenever tables, registers or their meaning change: the facts are then told anew."""

TYPES = {
    str: "VARCHAR",
    int: "BIGINT",
    bool: "BOOLEAN",
    date: "DATE",
    datetime: "TIMESTAMP",
    UUID: "UUID",
}
"""Instants are kept in UTC, legal days as they are."""

TABLES = (COMPLAINTS, LETTERS, UNITS)
SHELVES = ("one", "two")
"""Where a generation of facts lies. One is shown; while facts are told anew they fill the other."""

GIVEN = "FROM (VALUES ($batch::VARCHAR)) AS given(j)"
"""The batch as a column: as a constant it would be read while planning, which is twice as slow."""

ABOUT = "CREATE TABLE about (schema INTEGER, shown VARCHAR, filled VARCHAR)"


def shelf(name: str) -> list[str]:
    """Statements that make one empty generation."""
    tables = [f"CREATE TABLE {name}.{table.name} ({columns(table)})" for table in TABLES]
    positions = f"CREATE TABLE {name}.positions (stream VARCHAR PRIMARY KEY, next BIGINT NOT NULL)"
    progress = f"CREATE TABLE {name}.progress AS SELECT NULL::TIMESTAMP AS newest"
    return [f"CREATE SCHEMA {name}", positions, progress, *tables]


def show(name: str) -> list[str]:
    """Statements that make one generation the one that is read."""
    names = [*(table.name for table in TABLES), "progress"]
    return [f"CREATE OR REPLACE VIEW {one} AS FROM {name}.{one}" for one in names]


def columns(table: Table) -> str:
    """The columns of a table with their types, as SQL."""
    return ", ".join(f"{name} {TYPES[kind]}" for name, kind in table.columns.items())


def merge(shelf: str, table: Table, touched: Sequence[Register]) -> str:
    """One statement that merges a batch, given as one JSON parameter, into a table.

    There is no unique index, which would live in memory; one writer merges by the key. Only the
    registers that the batch states are written.
    """
    into = f"{shelf}.{table.name}"
    types = {name: TYPES[table.columns[name]] for name in written(table, touched)}
    batch = (
        f"SELECT unnest(from_json_strict(j, '{json.dumps([types])}'), recursive := true) {GIVEN}"
    )
    update = ", ".join(one for register in touched for one in updates(register))
    return (
        f"MERGE INTO {into} AS f USING ({batch}) AS n ON f.{table.key} = n.{table.key} "
        f"WHEN MATCHED THEN UPDATE SET {update} WHEN NOT MATCHED THEN INSERT BY NAME"
    )


def updates(register: Register) -> list[str]:
    """Take every column of the register from the batch where its version says so."""
    version = register.version
    knows = f"f.{version} IS NULL OR n.{version} {'<' if register.first else '>'} f.{version}"
    newer = f"n.{version} IS NOT NULL AND ({knows})"
    return [
        f"{name} = CASE WHEN {newer} THEN n.{name} ELSE f.{name} END"
        for name in (version, *register.columns)
    ]


def touched(table: Table, rows: Iterable[Row]) -> tuple[Register, ...]:
    """The registers that any of the rows states."""
    stated = {column for row in rows for column in row}
    return tuple(register for register in table.registers if register.version in stated)


def written(table: Table, touched: Sequence[Register]) -> list[str]:
    """The columns a batch writes."""
    stated = [name for one in touched for name in (one.version, *one.columns)]
    return [table.key, *table.fixed, *stated]


def as_json(table: Table, touched: Sequence[Register], rows: Iterable[Row]) -> str:
    """The batch as the statement wants it: every column in every row."""
    nothing = dict.fromkeys(written(table, touched))
    instants = [name for name in nothing if table.columns[name] is datetime]
    batch: list[Row] = [nothing | row for row in rows]
    for row in batch:
        for name in instants:
            if (instant := row[name]) is not None:
                row[name] = in_utc(instant)
    return to_json(batch).decode()


def in_utc(instant: datetime) -> datetime:
    """An instant as it is stored: in UTC, without a zone."""
    return instant.astimezone(UTC).replace(tzinfo=None)
