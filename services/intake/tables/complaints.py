"""Complaints, their files and their codes: facts in the clear, what is personal sealed."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.intake.domain.scanning import Scan
from services.intake.tables.base import Base
from shared.columns import Encrypted
from shared.units.tables import units_in
from shared.vault import Sealed

COMPLAINANT = "complaints.complainant"
RESPONDENT = "complaints.respondent"
WORDS = "complaints.words"
FILE_NAME = "attachments.name"
UPLOAD_NAME = "uploads.name"
LOST_CODE = "lost_codes.asked"


units_in(Base.metadata)


class ComplaintRow(Base, kw_only=True):
    """The record of a complaint (投诉). `version` counts the events that intake said of it."""

    __tablename__ = "complaints"
    __table_args__ = (UniqueConstraint("number"), UniqueConstraint("caller", "key_hash"))
    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str]
    """The public number; with the query code it opens the status page."""
    caller: Mapped[str]
    """Whose keys `key_hash` is told apart among: public, staff:…, service:…, external:…."""
    key_hash: Mapped[bytes | None]
    """HMAC of the sender's Idempotency-Key."""
    body_mac: Mapped[bytes]
    """HMAC of the canonical body, to tell a repetition from a second complaint."""
    body: Mapped[str]
    """The organisation that received it."""
    demo: Mapped[bool]
    kind: Mapped[str]
    channel: Mapped[str]
    registrar: Mapped[UUID | None] = mapped_column(default=None)
    """Who of the staff entered it."""
    received_at: Mapped[datetime]
    """When it was received; for imports and partners the original instant."""
    registered_at: Mapped[datetime]
    region: Mapped[str | None]
    category: Mapped[str | None]
    category_version: Mapped[str | None]
    nature: Mapped[str | None]
    amount_fen: Mapped[int | None] = mapped_column(BigInteger)
    happened_on: Mapped[date | None]
    respondent_known: Mapped[bool]
    source: Mapped[str | None]
    code_generation: Mapped[int] = mapped_column(default=1)
    """A lost query code is replaced by raising this."""
    version: Mapped[int] = mapped_column(default=1)
    files: Mapped[int] = mapped_column(default=0)
    withdrawn_at: Mapped[datetime | None] = mapped_column(default=None)
    unit: Mapped[UUID | None] = mapped_column(default=None)
    """The unit (部门) its case lies with now; None: the body itself."""
    assignee: Mapped[UUID | None] = mapped_column(default=None)
    """Who works on its case."""
    placed: Mapped[int | None] = mapped_column(default=None)
    """The event of mediation that said so; older ones change nothing."""
    notice: Mapped[str | None] = mapped_column(default=None)
    """The version of the privacy notice (隐私告知) that the person saw or was read; null: none."""
    complainant: Mapped[Sealed | None] = mapped_column(Encrypted(COMPLAINANT))
    respondent: Mapped[Sealed | None] = mapped_column(Encrypted(RESPONDENT))
    words: Mapped[Sealed | None] = mapped_column(Encrypted(WORDS))


class AttachmentRow(Base, kw_only=True):
    """A file of a complaint; its content lies sealed in the storage under `stored`."""

    __tablename__ = "attachments"
    __table_args__ = (
        UniqueConstraint("complaint_id", "digest"),
        Index("ix_attachments_scan", "scan", "scan_due_at"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    complaint_id: Mapped[UUID] = mapped_column(ForeignKey("complaints.id"))
    name: Mapped[Sealed] = mapped_column(Encrypted(FILE_NAME))
    kind: Mapped[str]
    size: Mapped[int]
    digest: Mapped[bytes]
    """HMAC of the content: the same file is kept once."""
    stored: Mapped[str]
    added_at: Mapped[datetime]
    scan: Mapped[str] = mapped_column(default=Scan.UNSCANNED, server_default=Scan.UNSCANNED)
    """What the scanner found (`Scan`)."""
    scanned_at: Mapped[datetime | None] = mapped_column(default=None)
    scan_due_at: Mapped[datetime | None] = mapped_column(default=None)
    """After a failure: when to try again."""
    scan_tries: Mapped[int] = mapped_column(default=0, server_default="0")


class UploadRow(Base, kw_only=True):
    """A file of a form that came back with errors, kept until the form is sent again."""

    __tablename__ = "uploads"
    __table_args__ = (
        UniqueConstraint("form_hash", "digest"),
        Index("ix_uploads_kept_at", "kept_at"),
        Index("ix_uploads_sender", "sender"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    form_hash: Mapped[bytes]
    """HMAC of the form's hidden key."""
    name: Mapped[Sealed] = mapped_column(Encrypted(UPLOAD_NAME))
    kind: Mapped[str]
    size: Mapped[int]
    digest: Mapped[bytes]
    stored: Mapped[str]
    kept_at: Mapped[datetime]
    sender: Mapped[bytes | None] = mapped_column(default=None)
    """HMAC of the address it came from: so much may wait of each."""


class PublicStepRow(Base, kw_only=True):
    """A step of the case that the citizen may see; the newest version says where it stands."""

    __tablename__ = "public_status"
    complaint_id: Mapped[UUID] = mapped_column(primary_key=True)
    speaker: Mapped[str] = mapped_column(primary_key=True)
    """The service that said it: versions are counted per speaker."""
    version: Mapped[int] = mapped_column(primary_key=True)
    step: Mapped[str]
    at: Mapped[datetime]
    facts: Mapped[dict[str, Any]]


class AmendmentRow(Base, kw_only=True):
    """An amendment that was applied; a repetition finds it here."""

    __tablename__ = "amendments"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    complaint_id: Mapped[UUID]
    applied_at: Mapped[datetime]


class LostCodeRow(Base, kw_only=True):
    """Somebody says that they lost their query code; whether that is so, nobody has looked yet."""

    __tablename__ = "lost_codes"
    __table_args__ = (Index("ix_lost_codes_due_at", "due_at"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    asked: Mapped[Sealed] = mapped_column(Encrypted(LOST_CODE))
    """What was typed: number, and telephone or e-mail."""
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]


class MailedCodeRow(Base, kw_only=True):
    """A code that goes to the address known from a complaint; good once, for a while."""

    __tablename__ = "mailed_codes"
    __table_args__ = (
        Index("ix_mailed_codes_complaint_id_mailed_at", "complaint_id", "mailed_at"),
        Index("ix_mailed_codes_due_at", "due_at"),
        Index("ix_mailed_codes_to_mac_mailed_at", "to_mac", "mailed_at"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    complaint_id: Mapped[UUID] = mapped_column(ForeignKey("complaints.id"))
    purpose: Mapped[str]
    """lost-code or letters-code: what it opens."""
    code_mac: Mapped[bytes]
    mailed_at: Mapped[datetime]
    """When it was given out; a letters code is mailed a moment later, by a step."""
    until: Mapped[datetime]
    used_at: Mapped[datetime | None] = mapped_column(default=None)
    to_mac: Mapped[bytes | None] = mapped_column(default=None)
    """HMAC of where it goes, so that nobody's mailbox is flooded through many complaints."""
    due_at: Mapped[datetime | None] = mapped_column(default=None)
    """When it is to be sent; none once it was, or where it is sent at once."""
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    """How often it was typed, wrongly or not."""
