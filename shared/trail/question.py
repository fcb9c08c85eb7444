"""What somebody wants to know of the trail."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

MOST = 2000
"""Rows of one answer, and rows that are opened for it."""


class Question(BaseModel):
    """What somebody wants to know of the trail."""

    model_config = ConfigDict(extra="forbid")

    before: UUID | None = None
    """Only rows older than the one of this id."""
    limit: int = Field(default=50, ge=1, le=MOST)
    most_opened: int = Field(default=MOST, ge=1, le=MOST)
    """So many rows are gone through for one answer at most, also where few of them are theirs."""
    since: datetime | None = None
    until: datetime | None = None
    """Up to, but without, this instant."""
    people: list[UUID] | None = Field(default=None, max_length=5000)
    """What these did, what was done in their name, or with their accounts; None: everybody's."""
    bodies: list[str] | None = Field(default=None, max_length=5000)
    """Whose things may be seen at all (see `belonging`); None: everybody's."""
    staff: list[UUID] = Field(default_factory=list, max_length=200_000)
    """Who works for these bodies, or did: what they did to nobody's things may be seen."""
    nobodys: bool = False
    """With `bodies`: whether all that was done to nobody's things may be seen, too: settings, rule
    packs, keys and refusals, whoever did it."""
    kind: str | None = None
    complaint: UUID | None = None
    """Only what was done to this complaint, its case and its letters."""
    actions: list[str] | None = Field(default=None, max_length=200)
