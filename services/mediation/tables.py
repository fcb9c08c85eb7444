"""The tables of mediation. Personal words are sealed; they are found again by blind index."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, Index, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column

from shared.columns import COLUMNS, Encrypted, new_metadata
from shared.kernel import ComplaintId
from shared.vault import Sealed

SEALED_LOG = "case_log.sealed"
SEALED_WORDS = "case_words.words"
SEALED_CHANGES = "amendments.changes"


class Base(MappedAsDataclass, DeclarativeBase):
    metadata = new_metadata()
    type_annotation_map: ClassVar = COLUMNS


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
    source: Mapped[str | None]
    forwarding_consent: Mapped[bool | None]
    """Whether the complainant agreed that it is passed on (同意转送); None: not stated."""
    state: Mapped[str]
    version: Mapped[int]
    pack: Mapped[str]
    pack_version: Mapped[int]
    assignee: Mapped[UUID | None] = mapped_column(default=None)
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


class CaseLogRow(Base, kw_only=True):
    """One step of one case: who, when, what, by which rule. Append only (事事有记录)."""

    __tablename__ = "case_log"
    __table_args__ = (Index("ix_case_log_id", "id"),)
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[UUID]
    """Ordered by the true time of writing; checkpoints cover stretches of it."""
    at: Mapped[datetime]
    actor_kind: Mapped[str]
    """staff, citizen, service or system."""
    actor: Mapped[UUID | None]
    role: Mapped[str]
    step: Mapped[str]
    rule: Mapped[str]
    source: Mapped[str]
    before: Mapped[str]
    after: Mapped[str]
    commitment: Mapped[bytes]
    sealed: Mapped[Sealed | None] = mapped_column(Encrypted(SEALED_LOG))
    """Salt and values; None once they were erased."""
    previous: Mapped[bytes]
    hash: Mapped[bytes]


class LogCheckpointRow(Base, kw_only=True):
    """A digest over a stretch of the whole log, so that a cut tail is noticed."""

    __tablename__ = "log_checkpoints"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    until: Mapped[UUID]
    """Covers log rows with an id from the last checkpoint's `until` on, up to without this."""
    rows: Mapped[int]
    digest: Mapped[bytes]
    at: Mapped[datetime]


class CaseWordsRow(Base, kw_only=True):
    """Our copy of what the desk lists: names, phones, subject. Intake stays the source."""

    __tablename__ = "case_words"
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    words: Mapped[Sealed | None] = mapped_column(Encrypted(SEALED_WORDS))
    fetched_at: Mapped[datetime]


class CaseLookupRow(Base, kw_only=True):
    """A blind index entry: finds cases by phone or by a party's full name."""

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


class ForwardingRow(Base, kw_only=True):
    """One forwarding of a case: the days its letter prints."""

    __tablename__ = "forwardings"
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    serial: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    forwarded_on: Mapped[date]
    reply_due: Mapped[date]
    mediator: Mapped[UUID | None]


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


class HeardRow(Base, kw_only=True):
    """What sisters said of a case: letters, evidence. Shown in its timeline."""

    __tablename__ = "heard"
    __table_args__ = (Index("ix_heard_case_id", "case_id"),)
    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID]
    at: Mapped[datetime]
    kind: Mapped[str]
    facts: Mapped[dict[str, Any]]


class StaffRow(Base, kw_only=True):
    """An account of somebody who works here."""

    __tablename__ = "staff"
    __table_args__ = (UniqueConstraint("name"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    """What they log in with, in normal form."""
    display: Mapped[str]
    role: Mapped[str]
    body: Mapped[str]
    """The body they work for; empty: all of them."""
    phone: Mapped[str]
    """The office phone that letters print."""
    password: Mapped[str]
    """Argon2id hash (RFC 9106)."""
    must_change: Mapped[bool]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)


class SessionRow(Base, kw_only=True):
    """Somebody is logged in. Only the hash of the cookie is kept."""

    __tablename__ = "sessions"
    __table_args__ = (
        Index("ix_sessions_staff_id", "staff_id"),
        Index("ix_sessions_expires_at", "expires_at"),
    )
    token: Mapped[bytes] = mapped_column(primary_key=True)
    staff_id: Mapped[UUID]
    begun_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class LoginFailureRow(Base, kw_only=True):
    """Failed log-ins from one address (kept as a keyed hash)."""

    __tablename__ = "login_failures"
    address: Mapped[bytes] = mapped_column(primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime]


class CalendarDayRow(Base, kw_only=True):
    """A day that an announcement names (or the law, while the announcement is not out)."""

    __tablename__ = "calendar_days"
    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str]
    festival: Mapped[str]
    source: Mapped[str]
    confirmed: Mapped[bool]


class CalendarVersionRow(Base, kw_only=True):
    """Each state the calendar was in, by its name."""

    __tablename__ = "calendar_versions"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[str]
    recorded_at: Mapped[datetime]
