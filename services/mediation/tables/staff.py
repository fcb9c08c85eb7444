"""Accounts of the people who work here."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.mediation.tables.base import Base


class StaffRow(Base, kw_only=True):
    """An account of somebody who works here."""

    __tablename__ = "staff"
    __table_args__ = (UniqueConstraint("name"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    """What they log in with, in normal form."""
    display: Mapped[str]
    body: Mapped[str]
    """The body they work for; empty: all of them."""
    unit: Mapped[UUID | None] = mapped_column(default=None)
    """The unit they work in; None: the body itself."""
    phone: Mapped[str]
    """The office phone that letters print."""
    password: Mapped[str]
    """Argon2id hash (RFC 9106)."""
    must_change: Mapped[bool]
    """Whether the password is a one-time one, which somebody else made."""
    one_time_until: Mapped[datetime | None] = mapped_column(default=None)
    """Until when a one-time password opens the account; None: it is the person's own."""
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
