"""The two statements that must cost one round trip each: keep rows with their events; the outbox.

On PostgreSQL they go straight through the driver; on SQLite they are ordinary work.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple, cast
from uuid import UUID

import asyncpg
from sqlalchemy import Table, delete, select
from sqlalchemy.engine import URL

from shared.bulk import array, array_type, insert_statement, named, quoted
from shared.database import is_postgres
from shared.messaging.tables import OutboxRow
from shared.postgres import connect
from shared.work import Database, table_of

OUTBOX = table_of(OutboxRow)
SAID = ("id", "aggregatetype", "aggregateid", "type", "payload", "recorded_at")
HELD = ("sequence", "id", "aggregatetype", "aggregateid", "payload")
CONNECTIONS = 4
LEADER = 0x52454C59


@dataclass(frozen=True)
class Keep:
    """A row to keep if its keys are free, and the event to announce if it was kept."""

    row: Mapping[str, Any]
    said: Mapping[str, Any]


class Waiting(NamedTuple):
    """One row of the outbox."""

    sequence: int
    id: UUID
    topic: str
    key: str
    payload: bytes


@dataclass(frozen=True)
class Hot:
    """The hot statements of one database."""

    database: Database
    _pool: "list[asyncpg.Pool[Any]]" = field(default_factory=list)
    _leading: "list[asyncpg.Connection[Any]]" = field(default_factory=list)
    _opening: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def keep(self, table: type[Any], kept: Sequence[Keep]) -> set[UUID]:
        """Keep what is new with its events, in one transaction; the ids of what was kept.

        A row is left out where any unique key is taken; so is its event.
        """
        if not kept:
            return set()
        if is_postgres(self.database.engine):
            fresh = await self._keep_in_one_statement(table_of(table), kept)
        else:
            async with self.database.work() as work:
                rows = await work.insert_new(table, [one.row for one in kept], ["id"])
                fresh = {row[0] for row in rows}
                work.announced.extend(dict(k.said) for k in kept if k.row["id"] in fresh)
        if fresh:
            self.database.announced.ring()
        return fresh

    async def _keep_in_one_statement(self, table: Table, kept: Sequence[Keep]) -> set[UUID]:
        rows, said = [one.row for one in kept], [one.said for one in kept]
        names = named(table, rows)
        values = [array(table.c[name], rows) for name in names]
        values += [[row["id"] for row in rows], *([one[name] for one in said] for name in SAID)]
        pool = await self.pool()
        answer = await pool.fetch(keep_statement(table, names), *values)
        return {record[0] for record in answer}

    async def oldest(self, most: int) -> list[Waiting]:
        """What waits in the outbox, oldest first."""
        if is_postgres(self.database.engine):
            leader = await self._leader()
            return [Waiting(*one) for one in await leader.fetch(OLDEST, most)] if leader else []
        columns = [OUTBOX.c[name] for name in HELD]
        statement = select(*columns).order_by(OutboxRow.sequence).limit(most)
        async with self.database.reading() as session:
            return [Waiting(*tuple(row)) for row in await session.execute(statement)]

    async def forget(self, sequences: Sequence[int]) -> None:
        """Delete what the bus has taken. A crash may bring it back: then it is said once more."""
        if is_postgres(self.database.engine):
            leader = await self._leader()
            await (leader or await self.pool()).execute(FORGET, list(sequences))
            return
        async with self.database.work() as work:
            await work.session.execute(delete(OutboxRow).where(OutboxRow.sequence.in_(sequences)))

    async def _leader(self) -> "asyncpg.Connection[Any] | None":
        """The connection that alone may carry this outbox; None while another process has it.

        One relay per service keeps the order; the lock is the connection's, and goes with it. What
        it deletes need not wait for the disk.
        """
        if self._leading and not self._leading[0].is_closed():
            return self._leading[0]
        self._leading.clear()
        made = await connect(
            dsn_of(self.database.engine.url),
            timeout=10,
            command_timeout=60,
            server_settings={"synchronous_commit": "off"},
        )
        try:
            leads = await made.fetchval("SELECT pg_try_advisory_lock($1)", LEADER)
        except BaseException:  # nobody else would ever hang up, and the lock may be taken
            made.terminate()
            raise
        if not leads:
            await made.close()
            return None
        self._leading.append(made)
        return made

    async def pool(self) -> "asyncpg.Pool[Any]":
        """The driver's own connections."""
        async with self._opening:
            if not self._pool:
                self._pool.append(await open_pool(self.database.engine.url))
            return self._pool[0]

    async def close(self) -> None:
        """Close the driver's connections, if any."""
        while self._pool:
            self._pool.pop().terminate()
        while self._leading:
            self._leading.pop().terminate()


def hot_of(database: Database) -> Hot:
    """The hot statements of this database, opened once."""
    return database.once(Hot)


async def open_pool(url: URL) -> "asyncpg.Pool[Any]":
    """A few connections of the driver itself; seconds to connect and to answer are bounded."""
    return await asyncpg.create_pool(
        dsn_of(url),
        connect=cast("Any", connect),  # the driver's stub wants every option by its name
        min_size=1,
        max_size=CONNECTIONS,
        reset=as_it_is,
        timeout=10,
        command_timeout=60,
    )


async def as_it_is(_: Any) -> None:
    """Single statements leave nothing behind: the usual reset would be one more round trip."""


def dsn_of(url: URL) -> str:
    """The driver's own address of a SQLAlchemy URL."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


OLDEST = f"SELECT {', '.join(HELD)} FROM outbox ORDER BY sequence LIMIT $1"  # noqa: S608 - our names
FORGET = "DELETE FROM outbox WHERE sequence = ANY($1::bigint[])"


@lru_cache(maxsize=64)
def keep_statement(table: Table, names: tuple[str, ...]) -> str:
    """Rows, then the events of those that were new, in one statement."""
    insert = insert_statement(table, names)
    for place, name in enumerate(names, 1):
        insert = insert.replace(f"CAST(:{name} AS", f"CAST(${place} AS", 1)
    first = len(names) + 1
    types = ["uuid[]", *(array_type(OUTBOX.c[name]) for name in SAID)]
    given = placed(types, first)
    columns = ", ".join(map(quoted, SAID))
    picked = ", ".join(f"s.{quoted(name)}" for name in SAID)
    return f"""
        WITH fresh AS ({insert} ON CONFLICT DO NOTHING RETURNING id),
        said AS (
            INSERT INTO outbox ({columns}) SELECT {picked}
            FROM unnest({given}) WITH ORDINALITY AS s(row_id, {columns}, place)
            JOIN fresh ON fresh.id = s.row_id ORDER BY s.place
        )
        SELECT id FROM fresh"""  # noqa: S608 - names come from our tables


def placed(types: Sequence[str], first: int) -> str:
    """One placeholder for each type, counted from `first`."""
    return ", ".join(f"CAST(${first + n} AS {one})" for n, one in enumerate(types))
