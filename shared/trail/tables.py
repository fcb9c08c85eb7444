"""The tables of the trail, the same in every service's database. Append only."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column

from shared.columns import COLUMNS, Encrypted, new_metadata
from shared.vault import Sealed

SEALED = "audit_log.sealed"
FOR_SOMEBODY = "for_id IS NOT NULL"
"""Few rows are noted for somebody else: the others need no place in that index."""


class Base(MappedAsDataclass, DeclarativeBase):
    metadata = new_metadata()
    type_annotation_map: ClassVar = COLUMNS


class AuditRow(Base, kw_only=True):
    """One thing that somebody did: who, when, what, to what (事事有记录). Append only."""

    __tablename__ = "audit_log"
    __table_args__ = (
        Index("ix_audit_log_id", "id"),
        Index("ix_audit_log_doer", "doer", "id"),
        Index("ix_audit_log_action", "action", "id"),
        Index("ix_audit_log_kind", "kind", "id"),
        Index(
            "ix_audit_log_for_id",
            "for_id",
            "id",
            postgresql_where=text(FOR_SOMEBODY),
            sqlite_where=text(FOR_SOMEBODY),
        ),
    )
    kind: Mapped[str] = mapped_column(primary_key=True)
    """The kind of chain: staff, unit, setting, case …; see `Chain`."""
    key: Mapped[str] = mapped_column(primary_key=True)
    """Which of that kind: an id or a code, never a name."""
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Counted from 1 in each chain."""
    id: Mapped[UUID]
    """Ordered by the true time of writing; checkpoints cover stretches of it."""
    at: Mapped[datetime]
    doer_kind: Mapped[str]
    """staff, citizen, respondent, service, console or system."""
    doer: Mapped[UUID | None]
    role: Mapped[str]
    for_id: Mapped[UUID | None]
    """On whose behalf (代理、代办), where it is not the doer's own."""
    action: Mapped[str]
    """A code of `Deed`."""
    commitment: Mapped[bytes]
    sealed: Mapped[Sealed | None] = mapped_column(Encrypted(SEALED, row="id"))
    """Salt and values, names and reasons included; None once they were erased."""
    previous: Mapped[bytes]
    hash: Mapped[bytes]


class AuditHeadRow(Base, kw_only=True):
    """Where a chain ends, so that a cut tail is noticed; also the lock of its writers."""

    __tablename__ = "audit_heads"
    kind: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int]
    hash: Mapped[bytes]
    mac: Mapped[bytes]
    """Over the other columns, with a key that does not lie in the database."""


class CheckpointRow(Base, kw_only=True):
    """A digest over a stretch of all logs of a service, chained to the checkpoint before it."""

    __tablename__ = "log_checkpoints"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    until: Mapped[UUID]
    """Covers rows with an id from the last checkpoint's `until` on, up to without this."""
    rows: Mapped[int]
    digest: Mapped[bytes]
    at: Mapped[datetime]


TABLES = tuple(Base.metadata.sorted_tables)
