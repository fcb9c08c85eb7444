"""Whose the things are that intake's trail tells of."""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import select

from services.intake.tables import AttachmentRow, ComplaintRow
from shared.trail.belonging import Belonging, Ids


def complaints(bodies: Collection[str]) -> Ids:
    """Their complaints."""
    return select(ComplaintRow.id).where(ComplaintRow.body.in_(bodies))


def the_complaint(complaint: UUID) -> Ids:
    """The complaint itself."""
    return select(ComplaintRow.id).where(ComplaintRow.id == complaint)


def files(bodies: Collection[str]) -> Ids:
    """Files of their complaints; nothing but refusals is about one."""
    return select(AttachmentRow.id).where(AttachmentRow.complaint_id.in_(complaints(bodies)))


THINGS: Mapping[str, Belonging] = MappingProxyType(
    {
        "complaint": Belonging(complaints, the_complaint, number=ComplaintRow.number),
        "file": Belonging(files),
    }
)
