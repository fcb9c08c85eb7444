"""Units of the organisations, what people hold in them, and who stands in for whom."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.mediation.tables.base import Base


class UnitRow(Base, kw_only=True):
    """A unit (部门): a city's association, a branch, an outlet, a ward. Ended, never deleted."""

    __tablename__ = "units"
    __table_args__ = (
        UniqueConstraint("body", "code"),
        Index("ix_units_parent", "parent"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    body: Mapped[str]
    parent: Mapped[UUID | None]
    """The unit above; None: it stands on top."""
    path: Mapped[str]
    """Its place in the tree: `/<id>/<id>/` from the top, its own id last."""
    code: Mapped[str]
    name: Mapped[str]
    region: Mapped[str]
    """The region whose complaints come to it (GB/T 2260); empty: none."""
    version: Mapped[int]
    """Counts its changes, and its events."""
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)


class GrantRow(Base, kw_only=True):
    """A role that somebody holds somewhere, from one legal day to another."""

    __tablename__ = "grants"
    __table_args__ = (Index("ix_grants_staff_id", "staff_id"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    staff_id: Mapped[UUID]
    role: Mapped[str]
    body: Mapped[str]
    """The body it is held in; empty: every one."""
    unit: Mapped[UUID | None]
    """The unit it is held in; None: the body itself."""
    first_on: Mapped[date]
    last_on: Mapped[date | None]
    """The last day it holds; None: until it is taken away."""
    granted_by: Mapped[UUID | None]
    """Who gave it; None: the console."""
    granted_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)


class RoleRequestRow(Base, kw_only=True):
    """A role that takes two administrators: asked for by one, until another one decides."""

    __tablename__ = "role_requests"
    __table_args__ = (Index("ix_role_requests_staff_id", "staff_id"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    role: Mapped[str]
    body: Mapped[str]
    unit: Mapped[UUID | None]
    first_on: Mapped[date]
    """The first day it would hold; never before it is confirmed."""
    last_on: Mapped[date | None]
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"), default=None)
    """Who confirmed or declined it, or the asker who took it back; None while it waits."""
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    grant_id: Mapped[UUID | None] = mapped_column(default=None)
    """The role that came of it; None: none did."""


class StandInRow(Base, kw_only=True):
    """Somebody acts for somebody who is away (代理), from one legal day to another."""

    __tablename__ = "stand_ins"
    __table_args__ = (
        Index("ix_stand_ins_stand_in", "stand_in"),
        Index("ix_stand_ins_absent", "absent"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    absent: Mapped[UUID]
    """Who is away, and whose rights are lent."""
    stand_in: Mapped[UUID]
    """Who acts for them meanwhile."""
    first_on: Mapped[date]
    last_on: Mapped[date]
    arranged_by: Mapped[UUID | None]
    arranged_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
