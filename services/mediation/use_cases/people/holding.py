"""What somebody holds now: their own roles, and those of whom they stand in for."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.tables import GrantRow, StaffRow, StandInRow, UnitRow
from shared.clock import local_day
from shared.rights import ROLES, Grant, Role
from shared.rights.grants import LISTED, first_role

AS_GRANT = (
    GrantRow.staff_id,
    GrantRow.role,
    GrantRow.body,
    GrantRow.unit,
    UnitRow.path,
    StaffRow.display,
)

PERSONAL = frozenset({Role.PRIVACY_OFFICER, Role.AUDITOR})
"""Duties that nobody lends: who reported, and who decides about erasure, is theirs alone."""


def holds(today: date) -> ColumnElement[bool]:
    """Grants that hold on this legal day."""
    return not_over(today) & (GrantRow.first_on <= today)


def not_over(today: date) -> ColumnElement[bool]:
    """Grants that hold on this legal day, or will later."""
    still = or_(GrantRow.last_on.is_(None), GrantRow.last_on >= today)
    return GrantRow.ended_at.is_(None) & still


def stands_in(today: date) -> ColumnElement[bool]:
    """Stand-ins that hold on this legal day."""
    days = (StandInRow.first_on <= today) & (StandInRow.last_on >= today)
    return StandInRow.ended_at.is_(None) & days


async def grants_of(session: AsyncSession, staff: UUID, now: datetime) -> tuple[Grant, ...]:
    """Everything somebody holds now; what is lent to them is not lent on by them."""
    today = local_day(now)
    absent = (
        select(StandInRow.absent)
        .join(StaffRow, StaffRow.id == StandInRow.absent)
        .where(StandInRow.stand_in == staff, stands_in(today), StaffRow.ended_at.is_(None))
    )
    holders = {staff, *(await session.scalars(absent))}
    held = await held_by(session, holders, today, staff)
    found = [one for one in held if one.holder == staff or one.role not in PERSONAL]
    return tuple(sorted(found, key=lambda one: (one.holder != staff, rank(one))))


async def held_by(session: AsyncSession, holders: set[UUID], today: date, me: UUID) -> list[Grant]:
    """The grants of these people that hold on this legal day; those of others with their names."""
    statement = (
        select(*AS_GRANT)
        .join(StaffRow, StaffRow.id == GrantRow.staff_id)
        .outerjoin(UnitRow, UnitRow.id == GrantRow.unit)
        .where(GrantRow.staff_id.in_(holders), holds(today))
    )
    return [as_grant(row, me) for row in await session.execute(statement)]


def as_grant(row: Any, me: UUID) -> Grant:
    name = "" if row.staff_id == me else row.display
    return Grant(ROLES[row.role], row.staff_id, row.body, row.unit, row.path or "", name)


def rank(grant: Grant) -> int:
    """Where a role stands among others that somebody is shown with."""
    return LISTED.index(grant.role)


async def session_facts(session: AsyncSession, account: StaffRow, now: datetime) -> dict[str, Any]:
    """Who somebody is and what they hold, in the words that sisters read (`staff_from`)."""
    grants = await grants_of(session, account.id, now)
    unit = {"unit": str(account.unit)} if account.unit else {}
    return {
        "id": str(account.id),
        "name": account.name,
        "display": account.display,
        "role": first_role(grants, account.id),
        "body": account.body,
        "grants": [one.as_facts() for one in grants],
    } | unit
