"""Where cases lie, as mediation tells its sisters: unit and assignee, the newest word of each."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from shared.events import CaseAssigned, CaseOpened
from shared.kernel import ComplaintId


class Placed(NamedTuple):
    """Where the case of a complaint lies since an event."""

    complaint_id: ComplaintId
    unit: UUID | None
    assignee: UUID | None
    version: int


def places_in(events: Sequence[CaseOpened] | Sequence[CaseAssigned]) -> list[Placed]:
    """The newest word on each complaint, in the order of their ids.

    A case that is opened with the body itself lies where every case does that nobody spoke of.
    """
    told = [placed(one) for one in events if isinstance(one, CaseAssigned) or one.unit]
    newest = {one.complaint_id: one for one in sorted(told, key=lambda one: one.version)}
    return [newest[one] for one in sorted(newest)]


def placed(event: CaseOpened | CaseAssigned) -> Placed:
    """What one event says."""
    if isinstance(event, CaseAssigned):
        return Placed(event.complaint_id, event.unit, event.assignee, event.version)
    unit = UUID(event.unit) if event.unit else None
    return Placed(event.complaint_id, unit, None, event.version)
