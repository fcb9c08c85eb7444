"""Our copy of personal words: sealed, found again by blind index, corrected."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from services.mediation.tables.base import Base
from shared.columns import Encrypted
from shared.kernel import ComplaintId
from shared.vault import Sealed

SEALED_WORDS = "case_words.words"
SEALED_CHANGES = "amendments.changes"


class CaseWordsRow(Base, kw_only=True):
    """Our copy of what the desk lists and finds: names, numbers, subject. Intake is the source."""

    __tablename__ = "case_words"
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    words: Mapped[Sealed | None] = mapped_column(Encrypted(SEALED_WORDS))
    fetched_at: Mapped[datetime]


class CaseLookupRow(Base, kw_only=True):
    """A blind index entry: finds cases by a phone, an ID number or a party's full name."""

    __tablename__ = "case_lookups"
    __table_args__ = (Index("ix_case_lookups_case_id", "case_id"),)
    kind: Mapped[str] = mapped_column(primary_key=True)
    token: Mapped[bytes] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)


class WordsWantedRow(Base, kw_only=True):
    """A case whose words must be fetched from intake (again)."""

    __tablename__ = "words_wanted"
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    complaint_id: Mapped[ComplaintId]
    asked_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    """How often intake did not know the complaint."""
    again_at: Mapped[datetime | None] = mapped_column(default=None)
    """When to ask again, after intake did not know it; None: at once."""


class AmendmentRow(Base, kw_only=True):
    """A correction of the record, on its way to intake."""

    __tablename__ = "amendments"
    __table_args__ = (Index("ix_amendments_pushed_at", "pushed_at", "id"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID]
    complaint_id: Mapped[ComplaintId]
    changes: Mapped[Sealed | None] = mapped_column(Encrypted(SEALED_CHANGES))
    made_at: Mapped[datetime]
    pushed_at: Mapped[datetime | None] = mapped_column(default=None)
