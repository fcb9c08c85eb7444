"""How a sister of mediation follows the units: what is told is kept, and read now and then."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.bulk import upsert
from shared.events import UnitChanged
from shared.units.tables import UnitRow
from shared.units.tree import Tree, Unit, tree_of
from shared.work import Database, Work, table_of

BELIEVED = timedelta(seconds=20)
"""How long a process works with the tree it has read."""
_read: WeakKeyDictionary[Any, tuple[datetime, Tree]] = WeakKeyDictionary()
TOLD = ("body", "parent", "path", "code", "ended", "version")


async def note_units(work: Work, events: Sequence[UnitChanged]) -> None:
    """Keep what is told of units, in one statement; what is older than what is known is not."""
    newest = {one.unit_id: one for one in sorted(events, key=lambda one: one.version)}
    if not newest:
        return
    rows = [row_of(newest[unit]) for unit in sorted(newest)]
    table = table_of(UnitRow)
    new = upsert(work.session, table).values(rows)
    kept = new.on_conflict_do_update(
        index_elements=[table.c.id],
        set_={name: new.excluded[name] for name in TOLD},
        where=table.c.version < new.excluded.version,
    )
    await work.session.execute(kept)
    _read.pop(work.session.get_bind().engine.pool, None)


def row_of(event: UnitChanged) -> dict[str, Any]:
    """What an event says, as columns."""
    return {"id": event.unit_id} | {name: getattr(event, name) for name in TOLD}


async def tree_for(database: Database, now: datetime) -> Tree:
    """All units, without a transaction where they were read a moment ago."""
    known = _read.get(database.engine.sync_engine.pool)
    if known and abs(now - known[0]) < BELIEVED:
        return known[1]
    async with database.reading() as session:
        return await the_tree(session, now)


async def the_tree(session: AsyncSession, now: datetime) -> Tree:
    """All units as they are known here."""
    tree = tree_of(map(unit_of, await session.scalars(select(UnitRow))))
    _read[session.get_bind().engine.pool] = (now, tree)
    return tree


def unit_of(row: UnitRow) -> Unit:
    """A row as rules see it; no rule needs a name."""
    return Unit(row.id, row.body, row.path, row.code, row.parent, ended=row.ended)
