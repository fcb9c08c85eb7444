"""Chains followed row by row from their first to their noted end."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.trail.chain import Break, Follower
from shared.trail.erasing import first_unexplained
from shared.trail.findings import Findings, Progress
from shared.trail.logs import END_HASH, END_MAC, END_SEQ, Log, Row, is_ours
from shared.trail.said import Chain
from shared.vault import Vault, WrongKeyError
from shared.work import Database

AT_ONCE = 500
UNREADABLE = (WrongKeyError, ValueError, IndexError, KeyError, TypeError)
"""What opening a value raises that is not what was sealed."""


@dataclass
class Following:
    """The chain that is being followed, with its last row read."""

    name: str
    follower: Follower = field(default_factory=Follower)
    last: Row | None = None
    empty: list[Row] = field(default_factory=list)
    """Rows whose values are gone."""


async def follow(database: Database, log: Log, found: Findings, progress: Progress) -> None:
    """Every chain of one log."""
    now: Following | None = None
    async for rows in all_rows(database, log):
        for row in rows:
            name = log.chain_of(row)
            if now is None or now.name != name:
                await close(database, log, now, found)
                now = Following(name)
            look_at(database.vault, log, now, row)
        found.rows += len(rows)
        progress(len(rows))
    await close(database, log, now, found)


def look_at(vault: Vault, log: Log, now: Following, row: Row) -> None:
    """The next row of a chain."""
    now.last = row
    try:
        kept = log.kept(vault, row)
    except UNREADABLE:
        now.follower.unreadable(row["seq"])
        return
    now.follower.follow(kept)
    if kept.opened is None and not now.follower.broken:
        now.empty.append(row)


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


async def close(database: Database, log: Log, now: Following | None, found: Findings) -> None:
    """The chain's end: it must be where its head says, and the head must be ours.

    What is empty before that must have been erased, and the trail must tell of it.
    """
    if now is None or now.last is None:
        return
    found.chains += 1
    emptied = await first_unexplained(database, log.erasing, now.empty)
    if emptied is not None:
        found.broken(log.name, now.name, Break(emptied, "emptied"))
    elif broken := broken_end(database.vault, log, now.follower, now.last):
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
