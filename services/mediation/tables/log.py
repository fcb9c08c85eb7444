"""The log of every step. Append only."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from services.mediation.tables.base import Base
from shared.columns import Encrypted
from shared.vault import Sealed

SEALED_LOG = "case_log.sealed"
LATER = "step <> 'open'"
"""Opening a case costs no place in the index by steps: every few rows there is one."""


class CaseLogRow(Base, kw_only=True):
    """One step of one case: who, when, what, by which rule. Append only (事事有记录)."""

    __tablename__ = "case_log"
    __table_args__ = (
        Index("ix_case_log_id", "id"),
        Index(
            "ix_case_log_actor",
            "actor",
            "id",
            postgresql_where=text("actor IS NOT NULL"),
            sqlite_where=text("actor IS NOT NULL"),
        ),
        Index(
            "ix_case_log_behalf",
            "behalf",
            "id",
            postgresql_where=text("behalf IS NOT NULL"),
            sqlite_where=text("behalf IS NOT NULL"),
        ),
        Index(
            "ix_case_log_step",
            "step",
            "id",
            postgresql_where=text(LATER),
            sqlite_where=text(LATER),
        ),
    )
    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[UUID]
    """Ordered by the true time of writing; checkpoints cover stretches of it."""
    at: Mapped[datetime]
    actor_kind: Mapped[str]
    """staff, citizen, service or system."""
    actor: Mapped[UUID | None]
    behalf: Mapped[UUID | None] = mapped_column(default=None)
    """For whom a stand-in acted (代理); None: for themselves."""
    role: Mapped[str]
    step: Mapped[str]
    rule: Mapped[str]
    source: Mapped[str]
    before: Mapped[str]
    after: Mapped[str]
    commitment: Mapped[bytes]
    sealed: Mapped[Sealed | None] = mapped_column(Encrypted(SEALED_LOG, row="case_id"))
    """Salt and values; None once they were erased."""
    previous: Mapped[bytes]
    hash: Mapped[bytes]
