"""The tables of notification. Words, files and addresses are sealed; numbers and states are not."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column

from shared.columns import COLUMNS, Encrypted, new_metadata
from shared.kernel import ComplaintId
from shared.units.tables import units_in
from shared.vault import Sealed

SEALED_FACTS = "letters.facts"
SEALED_FILE = "letter_files.body"


class Base(MappedAsDataclass, DeclarativeBase):
    metadata = new_metadata()
    type_annotation_map: ClassVar = COLUMNS


units_in(Base.metadata)


class LetterRow(Base, kw_only=True):
    """One letter with its document number (文号). One per case, kind and forwarding."""

    __tablename__ = "letters"
    __table_args__ = (
        UniqueConstraint("case_id", "kind", "serial"),
        UniqueConstraint("body", "kind", "year", "number"),
        Index("ix_letters_state_due_at", "state", "due_at"),
        Index("ix_letters_body_state", "body", "state", "id"),
        Index("ix_letters_unit_state", "unit", "state", "id"),
        Index("ix_letters_document_number", "document_number"),
        Index("ix_letters_complaint_id", "complaint_id"),
        Index("ix_letters_case_number", "case_number"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID]
    complaint_id: Mapped[ComplaintId]
    kind: Mapped[str]
    serial: Mapped[int]
    """1 for the first forwarding of the case, 2 for the next."""
    version: Mapped[int]
    """The event of mediation that owed it: an older ending of the case does not concern it."""
    body: Mapped[str]
    demo: Mapped[bool]
    year: Mapped[int]
    number: Mapped[int]
    document_number: Mapped[str]
    issued_on: Mapped[date]
    forwarded_on: Mapped[date]
    reply_due: Mapped[date]
    state: Mapped[str]
    reason: Mapped[str | None] = mapped_column(default=None)
    lacking: Mapped[list[Any] | None] = mapped_column(default=None)
    """What a person must supply: names of facts, or characters."""
    due_at: Mapped[datetime | None]
    """When something is to be done with it; none once nothing is."""
    case_number: Mapped[str | None] = mapped_column(default=None)
    facts: Mapped[Sealed | None] = mapped_column(Encrypted(SEALED_FACTS), default=None)
    made_at: Mapped[datetime | None] = mapped_column(default=None)
    sent_at: Mapped[datetime | None] = mapped_column(default=None)
    way: Mapped[str | None] = mapped_column(default=None)
    """email or print, once it is out."""
    round: Mapped[int] = mapped_column(default=1)
    """Counts deliberate sendings; each has a Message-ID of its own, its repetitions share it."""
    tries: Mapped[int] = mapped_column(default=0)
    """Attempts of this round; while it is owed, how often a sister did not know of it yet."""
    unit: Mapped[UUID | None] = mapped_column(default=None)
    """The unit (部门) its case lies with now; None: the body itself."""
    assignee: Mapped[UUID | None] = mapped_column(default=None)
    """Who works on its case."""


class LetterFileRow(Base, kw_only=True):
    """A letter as it was printed, kept from the moment it is first needed."""

    __tablename__ = "letter_files"
    letter_id: Mapped[UUID] = mapped_column(
        ForeignKey("letters.id", ondelete="CASCADE"), primary_key=True
    )
    body: Mapped[Sealed] = mapped_column(Encrypted(SEALED_FILE))
    sha256: Mapped[str]
    made_at: Mapped[datetime]


class AttemptRow(Base, kw_only=True):
    """One attempt to deliver a letter. `ended_at` is empty while it is under way."""

    __tablename__ = "attempts"
    letter_id: Mapped[UUID] = mapped_column(
        ForeignKey("letters.id", ondelete="CASCADE"), primary_key=True
    )
    place: Mapped[int] = mapped_column(primary_key=True)
    """1 for the first attempt of the letter."""
    way: Mapped[str]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    reason: Mapped[str | None] = mapped_column(default=None)
    """Why it failed; empty for success."""
    detail: Mapped[str] = mapped_column(default="")
    """What the mail server said, without addresses."""
    message_id: Mapped[str | None] = mapped_column(default=None)
    actor: Mapped[UUID | None] = mapped_column(default=None)
    """The person who handed it over, if it was one."""


class DocumentNumberRow(Base, kw_only=True):
    """The last document number of an organisation, kind and year. Counts without gaps."""

    __tablename__ = "document_numbers"
    body: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class EndingRow(Base, kw_only=True):
    """The newest event of mediation that ended a case: an older forwarding owes no letter."""

    __tablename__ = "endings"
    complaint_id: Mapped[ComplaintId] = mapped_column(primary_key=True)
    body: Mapped[str]
    version: Mapped[int]
    """0 while nothing has ended."""


class PlaceRow(Base, kw_only=True):
    """Where the case of a complaint lies now: letters of it lie there, too."""

    __tablename__ = "places"
    complaint_id: Mapped[ComplaintId] = mapped_column(primary_key=True)
    unit: Mapped[UUID | None]
    assignee: Mapped[UUID | None]
    version: Mapped[int]
    """Of the event of mediation that said so; 0 while none did."""


class SpokenRow(Base, kw_only=True):
    """How many events we have announced about a complaint: the `version` of the last one."""

    __tablename__ = "spoken"
    complaint_id: Mapped[ComplaintId] = mapped_column(primary_key=True)
    version: Mapped[int]
