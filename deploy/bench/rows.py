"""The rows that intake writes for one complaint, as a pgbench script."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

SHORTEST = 9
"""Characters; unique texts below this are codes that stay, like the caller's."""
COLUMNS = """
    SELECT a.attname AS name, a.attidentity <> '' AS counted, EXISTS (
        SELECT FROM pg_index i WHERE i.indrelid = a.attrelid AND i.indisunique
        AND a.attnum = ANY(i.indkey)) AS is_unique
    FROM pg_attribute a
    WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum"""


@dataclass(frozen=True)
class Sample:
    """A table and one row of it that the application wrote."""

    table: str
    row: Mapping[str, Any]
    unique: frozenset[str] = frozenset()
    """Columns that are part of a unique key: each insert gets its own value."""


async def sample(connection: asyncpg.Connection, table: str, row: Mapping[str, Any]) -> Sample:
    """The row without what the database counts itself, and which columns must differ."""
    columns = await connection.fetch(COLUMNS, table)
    kept = {one["name"]: row[one["name"]] for one in columns if not one["counted"]}
    return Sample(table, kept, frozenset(one["name"] for one in columns if one["is_unique"]))


def script(samples: Sequence[Sample]) -> str:
    """One transaction that inserts a row of each, with the sizes of the samples."""
    return "\n".join(["BEGIN;", *map(insert, samples), "END;", ""])


def insert(one: Sample) -> str:
    """One INSERT. All of it is our own: no value comes from outside."""
    names = ", ".join(f'"{name}"' for name in one.row)
    values = ", ".join(
        fresh(value) if name in one.unique and value is not None else literal(value)
        for name, value in one.row.items()
    )
    return f'INSERT INTO "{one.table}" ({names}) VALUES ({values});'  # noqa: S608 - see above


def literal(value: Any) -> str:
    """A value as SQL."""
    match value:
        case None:
            return "NULL"
        case bool() | int() | float():
            return str(value)
        case bytes():
            return f"'\\x{value.hex()}'::bytea"
        case _:
            return text(str(value))


def text(value: str) -> str:
    """A string as SQL. A colon is written as its code: pgbench would look for a variable."""
    escaped = value.replace("\\", "\\\\").replace("'", "''").replace("\n", "\\n")
    return "E'" + escaped.replace(":", "\\x3a") + "'"


def fresh(value: Any) -> str:
    """An expression of the same type and size, another one each time."""
    match value:
        case UUID():
            return "gen_random_uuid()"
        case bytes():
            return chance(
                f"decode(repeat(md5(random()::text), {len(value) // 16 + 1}), 'hex')", value
            )
        case str() if len(value) >= SHORTEST:
            return chance(f"repeat(md5(random()::text), {len(value) // 32 + 1})", value)
        case _:
            return literal(value)


def chance(expression: str, value: bytes | str) -> str:
    return f"substr({expression}, 1, {len(value)})"
