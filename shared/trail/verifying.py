"""The trail proves itself: every chain followed, every checkpoint counted again."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from shared.trail.chain import NOTHING_BEFORE, Break, Follower
from shared.trail.checkpoints import CHAIN, FIRST, Stretch
from shared.trail.logs import END_HASH, END_MAC, END_SEQ, Log, Row, is_ours
from shared.trail.rows import head_mac
from shared.trail.said import Chain
from shared.trail.tables import AuditHeadRow, CheckpointRow
from shared.vault import Vault, WrongKeyError
from shared.work import Database

AT_ONCE = 500
MOST_BREAKS = 100
"""More broken chains than that are not listed; one is enough to ask what happened."""
Progress = Callable[[int], None]
"""Told how many rows were looked at, once more."""
UNREADABLE = (WrongKeyError, ValueError, IndexError, KeyError, TypeError)
"""What opening a value raises that is not what was sealed."""


def nobody_watches(_: int) -> None:
    """Progress nobody looks at."""


@dataclass
class Findings:
    """What was looked at in one service, and what is wrong with it."""

    chains: int = 0
    rows: int = 0
    checkpoints: int = 0
    since: datetime | None = field(default=None, compare=False)
    """When the first checkpoint was set. A day that is too late tells that everything was deleted
    and begun anew, which nothing else in the database can tell."""
    breaks: list[dict[str, Any]] = field(default_factory=list)
    """Each names its log, chain, row and reason (see `Break`)."""

    def broken(self, log: str, chain: str, found: Break) -> None:
        if len(self.breaks) < MOST_BREAKS:
            place = {"log": log, "chain": chain, "seq": found.seq, "why": found.why}
            self.breaks.append(place)


async def verify(
    database: Database, logs: Sequence[Log], progress: Progress = nobody_watches
) -> Findings:
    """Follow every chain and every checkpoint of a service."""
    found = Findings()
    for log in logs:
        await follow(database, log, found, progress)
        await find_emptied(database, log, found)
    await verify_checkpoints(database, logs, found, progress)
    return found


async def size(database: Database, logs: Sequence[Log]) -> int:
    """How many rows `verify` will look at: each once in its chain, once under its checkpoint."""
    async with database.reading() as session:
        counts = [int(await session.scalar(log.count()) or 0) for log in logs]
    return 2 * sum(counts)


@dataclass
class Following:
    """The chain that is being followed, with its last row read."""

    name: str
    follower: Follower = field(default_factory=Follower)
    last: Row | None = None


async def follow(database: Database, log: Log, found: Findings, progress: Progress) -> None:
    """Every chain of one log."""
    now: Following | None = None
    async for rows in all_rows(database, log):
        for row in rows:
            name = log.chain_of(row)
            if now is None or now.name != name:
                close(database.vault, log, now, found)
                now = Following(name)
            look_at(database.vault, log, now.follower, row)
            now.last = row
        found.rows += len(rows)
        progress(len(rows))
    close(database.vault, log, now, found)


def look_at(vault: Vault, log: Log, follower: Follower, row: Row) -> None:
    """The next row; values that are gone where nothing is ever erased were taken away."""
    try:
        kept = log.kept(vault, row)
    except UNREADABLE:
        follower.unreadable(row["seq"])
        return
    follower.follow(kept)
    if kept.opened is None and not log.may_be_erased(row) and not follower.broken:
        follower.broken = Break(row["seq"], "values")


async def all_rows(database: Database, log: Log) -> AsyncIterator[Sequence[Row]]:
    """All rows in the order of their chains, page by page: no page holds up a writer."""
    place: tuple[Any, ...] | None = None
    while True:
        async with database.reading() as session:
            answer = await session.execute(log.rows_after(place, AT_ONCE))
            rows = answer.mappings().all()
        if rows:
            yield rows
            place = log.place_of(rows[-1])
        if len(rows) < AT_ONCE:
            return


def close(vault: Vault, log: Log, now: Following | None, found: Findings) -> None:
    """The chain's end: it must be where its head says, and the head must be ours."""
    if now is None or now.last is None:
        return
    found.chains += 1
    if broken := broken_end(vault, log, now.follower, now.last):
        found.broken(log.name, now.name, broken)


def broken_end(vault: Vault, log: Log, follower: Follower, last: Row) -> Break | None:
    """Where a chain breaks, given its last row with what is known of its end."""
    if follower.broken:
        return follower.broken
    if last[END_SEQ] is None:
        return Break(last["seq"], "headless")
    if broken := follower.ended(last[END_SEQ], last[END_HASH]):
        return broken
    ours = END_MAC not in last or is_ours(vault, Chain(*(last[name] for name in log.chain)), last)
    return None if ours else Break(last["seq"], "head")


async def find_emptied(database: Database, log: Log, found: Findings) -> None:
    """Chains that have an end and not one row."""
    async with database.reading() as session:
        rows = (await session.execute(log.without_rows(MOST_BREAKS))).mappings().all()
    for row in rows:
        if not is_checkpoint(log, row):
            found.broken(log.name, log.chain_of(row), Break(1, "missing"))


def is_checkpoint(log: Log, row: Row) -> bool:
    """The head of the checkpoints: its rows lie in a table of their own."""
    return log.chain == ("kind", "key") and row["kind"] == CHAIN.kind


async def verify_checkpoints(
    database: Database, logs: Sequence[Log], found: Findings, progress: Progress
) -> None:
    """Each checkpoint against what its stretch gives today, and the last one against its head."""
    statement = select(CheckpointRow).order_by(CheckpointRow.number)
    async with database.reading() as session:
        checkpoints = (await session.scalars(statement)).all()
        head = await session.get(AuditHeadRow, (CHAIN.kind, CHAIN.key))
    found.since = checkpoints[0].at if checkpoints else None
    first, previous, expected = FIRST, NOTHING_BEFORE, 1
    for one in checkpoints:
        if one.number != expected:
            found.broken(CheckpointRow.__tablename__, "", Break(expected, "missing"))
        stretch = Stretch(one.number, first, one.until, one.at)
        digest, rows = await stretch.digest(database, logs, previous)
        if (one.digest, one.rows) != (digest, rows):
            found.broken(CheckpointRow.__tablename__, "", Break(one.number, "checkpoint"))
        found.checkpoints += 1
        progress(rows)
        first, previous, expected = one.until, one.digest, one.number + 1
    if broken := wrong_head(database.vault, head, checkpoints):
        found.broken(CheckpointRow.__tablename__, "", broken)


def wrong_head(
    vault: Vault, head: AuditHeadRow | None, checkpoints: Sequence[CheckpointRow]
) -> Break | None:
    """Whether the last checkpoint is the one that was noted as the last."""
    last = checkpoints[-1].number if checkpoints else 0
    if head is None:
        return Break(last, "headless") if checkpoints else None
    if last < head.seq:
        return Break(last + 1, "missing")
    ours = head.mac == head_mac(vault, CHAIN, head.seq, head.hash)
    same = checkpoints and checkpoints[-1].digest == head.hash and last == head.seq
    return None if ours and same else Break(last, "head")
