"""Checkpoints over everything that a service logs, each chained to the one before it."""

import hashlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from shared.database import is_postgres
from shared.ids import go_past, machine_now, uuid7_at
from shared.trail.chain import NOTHING_BEFORE, canonical
from shared.trail.logs import AUDIT, Log
from shared.trail.noting import moved
from shared.trail.said import Chain
from shared.trail.tables import CheckpointRow
from shared.work import Database

FIRST = UUID(int=0)
ROWS_AT_ONCE = 2000
LAG_MS = 60_000
"""A checkpoint leaves the last minute out: transactions of that time may still commit."""
BEHIND_MS, FAR_BEHIND_MS = 10_000, 3_600_000
"""So far a clock may lag behind the database's before it is led; by more than an hour it is not."""
REST = timedelta(seconds=30)
CHAIN = Chain("checkpoint", "log")
"""The head of this chain says which checkpoint is the last."""
OLDEST_WRITER = text(
    "SELECT coalesce(extract(epoch FROM now() - min(xact_start)), 0) FROM pg_stat_activity "
    "WHERE datname = current_database() AND backend_xid IS NOT NULL"
)
DATABASE_NOW = text("SELECT extract(epoch FROM clock_timestamp())")


@dataclass
class SetCheckpoints:
    """A step: sets a checkpoint over all logs of a service from time to time.

    Between two, ids are kept after the last one: see `keep_ids_after`.
    """

    logs: Sequence[Log] = (AUDIT,)
    every: timedelta = timedelta(minutes=10)
    due: datetime | None = field(default=None, init=False)
    __name__ = "checkpoint_log"

    async def __call__(self, database: Database) -> int:
        """1 if one was set; asked more often than twice a minute, nothing is looked up."""
        now = database.clock()
        if self.due and self.due - REST <= now < self.due:
            return 0
        self.due = now + REST
        await keep_ids_after(database)
        return await set_checkpoint(database, self.logs, self.every)


async def set_checkpoint(database: Database, logs: Sequence[Log], every: timedelta) -> int:
    """Set a checkpoint over what was logged since the last one, when it is time; 1 if so."""
    now = database.clock()
    last = await newest(database)
    if last and now - last.at < every:
        return 0
    first = last.until if last else FIRST
    until = await settled(database)
    go_past(until)
    if until <= first or not await anything(database, logs, (first, until)):
        return 0
    number = last.number + 1 if last else 1
    made = Stretch(number, first, until, now)
    digest, rows = await made.digest(database, logs, last.digest if last else NOTHING_BEFORE)
    row = {"number": number, "until": until, "rows": rows, "digest": digest, "at": now}
    async with database.work() as work:
        fresh = await work.insert_new(CheckpointRow, [row], [CheckpointRow.number])
        if fresh:
            await moved(work, {CHAIN: (number, digest)})
    return len(fresh)


async def keep_ids_after(database: Database) -> None:
    """Let no id of this process fall under a checkpoint, whatever the clocks say.

    A clock that was set back is waited for. One that runs behind PostgreSQL's is led by it, so that
    it never lags as far behind as checkpoints do.
    """
    if last := await newest(database):
        go_past(last.until)
    if is_postgres(database.engine):
        led = await database_now(database) - BEHIND_MS
        go_past(uuid7_at(min(led, machine_now() + FAR_BEHIND_MS), 0))


async def newest(database: Database) -> CheckpointRow | None:
    """The last checkpoint."""
    statement = select(CheckpointRow).order_by(CheckpointRow.number.desc()).limit(1)
    async with database.reading() as session:
        found: CheckpointRow | None = await session.scalar(statement)
    return found


async def settled(database: Database) -> UUID:
    """The id below which no row is written any more, by the slower clock, ours or the database's.

    On PostgreSQL a transaction that has been writing for longer than the lag is waited for.
    """
    now, waiting = machine_now(), 0.0
    if is_postgres(database.engine):
        now = min(now, await database_now(database))
        async with database.reading() as session:
            waiting = float(await session.scalar(OLDEST_WRITER) or 0)
    return uuid7_at(now - LAG_MS - int(waiting * 1000), 0)


async def database_now(database: Database) -> int:
    """What PostgreSQL's clock says: Unix time in milliseconds."""
    async with database.reading() as session:
        return int(1000 * float(await session.scalar(DATABASE_NOW) or 0))


async def anything(database: Database, logs: Sequence[Log], bounds: tuple[UUID, UUID]) -> bool:
    """Whether there is anything to cover."""
    async with database.reading() as session:
        for log in logs:
            if (await session.execute(log.stretch(bounds, None, 1))).first():
                return True
    return False


@dataclass(frozen=True)
class Stretch:
    """What one checkpoint covers and says."""

    number: int
    first: UUID
    until: UUID
    at: datetime

    async def digest(
        self, database: Database, logs: Sequence[Log], previous: bytes
    ) -> tuple[bytes, int]:
        """SHA-256 over the checkpoint before, every row covered, and the facts of this one."""
        digest, count = hashlib.sha256(previous), 0
        async for lines in self.lines(database, logs):
            digest.update(b"".join(lines))
            count += len(lines)
        digest.update(canonical(self.facts(count)))
        return digest.digest(), count

    async def lines(self, database: Database, logs: Sequence[Log]) -> AsyncIterator[list[bytes]]:
        """What stands for each row in the digest: its log, id, chain, number and hash."""
        for log in logs:
            after: tuple[Any, ...] | None = None
            while True:
                statement = log.stretch((self.first, self.until), after, ROWS_AT_ONCE)
                async with database.reading() as session:
                    rows = [tuple(row) for row in await session.execute(statement)]
                yield [line(log.name, row) for row in rows]
                if len(rows) < ROWS_AT_ONCE:
                    break
                after = rows[-1][:-1]

    def facts(self, rows: int) -> dict[str, Any]:
        """What the checkpoint says of itself."""
        at = self.at.astimezone(UTC).isoformat()
        return {"number": self.number, "until": str(self.until), "rows": rows, "at": at}


def line(log: str, row: Sequence[Any]) -> bytes:
    """One row in the digest; the hash has a fixed length, so no two rows read alike."""
    *place, last = row
    return "\x1f".join((log, *map(str, place))).encode() + bytes(last)
