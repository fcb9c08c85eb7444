"""Sealed files that a crash left without a row: found by their age, and removed."""

import re
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.ports import Storage
from services.intake.tables import AttachmentRow, UploadRow
from shared.work import Database

AT_ONCE = 500
OURS = re.compile(r"[0-9a-f]{64}([0-9a-f]{16})?")
"""What the keys of files look like; whatever else lies there is not ours to remove."""


async def sweep(database: Database, storage: Storage, older_than: timedelta) -> int:
    """Remove files that nothing refers to and that are older than any request; how many."""
    count = 0
    async for found in storage.older(database.clock() - older_than):
        keys = [key for key in found if OURS.fullmatch(key)]
        for begin in range(0, len(keys), AT_ONCE):
            lot = keys[begin : begin + AT_ONCE]
            async with database.reading() as session:
                known = await referenced(session, lot)
            for key in set(lot) - known:
                await storage.delete(key)
                count += 1
    return count


async def referenced(session: AsyncSession, keys: Sequence[str]) -> set[str]:
    """Those of the keys that a complaint or a waiting form has.

    In one statement: a file that becomes evidence meanwhile is either still here or already there.
    """
    evidence = select(AttachmentRow.stored).where(AttachmentRow.stored.in_(keys))
    waiting = select(UploadRow.stored).where(UploadRow.stored.in_(keys))
    return set(await session.scalars(union_all(evidence, waiting)))
