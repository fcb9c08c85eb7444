"""Who reported, kept apart; what was erased, and which files are still to go."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.intake.tables.base import Base
from services.intake.tables.complaints import ComplaintRow
from shared.columns import Encrypted
from shared.kernel import ComplaintId
from shared.vault import Sealed

REPORTER = "reporters.identity"
REPORTER_HERE = "kind = 'report' AND complainant IS NOT NULL"
"""Reports from before reporters had a store of their own: they are moved there."""

Index(
    "ix_complaints_reporters_here",
    ComplaintRow.id,
    postgresql_where=text(REPORTER_HERE),
    sqlite_where=text(REPORTER_HERE),
)


class ReporterRow(Base, kw_only=True):
    """Who reported (举报人): kept apart from what they reported, which handlers read.

    市场监督管理投诉举报处理办法 art. 37: neither the respondent nor staff who have nothing to do
    with it may learn of it.
    """

    __tablename__ = "reporters"
    complaint_id: Mapped[UUID] = mapped_column(primary_key=True)
    identity: Mapped[Sealed] = mapped_column(Encrypted(REPORTER))
    """Complainant, agent, and joint complainants with their representatives, as JSON."""
    kept_at: Mapped[datetime]


class ErasedRow(Base, kw_only=True):
    """A complaint whose words were erased: nobody brings them back."""

    __tablename__ = "erased"
    __table_args__ = (UniqueConstraint("mark"),)
    complaint_id: Mapped[ComplaintId] = mapped_column(primary_key=True)
    mark: Mapped[bytes]
    """The complaint's mark in the ledger of erasures."""
    why: Mapped[str]
    """request, retention, or ledger: a backup had brought it back."""
    erased_at: Mapped[datetime]


class ErasedFileRow(Base, kw_only=True):
    """A sealed file that no row has, or has any more: it goes from the storage after the commit."""

    __tablename__ = "erased_files"
    stored: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime]
