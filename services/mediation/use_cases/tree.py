"""The tree of units as rules see it, read at most every few seconds where work is heavy."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.tables import UnitRow
from shared.believed import Believed
from shared.units import Tree, Unit
from shared.units.tree import tree_of
from shared.work import Database, Work

BELIEVED = timedelta(seconds=20)
"""How long a process works with the tree it has read."""


async def units_now(session: AsyncSession) -> Tree:
    """All units as this transaction sees them, its own changes included."""
    return tree_of(map(unit_of, await session.scalars(select(UnitRow))))


_tree = Believed(units_now, BELIEVED)


async def tree_for(database: Database, now: datetime) -> Tree:
    """All units, without a transaction where they were read a moment ago."""
    return await _tree.of(database, now)


async def tree_of_work(work: Work) -> Tree:
    """The same within a transaction that changes no unit."""
    return await _tree.within(work)


def read_anew(work: Work) -> None:
    """The tree changes with this transaction: whoever needs it afterwards reads it again."""
    _tree.changed(work)


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
