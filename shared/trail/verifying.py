"""The trail proves itself: every chain followed, every checkpoint counted again."""

from collections.abc import Sequence

from sqlalchemy import select

from shared.trail.chain import NOTHING_BEFORE, Break
from shared.trail.checkpoints import CHAIN, FIRST, Stretch
from shared.trail.findings import MOST_BREAKS, Findings, Progress, nobody_watches
from shared.trail.following import follow
from shared.trail.logs import Log, Row
from shared.trail.reach import find_out_of_reach
from shared.trail.rows import head_mac
from shared.trail.tables import AuditHeadRow, CheckpointRow
from shared.vault import Vault
from shared.work import Database

__all__ = ["Findings", "size", "verify"]


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
    await find_out_of_reach(database, logs, first, found)


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
