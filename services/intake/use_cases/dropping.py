"""Sealed files that no row has any more leave the storage.

Each file has a name of its own: once its row is gone nothing can come to need it, so that it may be
removed at any time after the commit, whatever is handed in meanwhile.
"""

from collections.abc import Collection, Iterable

from sqlalchemy import delete, select

from services.intake.ports import Storage
from services.intake.tables import AttachmentRow, ErasedFileRow
from shared.work import Database, Work

AT_ONCE = 200
STEP = "drop_erased_files"
SHARED = 64
"""Digits of names from before, which were of the content: a form and evidence could share one."""
SILENT = {"synchronize_session": False}


async def let_go(work: Work, stored: Iterable[str]) -> None:
    """Owe the storage that these go, if this transaction commits; a step sees to it."""
    waiting = [{"stored": key, "since": work.now} for key in sorted(set(stored))]
    if waiting:
        await work.insert_new(ErasedFileRow, waiting, ["stored"])
        work.wake(STEP)


async def nobodys(work: Work, keys: Collection[str]) -> list[str]:
    """Which of these contents are nobody's evidence: all, but for names from before."""
    before = [key for key in keys if len(key) == SHARED]
    if not before:
        return list(keys)
    evidence = select(AttachmentRow.stored).where(AttachmentRow.stored.in_(before))
    kept = set(await work.session.scalars(evidence))
    return [key for key in keys if key not in kept]


async def drop_stored(database: Database, storage: Storage) -> int:
    """Remove from the storage what was let go; how many. A crash repeats it."""
    waiting = select(ErasedFileRow.stored).order_by(ErasedFileRow.stored).limit(AT_ONCE)
    async with database.reading() as session:
        keys = list(await session.scalars(waiting))
    if not keys:
        return 0
    async with database.work() as work:
        unused = await nobodys(work, keys)
    for key in unused:
        await storage.delete(key)
    async with database.work() as work:
        gone = delete(ErasedFileRow).where(ErasedFileRow.stored.in_(keys))
        await work.session.execute(gone, execution_options=SILENT)
    return len(keys)
