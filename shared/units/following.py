"""How a sister of mediation follows the units: what is told is kept, and read now and then."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.believed import Believed
from shared.bulk import upsert
from shared.events import UnitChanged
from shared.units.tables import UnitRow
from shared.units.tree import Tree, Unit, tree_of
from shared.work import Database, Work, table_of

BELIEVED = timedelta(seconds=20)
"""How long a process works with the tree it has read."""
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
    _tree.changed(work)


def row_of(event: UnitChanged) -> dict[str, Any]:
    """What an event says, as columns."""
    return {"id": event.unit_id} | {name: getattr(event, name) for name in TOLD}


def unit_of(row: UnitRow) -> Unit:
    """A row as rules see it; no rule needs a name."""
    return Unit(row.id, row.body, row.path, row.code, row.parent, ended=row.ended)


async def units_now(session: AsyncSession) -> Tree:
    """All units as they are known here."""
    return tree_of(map(unit_of, await session.scalars(select(UnitRow))))


_tree = Believed(units_now, BELIEVED)


async def tree_for(database: Database, now: datetime) -> Tree:
    """All units, without a transaction where they were read a moment ago."""
    return await _tree.of(database, now)
