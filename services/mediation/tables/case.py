"""A case, its forwardings, and what sisters said of it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.mediation.tables.base import Base
from shared.kernel import ComplaintId


class CaseRow(Base, kw_only=True):
    """A case, with its state. `version` counts its log rows and its events."""

    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("complaint_id"),
        UniqueConstraint("number"),
        Index("ix_cases_body_queue_on", "body", "queue_on", "id"),
        Index("ix_cases_body_state", "body", "state", "queue_on", "id"),
        Index(
            "ix_cases_assignee",
            "assignee",
            "queue_on",
            "id",
            postgresql_where=text("assignee IS NOT NULL"),
            sqlite_where=text("assignee IS NOT NULL"),
        ),
        Index(
            "ix_cases_unit",
            "unit",
            "queue_on",
            "id",
            postgresql_where=text("unit IS NOT NULL"),
            sqlite_where=text("unit IS NOT NULL"),
        ),
        Index(
            "ix_cases_closed",
            *("body", "kind", "pack", "outcome", "closed_on", "id"),
            postgresql_where=text("closed_on IS NOT NULL"),
            sqlite_where=text("closed_on IS NOT NULL"),
        ),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    complaint_id: Mapped[ComplaintId]
    number: Mapped[str]
    body: Mapped[str]
    demo: Mapped[bool]
    kind: Mapped[str]
    channel: Mapped[str]
    received_at: Mapped[datetime]
    received_on: Mapped[date]
    """The legal day it was received on: day 0 of the clock of acceptance."""
    region: Mapped[str | None]
    category: Mapped[str | None]
    nature: Mapped[str | None]
    amount_fen: Mapped[int | None] = mapped_column(BigInteger)
    happened_on: Mapped[date | None]
    respondent_known: Mapped[bool]
    """Whether it can be found: by a name or by a credit code."""
    respondent_named: Mapped[bool]
    """Whether it has a name, so that it can be written to."""
    source: Mapped[str | None]
    forwarding_consent: Mapped[bool | None]
    """Whether the complainant agreed that it is passed on (同意转送); None: not stated."""
    state: Mapped[str]
    version: Mapped[int]
    pack: Mapped[str]
    pack_version: Mapped[int]
    assignee: Mapped[UUID | None] = mapped_column(default=None)
    unit: Mapped[UUID | None] = mapped_column(default=None)
    """The unit it lies with; None: the body itself."""
    clocks: Mapped[dict[str, Any]]
    """Each clock's derivation by its name."""
    due_on: Mapped[date | None]
    due_for: Mapped[str | None]
    due_status: Mapped[str | None]
    queue_on: Mapped[date]
    """The day by which the desk sorts: `due_on`, else far away (ended, then closed)."""
    accepted_on: Mapped[date | None] = mapped_column(default=None)
    serial: Mapped[int] = mapped_column(default=0)
    """How often it was forwarded."""
    forwarded_on: Mapped[date | None] = mapped_column(default=None)
    replied_on: Mapped[date | None] = mapped_column(default=None)
    reason: Mapped[str | None] = mapped_column(default=None)
    outcome: Mapped[str | None] = mapped_column(default=None)
    closed_on: Mapped[date | None] = mapped_column(default=None)
    recovered_fen: Mapped[int | None] = mapped_column(BigInteger, default=None)
    files: Mapped[int] = mapped_column(default=0)
    """How many files of evidence there are."""
    facts_version: Mapped[int] = mapped_column(default=1)
    """The event of intake that the facts are from: an older one, heard late, changes nothing."""
    files_version: Mapped[int] = mapped_column(default=1)
    """The same of `files`."""
    chain: Mapped[bytes]
    """The hash of the newest log row."""
    opened_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class ForwardingRow(Base, kw_only=True):
    """One forwarding of a case: the days its letter prints."""

    __tablename__ = "forwardings"
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    serial: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    forwarded_on: Mapped[date]
    reply_due: Mapped[date]
    mediator: Mapped[UUID | None]


class HeardRow(Base, kw_only=True):
    """What sisters said of a case: letters, evidence. Shown in its timeline."""

    __tablename__ = "heard"
    __table_args__ = (Index("ix_heard_case_id", "case_id"),)
    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID]
    at: Mapped[datetime]
    kind: Mapped[str]
    facts: Mapped[dict[str, Any]]
