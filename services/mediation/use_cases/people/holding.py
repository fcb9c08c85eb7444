"""What somebody holds now: their own roles, and those of whom they stand in for."""

from collections.abc import Collection
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
LENT_IN_PERSON = frozenset({Role.ADMINISTRATOR})
"""What only its holder, or the console, puts into other hands: else one administrator alone would
give an account of their making the rights that take two."""


def holds(today: date) -> ColumnElement[bool]:
    """Grants that hold on this legal day."""
    return not_over(today) & (GrantRow.first_on <= today)


def not_over(today: date, since: datetime | None = None) -> ColumnElement[bool]:
    """Grants that hold on this legal day, or will later; `since`: or were taken away after it."""
    still = or_(GrantRow.last_on.is_(None), GrantRow.last_on >= today)
    taken = GrantRow.ended_at.is_(None)
    return (taken if since is None else or_(taken, GrantRow.ended_at > since)) & still


def stands_in(today: date) -> ColumnElement[bool]:
    """Stand-ins that hold on this legal day."""
    return stands_in_yet(today) & (StandInRow.first_on <= today)


def stands_in_yet(today: date) -> ColumnElement[bool]:
    """Stand-ins that hold on this legal day, or will later."""
    return StandInRow.ended_at.is_(None) & (StandInRow.last_on >= today)


async def grants_of(session: AsyncSession, staff: UUID, now: datetime) -> tuple[Grant, ...]:
    """Everything somebody holds now; what is lent to them is not lent on by them."""
    today = local_day(now)
    absent, in_person = await absent_for(session, staff, stands_in(today))
    held = await held_by(session, {staff, *absent}, holds(today), staff)
    found = [one for one in held if one.holder == staff or is_lent(one, in_person)]
    return tuple(sorted(found, key=lambda one: (one.holder != staff, rank(one))))


async def lent_to(session: AsyncSession, staff: UUID, today: date) -> list[Grant]:
    """What somebody has as a stand-in on this legal day, or will have on a later one."""
    absent, in_person = await absent_for(session, staff, stands_in_yet(today))
    held = await held_by(session, absent, not_over(today), staff)
    return [one for one in held if is_lent(one, in_person)]


async def bodies_lent(session: AsyncSession, row: StandInRow) -> set[str]:
    """In which bodies a stand-in has anything on its days, or had it since this was arranged."""
    days = (GrantRow.first_on <= row.last_on) & not_over(row.first_on, row.arranged_at)
    held = await held_by(session, {row.absent}, days, row.absent)
    in_person = {row.absent} if row.arranged_by in {None, row.absent} else set[UUID]()
    return {one.body for one in held if is_lent(one, in_person)}


async def absent_for(
    session: AsyncSession, staff: UUID, which: ColumnElement[bool]
) -> tuple[set[UUID], set[UUID]]:
    """For whom somebody acts by such stand-ins; and those of them who arranged it themselves."""
    statement = (
        select(StandInRow.absent, StandInRow.arranged_by)
        .join(StaffRow, StaffRow.id == StandInRow.absent)
        .where(StandInRow.stand_in == staff, which, StaffRow.ended_at.is_(None))
    )
    found = (await session.execute(statement)).all()
    in_person = {one.absent for one in found if one.arranged_by in {None, one.absent}}
    return {one.absent for one in found}, in_person


def is_lent(grant: Grant, in_person: Collection[UUID]) -> bool:
    """Whether a stand-in has this of whom they stand in for.

    `in_person`: the holders who arranged it themselves.
    """
    if grant.role in PERSONAL:
        return False
    return grant.role not in LENT_IN_PERSON or grant.holder in in_person


async def held_by(
    session: AsyncSession, holders: set[UUID], which: ColumnElement[bool], me: UUID
) -> list[Grant]:
    """Such grants of these people; those of others with their names."""
    statement = (
        select(*AS_GRANT)
        .join(StaffRow, StaffRow.id == GrantRow.staff_id)
        .outerjoin(UnitRow, UnitRow.id == GrantRow.unit)
        .where(GrantRow.staff_id.in_(holders), which)
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
