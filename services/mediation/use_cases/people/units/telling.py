"""What is told of a changed unit: to the trail, to sisters, and to whoever reads the tree."""

from datetime import datetime
from typing import Any

from services.mediation.tables import UnitRow
from services.mediation.use_cases.tree import read_anew
from shared.events import UnitChanged
from shared.trail import Chain, Doer, Said, note
from shared.work import Work


async def told(work: Work, row: UnitRow, doer: Doer, said: Said) -> None:
    """Note it, tell sisters, and let the tree be read anew."""
    await work.session.flush()
    await note(work, Chain("unit", str(row.id)), doer, said)
    work.announce(as_event(row, work.now))
    read_anew(work)


def facts_of(row: UnitRow) -> dict[str, Any]:
    return {"code": row.code, "name": row.name, "parent": row.parent, "region": row.region}


def as_event(row: UnitRow, now: datetime) -> UnitChanged:
    return UnitChanged(
        occurred_at=now,
        unit_id=row.id,
        version=row.version,
        body=row.body,
        parent=row.parent,
        path=row.path,
        code=row.code,
        unit_name=row.name,
        ended=row.ended_at is not None,
    )
