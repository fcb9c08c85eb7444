"""Whose the things are that notification's trail tells of."""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import select

from services.notification.tables import LetterRow
from shared.trail.belonging import Belonging, Ids


def letters(bodies: Collection[str]) -> Ids:
    """Their letters."""
    return select(LetterRow.id).where(LetterRow.body.in_(bodies))


def letters_of(complaint: UUID) -> Ids:
    """The letters about a complaint."""
    return select(LetterRow.id).where(LetterRow.complaint_id == complaint)


THINGS: Mapping[str, Belonging] = MappingProxyType({"letter": Belonging(letters, letters_of)})
