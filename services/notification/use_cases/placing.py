"""Where the case of a letter lies, as mediation tells it: known before a letter is owed."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select, update

from services.notification.tables import LetterRow, PlaceRow
from shared.bulk import upsert
from shared.events import CaseAssigned, CaseOpened
from shared.kernel import ComplaintId
from shared.units.placing import places_in
from shared.work import Work, table_of

PLACES = table_of(PlaceRow)


class CasePlace(NamedTuple):
    """The unit a case lies with, and who works on it."""

    unit: UUID | None = None
    assignee: UUID | None = None


async def note_places(work: Work, events: Sequence[CaseOpened] | Sequence[CaseAssigned]) -> None:
    """Keep the newest word on each case, for its letters and those to come; two statements."""
    told = places_in(events)
    if not told:
        return
    new = upsert(work.session, PLACES).values([one._asdict() for one in told])
    names = ("unit", "assignee", "version")
    kept = new.on_conflict_do_update(
        index_elements=[PLACES.c.complaint_id],
        set_={name: new.excluded[name] for name in names},
        where=PLACES.c.version < new.excluded.version,
    )
    await work.session.execute(kept)
    ours = PlaceRow.complaint_id == LetterRow.complaint_id
    moved = update(LetterRow).where(LetterRow.complaint_id.in_([one.complaint_id for one in told]))
    place = {
        "unit": select(PlaceRow.unit).where(ours).scalar_subquery(),
        "assignee": select(PlaceRow.assignee).where(ours).scalar_subquery(),
    }
    options = {"synchronize_session": False}
    await work.session.execute(moved.values(place), execution_options=options)


async def places_of(work: Work, complaints: Sequence[ComplaintId]) -> dict[ComplaintId, CasePlace]:
    """Where these cases lie; the rows are ours until the end of the transaction.

    So a letter that is owed while its case moves is either moved with it or owed after it.
    """
    if not complaints:
        return {}
    row: dict[str, Any] = {"unit": None, "assignee": None, "version": 0}
    new = upsert(work.session, PLACES).values(
        [{"complaint_id": one} | row for one in sorted(complaints)]
    )
    held = new.on_conflict_do_update(
        index_elements=[PLACES.c.complaint_id], set_={"version": PLACES.c.version}
    ).returning(PLACES.c.complaint_id, PLACES.c.unit, PLACES.c.assignee)
    found = await work.session.execute(held)
    return {one.complaint_id: CasePlace(one.unit, one.assignee) for one in found}
