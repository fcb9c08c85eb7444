"""Invitations of respondents to see what is complained of."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.mediation.tables.base import Base


class InvitationRow(Base, kw_only=True):
    """A respondent's way to one case (被投诉方邀请). Its code is derived, never stored."""

    __tablename__ = "invitations"
    __table_args__ = (UniqueConstraint("key"), Index("ix_invitations_case_id", "case_id"))
    id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str]
    """What stands in the link: random, and worth nothing without the code."""
    case_id: Mapped[UUID]
    made_by: Mapped[UUID | None]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None] = mapped_column(default=None)
    """When it was opened first."""
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
