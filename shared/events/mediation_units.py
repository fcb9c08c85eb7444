"""What mediation states of the units of an organisation."""

from typing import ClassVar
from uuid import UUID

from shared.events.base import Event


class UnitChanged(Event):
    """A unit (部门) was made, renamed, moved in the tree or ended."""

    TYPE = "mediation.unit_changed.v1"
    SUBJECT: ClassVar[str] = "unit_id"

    unit_id: UUID
    body: str
    parent: UUID | None = None
    path: str
    """Its place in the tree: `/<id>/<id>/` from the top, its own id last."""
    code: str
    unit_name: str | None = None
    """What it is called (no personal data); None where it was said before names were."""
    ended: bool = False
