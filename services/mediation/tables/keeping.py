"""Retention, holds, requests of persons, erasures on their way, copies, impact assessments."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.mediation.tables.base import Base
from shared.columns import Encrypted
from shared.kernel import ComplaintId
from shared.vault import Sealed

SEALED_HOLD = "holds.reason"
SEALED_SUBJECT = "privacy_requests.subject"
SEALED_DECISION = "privacy_requests.decision"
SEALED_PART = "copy_parts.content"
SEALED_ASSESSMENT = "assessments.content"


class RetentionPeriodRow(Base, kw_only=True):
    """How long a body keeps files of a class, where it is not what the data file says."""

    __tablename__ = "retention_periods"
    body: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    months: Mapped[int | None]
    """None: for ever."""
    changed_by: Mapped[UUID | None]
    changed_at: Mapped[datetime]


class RetentionDueRow(Base, kw_only=True):
    """A closed case whose period is over: it waits for somebody to approve that it goes."""

    __tablename__ = "retention_due"
    __table_args__ = (Index("ix_retention_due_body_due_on", "body", "due_on", "case_id"),)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    body: Mapped[str]
    code: Mapped[str]
    due_on: Mapped[date]
    listed_at: Mapped[datetime]


class HoldRow(Base, kw_only=True):
    """A legal hold (暂停删除) on a case: for a lawsuit, an investigation."""

    __tablename__ = "holds"
    __table_args__ = (Index("ix_holds_case_id", "case_id"), Index("ix_holds_body", "body"))
    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID]
    body: Mapped[str]
    reason: Mapped[Sealed | None] = mapped_column(Encrypted(SEALED_HOLD))
    """None once the words of the case were erased."""
    until: Mapped[date | None]
    """The last day; None: until it is lifted."""
    set_by: Mapped[UUID]
    set_at: Mapped[datetime]
    lifted_by: Mapped[UUID | None] = mapped_column(default=None)
    lifted_at: Mapped[datetime | None] = mapped_column(default=None)


class PrivacyRequestRow(Base, kw_only=True):
    """A person asks for the erasure of their data, or for a copy (个人信息保护法 art. 45, 47)."""

    __tablename__ = "privacy_requests"
    __table_args__ = (
        Index("ix_privacy_requests_body", "body", "id"),
        Index("ix_privacy_requests_state", "state", "id"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    body: Mapped[str]
    kind: Mapped[str]
    """erasure or copy."""
    state: Mapped[str]
    """asked, making, done or refused."""
    subject: Mapped[Sealed | None] = mapped_column(Encrypted(SEALED_SUBJECT))
    """Who asks, how their identity was checked, what they said; None once it was erased itself."""
    cases: Mapped[list[Any]]
    """The ids of the cases it is about."""
    asked_by: Mapped[UUID]
    """Who of the staff took it down."""
    asked_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(default=None)
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    decision: Mapped[Sealed | None] = mapped_column(Encrypted(SEALED_DECISION), default=None)
    """The reason."""
    outcome: Mapped[dict[str, Any]]
    """What became of each case: erased, or why it stays; of a copy, how far it is."""
    done_at: Mapped[datetime | None] = mapped_column(default=None)
    attempt: Mapped[UUID | None] = mapped_column(default=None)
    """Which attempt makes the copy, or made it last."""
    attempt_until: Mapped[datetime | None] = mapped_column(default=None)
    """Until when nobody else makes it; once past, when it was last tried."""


class ErasureRow(Base, kw_only=True):
    """An erasure that was approved, on its way to intake."""

    __tablename__ = "erasures"
    __table_args__ = (Index("ix_erasures_sent_at", "sent_at", "case_id"),)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    complaint_id: Mapped[ComplaintId]
    why: Mapped[str]
    """request or retention."""
    request: Mapped[UUID | None]
    approved_by: Mapped[UUID]
    approved_at: Mapped[datetime]
    sent_at: Mapped[datetime | None] = mapped_column(default=None)
    """When intake had carried it out; sisters hear of it from intake."""


class CopyPartRow(Base, kw_only=True):
    """A part of the archive that a person is given, until its link ends."""

    __tablename__ = "copy_parts"
    __table_args__ = (
        UniqueConstraint("request", "place"),
        Index("ix_copy_parts_until", "until"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    request: Mapped[UUID]
    place: Mapped[int]
    content: Mapped[Sealed] = mapped_column(Encrypted(SEALED_PART))
    until: Mapped[datetime]


class AssessmentRow(Base, kw_only=True):
    """An impact assessment of one purpose (个人信息保护影响评估, 个人信息保护法 art. 55-56)."""

    __tablename__ = "assessments"
    __table_args__ = (UniqueConstraint("body", "purpose", "version"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    body: Mapped[str]
    purpose: Mapped[str]
    version: Mapped[int]
    content: Mapped[Sealed] = mapped_column(Encrypted(SEALED_ASSESSMENT))
    """Kinds of data, necessity, impact and measures, as JSON."""
    assessor: Mapped[UUID]
    assessed_on: Mapped[date]
    review_on: Mapped[date]
    made_at: Mapped[datetime]
