"""Rows read by their keys, and rows changed only if they still are as seen: one round trip each.

On PostgreSQL they go straight through the driver; on SQLite they are ordinary work.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import Column, Table, select, union_all, update

from shared.bulk import PG, array, array_type, named, quoted
from shared.database import is_postgres
from shared.hot import SAID, Hot, placed
from shared.messaging.tables import OutboxRow
from shared.work import Work, table_of

OUTBOX = table_of(OutboxRow)
Row = dict[str, Any]
Rows = Mapping[type[Any], Sequence[Mapping[str, Any]]]


@dataclass(frozen=True)
class Change:
    """What one row becomes if its `version` still is `seen`; what is kept and said with it."""

    id: UUID
    seen: int
    columns: Mapping[str, Any]
    """All changes of one call name the same columns."""
    said: Mapping[str, Any]
    """The outbox row of the event."""
    kept: Rows = field(default_factory=dict)
    """Rows of other tables; each names the changed row in `owner`."""


async def found(
    hot: Hot, mapped: type[Any], keys: Mapping[str, Collection[Any]], names: Sequence[str]
) -> list[Row]:
    """These columns of the rows of which one of the key columns has one of its values.

    A row found by two keys comes twice.
    """
    table = table_of(mapped)
    asked = {name: list(values) for name, values in keys.items() if values}
    if not asked:
        return []
    if is_postgres(hot.database.engine):
        pool = await hot.pool()
        given = [
            array(table.c[name], [{name: v} for v in values]) for name, values in asked.items()
        ]
        answer = await pool.fetch(find_statement(table, tuple(asked), tuple(names)), *given)
        readers = [reader(table.c[name]) for name in names]
        return [
            {n: read(v) if read else v for n, read, v in zip(names, readers, row, strict=True)}
            for row in answer
        ]
    columns = [table.c[name] for name in names]
    parts = [select(*columns).where(table.c[name].in_(values)) for name, values in asked.items()]
    async with hot.database.reading() as session:
        rows = await session.execute(union_all(*parts) if len(parts) > 1 else parts[0])
        return [dict(zip(names, row, strict=True)) for row in rows]


async def change(hot: Hot, mapped: type[Any], changes: Sequence[Change], owner: str) -> set[UUID]:
    """Change what still is as seen, keep and say what belongs to it, in one transaction.

    The ids of what was changed. Of the others nothing is kept and nothing said.
    """
    if not changes:
        return set()
    if is_postgres(hot.database.engine):
        done = await _together(hot, table_of(mapped), changes, owner)
    else:
        async with hot.database.work() as work:
            done = {one.id for one in changes if await _one_by_one(work, mapped, one)}
    if done:
        hot.database.announced.ring()
    return done


async def _together(hot: Hot, table: Table, changes: Sequence[Change], owner: str) -> set[UUID]:
    """All in one statement; one after the other where others hold two of the rows crosswise.

    By id, so that this is seldom: two statements then take the same rows in the same order.
    """
    try:
        in_order = sorted(changes, key=lambda one: one.id)
        return await _in_one_statement(hot, table, in_order, owner)
    except asyncpg.DeadlockDetectedError:
        done = [await _in_one_statement(hot, table, [one], owner) for one in changes]
        return set().union(*done)


async def _one_by_one(work: Work, mapped: type[Any], one: Change) -> bool:
    table = table_of(mapped)
    still = (table.c.id == one.id, table.c.version == one.seen)
    statement = update(table).where(*still).values(one.columns).returning(table.c.id)
    if await work.session.scalar(statement) is None:
        return False
    for kind, rows in one.kept.items():
        await work.insert(kind, rows)
    work.announced.append(dict(one.said))
    return True


async def _in_one_statement(
    hot: Hot, table: Table, changes: Sequence[Change], owner: str
) -> set[UUID]:
    rows = [one.columns for one in changes]
    names = tuple(rows[0])
    values: list[Any] = [[one.id for one in changes], [one.seen for one in changes]]
    values += [array(table.c[name], rows) for name in names]
    kept: dict[Table, list[Mapping[str, Any]]] = {}
    for one in changes:
        for mapped, more in one.kept.items():
            kept.setdefault(table_of(mapped), []).extend(more)
    shape = tuple((other, named(other, more)) for other, more in kept.items())
    for other, more_names in shape:
        values += [array(other.c[name], kept[other]) for name in more_names]
    values.append([one.id for one in changes])
    values += [[one.said[name] for one in changes] for name in SAID]
    pool = await hot.pool()
    answer = await pool.fetch(change_statement(table, names, shape, owner), *values)
    return {record[0] for record in answer}


@lru_cache(maxsize=64)
def find_statement(table: Table, keys: tuple[str, ...], names: tuple[str, ...]) -> str:
    """One look along one index for each key."""
    columns = ", ".join(map(quoted, names))
    return " UNION ALL ".join(
        f"SELECT {columns} FROM {quoted(table.name)}"  # noqa: S608 - names come from our tables
        f" WHERE {quoted(key)} = ANY(CAST(${place} AS {array_type(table.c[key])}))"
        for place, key in enumerate(keys, 1)
    )


@lru_cache(maxsize=64)
def change_statement(
    table: Table,
    names: tuple[str, ...],
    kept: tuple[tuple[Table, tuple[str, ...]], ...],
    owner: str,
) -> str:
    """The rows, what is kept with those that changed, and their events, in one statement."""
    given = ["uuid[]", "bigint[]", *(array_type(table.c[name]) for name in names)]
    wanted = ", ".join(["id", "seen", *(f"new_{name}" for name in names)])
    sets = ", ".join(f"{quoted(name)} = g.new_{name}" for name in names)
    changed = (
        f"changed AS (UPDATE {quoted(table.name)} AS t SET {sets}"  # noqa: S608 - names come from our tables
        f" FROM unnest({placed(given, 1)}) AS g({wanted})"
        " WHERE t.id = g.id AND t.version = g.seen RETURNING t.id)"
    )
    parts = [changed]
    at = len(given) + 1
    for number, (other, columns) in enumerate(kept):
        types = [array_type(other.c[name]) for name in columns]
        listed = ", ".join(map(quoted, columns))
        parts.append(
            f"kept_{number} AS (INSERT INTO {quoted(other.name)} ({listed})"  # noqa: S608 - names come from our tables
            f" SELECT k.* FROM unnest({placed(types, at)}) AS k({listed})"
            f" JOIN changed ON changed.id = k.{quoted(owner)})"
        )
        at += len(types)
    types = ["uuid[]", *(array_type(OUTBOX.c[name]) for name in SAID)]
    listed = ", ".join(map(quoted, SAID))
    picked = ", ".join(f"s.{quoted(name)}" for name in SAID)
    parts.append(
        f"said AS (INSERT INTO outbox ({listed}) SELECT {picked}"  # noqa: S608 - names come from our tables
        f" FROM unnest({placed(types, at)}) WITH ORDINALITY AS s(row_id, {listed}, place)"
        " JOIN changed ON changed.id = s.row_id ORDER BY s.place)"
    )
    return f"WITH {', '.join(parts)} SELECT id FROM changed"  # noqa: S608 - names come from our tables


@lru_cache(maxsize=1024)
def reader(column: Column[Any]) -> Any:
    """What turns the driver's value into ours; None where it is the same."""
    return column.type.dialect_impl(PG).result_processor(PG, None)
