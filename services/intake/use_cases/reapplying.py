"""A restored backup brings nothing back: what the ledger knows is erased again."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select

from services.intake.ports import Ledger
from services.intake.tables import ComplaintRow, ErasedRow
from services.intake.use_cases.erasing import AT_ONCE, BACK, empty, mark_of
from shared.trail import SYSTEM
from shared.work import Database

LOT = 5000
"""Complaints whose marks are compared between two looks at the database."""
FIRST = UUID(int=0)


async def brought_back(database: Database, ledger: Ledger) -> int:
    """Erase again what the ledger knows and this database does not; how many were erased.

    Where the database knows of every mark, that is all it costs: one look at both.
    """
    known = await ledger.marks()
    missing = set(known) - await marks_here(database) if known else set()
    return await erase_again(database, missing) if missing else 0


async def all_again(database: Database, ledger: Ledger) -> int:
    """Erase again whatever the ledger knows, and say so once more: a sister was restored."""
    return await erase_again(database, set(await ledger.marks()))


async def marks_here(database: Database) -> set[bytes]:
    async with database.reading() as session:
        return {bytes(one) for one in await session.scalars(select(ErasedRow.mark))}


async def erase_again(database: Database, marks: set[bytes]) -> int:
    """Erase every complaint that has one of these marks; how many there were."""
    last, count = FIRST, 0
    while marks and (ids := await next_ids(database, last)):
        last = ids[-1]
        found = {one: mark for one in ids if (mark := mark_of(database.vault, one)) in marks}
        await empty_some(database, dict.fromkeys(found, BACK))
        marks = marks - set(found.values())
        count += len(found)
    return count


async def next_ids(database: Database, after: UUID) -> list[UUID]:
    wanted = select(ComplaintRow.id).where(ComplaintRow.id > after)
    async with database.reading() as session:
        return list(await session.scalars(wanted.order_by(ComplaintRow.id).limit(LOT)))


async def empty_some(database: Database, wanted: Mapping[UUID, str]) -> None:
    ids = list(wanted)
    for begin in range(0, len(ids), AT_ONCE):
        lot = {one: wanted[one] for one in ids[begin : begin + AT_ONCE]}
        async with database.work() as work:
            await empty(work, lot, SYSTEM)
