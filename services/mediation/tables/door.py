"""Who is logged in and how: sessions, second factors, tokens for scripts, ways back in."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.mediation.tables.base import Base
from shared.columns import Encrypted
from shared.vault import Sealed

SEALED_FACTOR = "second_factors.secret"
SEALED_RECOVERY = "recoveries.reason"


class SessionRow(Base, kw_only=True):
    """Somebody is logged in. Only the hash of the cookie is kept, and no address."""

    __tablename__ = "sessions"
    __table_args__ = (
        UniqueConstraint("id"),
        Index("ix_sessions_staff_id", "staff_id"),
        Index("ix_sessions_expires_at", "expires_at"),
    )
    token: Mapped[bytes] = mapped_column(primary_key=True)
    id: Mapped[UUID]
    """What its owner calls it by; it opens nothing."""
    staff_id: Mapped[UUID]
    begun_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    """Last used, to the minute."""
    proved_at: Mapped[datetime]
    """When its owner last proved who they are: at the log-in, to their provider before it
    (`auth_time`), or by their password since."""
    expires_at: Mapped[datetime]
    device: Mapped[str]
    """Program and system in words, such as `Firefox · Linux`; empty: not known."""
    network: Mapped[str]
    """`local` (this machine), `private` (本单位网络) or `public`; empty: not known."""
    address: Mapped[bytes]
    """A keyed hash of the address (IPv6: of its site): equal ones can be told, nothing else."""


class LoginFailureRow(Base, kw_only=True):
    """Failed log-ins from one address, for one account name there, or wrong codes of an account."""

    __tablename__ = "login_failures"
    address: Mapped[bytes] = mapped_column(primary_key=True)
    """A keyed hash of the address (IPv6: of its site), of it and a name, or of the account."""
    failures: Mapped[int]
    last_at: Mapped[datetime]


class SecondFactorRow(Base, kw_only=True):
    """The secret that a person's telephone makes codes of (动态口令, RFC 6238)."""

    __tablename__ = "second_factors"
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    secret: Mapped[Sealed] = mapped_column(Encrypted(SEALED_FACTOR))
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None] = mapped_column(default=None)
    """Since when it is asked for; None while nobody has shown that their telephone knows it."""
    last_step: Mapped[int] = mapped_column(default=0)
    """The half minute whose code was used last: that one and all before it are worth nothing."""


class RecoveryCodeRow(Base, kw_only=True):
    """A code on paper (备用码) that stands in for the telephone once; only its keyed hash."""

    __tablename__ = "recovery_codes"
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    code: Mapped[bytes] = mapped_column(primary_key=True)


class RecoveryRow(Base, kw_only=True):
    """A way back in for somebody (账号恢复): asked by one administrator, approved by another."""

    __tablename__ = "recoveries"
    __table_args__ = (Index("ix_recoveries_staff_id", "staff_id"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    reason: Mapped[Sealed] = mapped_column(Encrypted(SEALED_RECOVERY))
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[datetime]
    approved_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"), default=None)
    approved_at: Mapped[datetime | None] = mapped_column(default=None)
    told_at: Mapped[datetime | None] = mapped_column(default=None)
    """When the person themselves read of it, at their next log-in."""


class ApiTokenRow(Base, kw_only=True):
    """A token for scripts (接口令牌). The token itself is not kept, nor its `jti`."""

    __tablename__ = "api_tokens"
    __table_args__ = (UniqueConstraint("jti"), Index("ix_api_tokens_staff_id", "staff_id"))
    id: Mapped[UUID] = mapped_column(primary_key=True)
    jti: Mapped[bytes]
    """SHA-256 of the token's own id."""
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    name: Mapped[str]
    """What its owner calls it."""
    scopes: Mapped[list[Any]]
    """Codes of the actions it is good for."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    seen_at: Mapped[datetime | None] = mapped_column(default=None)
    """Last used, to the minute."""
    ended_at: Mapped[datetime | None] = mapped_column(default=None)


class SubjectRow(Base, kw_only=True):
    """Whose account an outside log-in opens: issuer and subject (OpenID Connect Core, 5.7)."""

    __tablename__ = "subjects"
    __table_args__ = (Index("ix_subjects_staff_id", "staff_id"),)
    subject: Mapped[bytes] = mapped_column(primary_key=True)
    """A keyed hash of issuer and subject; never of an e-mail address, which changes hands."""
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    linked_at: Mapped[datetime]
