"""Accounts, who is logged in, and failed log-ins."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
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
    """Failed log-ins from one address, or for one account name from one address."""

    __tablename__ = "login_failures"
    address: Mapped[bytes] = mapped_column(primary_key=True)
    """A keyed hash of the address, or of address and name."""
    failures: Mapped[int]
    last_at: Mapped[datetime]
