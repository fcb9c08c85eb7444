"""The tree of units as rules see it, read at most every few seconds where work is heavy."""

from datetime import datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.tables import UnitRow
from shared.units import Tree, Unit
from shared.units.tree import tree_of
from shared.work import Database

BELIEVED = timedelta(seconds=20)
"""How long a process works with the tree it has read."""
_read: WeakKeyDictionary[Any, tuple[datetime, Tree]] = WeakKeyDictionary()


async def units_now(session: AsyncSession) -> Tree:
    """All units as this transaction sees them, its own changes included."""
    return tree_of(map(unit_of, await session.scalars(select(UnitRow))))


async def the_tree(session: AsyncSession, now: datetime) -> Tree:
    """All units, read and remembered: not where units are changed, as that may be taken back."""
    tree = await units_now(session)
    _read[session.get_bind().engine.pool] = (now, tree)
    return tree


async def tree_for(database: Database, now: datetime) -> Tree:
    """All units, without a transaction where they were read a moment ago."""
    known = believed(database.engine.sync_engine.pool, now)
    if known is not None:
        return known
    async with database.reading() as session:
        return await the_tree(session, now)


async def tree_of_work(session: AsyncSession, now: datetime) -> Tree:
    """The same within a transaction that changes no unit."""
    return believed(session.get_bind().engine.pool, now) or await the_tree(session, now)


def believed(pool: Any, now: datetime) -> Tree | None:
    """What was read a moment ago."""
    known = _read.get(pool)
    return known[1] if known and abs(now - known[0]) < BELIEVED else None


def read_anew(session: AsyncSession) -> None:
    """The tree is about to change: whoever needs it reads it again."""
    _read.pop(session.get_bind().engine.pool, None)


def unit_of(row: UnitRow) -> Unit:
    return Unit(
        row.id,
        row.body,
        row.path,
        row.code,
        row.parent,
        row.name,
        row.region,
        row.ended_at is not None,
    )
