"""Where the case of a complaint lies: its unit and its assignee, as mediation tells them."""

from collections.abc import Sequence

from sqlalchemy import bindparam, or_, update

from services.intake.tables import ComplaintRow
from shared.events import CaseAssigned, CaseOpened
from shared.units import Place
from shared.units.placing import places_in
from shared.work import Work, table_of

COMPLAINTS = table_of(ComplaintRow).c
NEWER = or_(COMPLAINTS.placed.is_(None), COMPLAINTS.placed < bindparam("told"))
PLACED = (
    update(table_of(ComplaintRow))
    .where(COMPLAINTS.id == bindparam("complaint"), NEWER)
    .values(unit=bindparam("in_unit"), assignee=bindparam("by"), placed=bindparam("told"))
)


async def note_places(work: Work, events: Sequence[CaseOpened] | Sequence[CaseAssigned]) -> None:
    """Keep the newest word on each complaint; what is older or repeated changes nothing."""
    rows = [
        {
            "complaint": one.complaint_id,
            "in_unit": one.unit,
            "by": one.assignee,
            "told": one.version,
        }
        for one in places_in(events)
    ]
    if rows:
        await (await work.session.connection()).execute(PLACED, rows)


def place_of(row: ComplaintRow) -> Place:
    """Where a complaint lies, in whose hands it is: its assignee's, and of whoever sent it in."""
    return Place(row.body, row.unit, (row.assignee, row.registrar))
