"""Roles given to people, from one legal day to another, and taken away again."""

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.tables import GrantRow, StaffRow
from services.mediation.use_cases.people.doing import By, allowed
from services.mediation.use_cases.people.last import check_not_last, line_up
from services.mediation.use_cases.people.persons import (
    NoSuchPersonError,
    check_not_oneself,
    managed,
    person_in,
)
from services.mediation.use_cases.people.units import unit_at_work, units_now
from shared.bodies import Bodies
from shared.clock import local_day
from shared.i18n import N_
from shared.ids import uuid7
from shared.kernel import ConflictError, RuleError
from shared.rights import ROLES, Action, Role
from shared.trail import Chain, Deed, Said, note
from shared.work import Work


class BadGrantError(RuleError):
    """A role that cannot be given so: its code, place or days."""


class GrantedAlreadyError(ConflictError):
    """The person holds this role here, on days that overlap."""


class WishedGrant(NamedTuple):
    """A role as somebody wants it given."""

    role: str
    body: str | None
    """None: the person's own; empty: every one."""
    unit: UUID | None = None
    first_on: date | None = None
    """None: today."""
    last_on: date | None = None
    """The last day it holds; None: until it is taken away."""


async def grant_role(work: Work, staff: UUID, wished: WishedGrant, bodies: Bodies, by: By) -> UUID:
    """Give somebody a role somewhere. Who gives it manages people there, and is another one.

    Raises NoSuchPersonError, NotToOneselfError, BadGrantError, BadUnitError,
    GrantedAlreadyError, NotAllowedError.
    """
    person = await person_in(work.session, staff, lock=True)
    doer = await managed(work.session, by, person)
    body = person.body if wished.body is None else wished.body
    wished = wished._replace(body=body)
    role = await checked(work, person, wished, bodies)
    place = (await units_now(work.session)).place(body, wished.unit)
    doer = allowed(by, Action.STAFF_MANAGE, place)
    check_not_oneself(doer, person.id, N_("不能给自己授予角色，请由另一位管理员办理。"))
    row: dict[str, Any] = {
        "id": uuid7(),
        "staff_id": person.id,
        "role": role.value,
        "body": wished.body,
        "unit": wished.unit,
        "first_on": wished.first_on or local_day(work.now),
        "last_on": wished.last_on,
        "granted_by": doer.id,
        "granted_at": work.now,
        "ended_at": None,
    }
    await work.insert(GrantRow, [row])
    said = {name: row[name] for name in ("role", "body", "unit", "first_on", "last_on")}
    await note(work, Chain("staff", str(person.id)), doer, Said(Deed.ROLE_GRANTED, said))
    made: UUID = row["id"]
    return made


async def checked(work: Work, person: StaffRow, wished: WishedGrant, bodies: Bodies) -> Role:
    """Raises BadGrantError, BadUnitError, GrantedAlreadyError."""
    role = ROLES.get(wished.role)
    if role is None:
        raise BadGrantError("没有「{role}」这种角色。", pointer="/role", role=wished.role[:40])
    if person.ended_at is not None:
        raise BadGrantError("这个账号已经停用。")
    if wished.body and bodies.of(wished.body) is None:
        raise BadGrantError("没有这个机构。", pointer="/body")
    today = local_day(work.now)
    check_days(wished.first_on or today, wished.last_on, today)
    if wished.unit:
        await unit_at_work(work.session, wished.unit, wished.body or "")
    same = select(GrantRow).where(
        GrantRow.staff_id == person.id,
        GrantRow.role == role.value,
        GrantRow.body == wished.body,
        GrantRow.unit.is_(None) if wished.unit is None else GrantRow.unit == wished.unit,
        GrantRow.ended_at.is_(None),
    )
    for other in await work.session.scalars(same):
        if overlap((wished.first_on or today, wished.last_on), (other.first_on, other.last_on)):
            raise GrantedAlreadyError("这个人在这里已经担任这个角色。", pointer="/role")
    return role


def check_days(first: date, last: date | None, today: date) -> None:
    """Raises BadGrantError."""
    if last and last < first:
        raise BadGrantError("结束日期不能早于开始日期。", pointer="/last_on")
    if last and last < today:
        raise BadGrantError("结束日期不能早于今天。", pointer="/last_on")


def overlap(one: tuple[date, date | None], other: tuple[date, date | None]) -> bool:
    """Whether two stretches of days (last day included, None: for ever) have a day in common."""
    first = max(one[0], other[0])
    return all(last is None or first <= last for last in (one[1], other[1]))


async def end_grant(work: Work, grant: UUID, by: By, of: UUID | None = None) -> None:
    """Take a role away, from now on; `of`: only if it is this person's.

    Raises NoSuchPersonError, LastAdministratorError, NotAllowedError.
    """
    await line_up(work.session)
    row = await work.session.get(GrantRow, grant, with_for_update=True)
    if row is None or of not in {None, row.staff_id}:
        raise NoSuchPersonError("没有这项角色。")
    place = (await units_now(work.session)).place(row.body, row.unit)
    doer = allowed(by, Action.STAFF_MANAGE, place)
    if row.ended_at is not None:
        return
    await check_not_last(work, [row])
    row.ended_at = work.now
    said = {"role": row.role, "body": row.body, "unit": row.unit}
    await note(work, Chain("staff", str(row.staff_id)), doer, Said(Deed.ROLE_ENDED, said))


async def grant_of(
    session: AsyncSession, staff: UUID, role: str, body: str, unit: UUID | None
) -> UUID:
    """The grant that somebody holds or will hold in this role here. Raises NoSuchPersonError."""
    found = await session.scalar(
        select(GrantRow.id)
        .where(
            GrantRow.staff_id == staff,
            GrantRow.role == role,
            GrantRow.body == body,
            GrantRow.unit.is_(None) if unit is None else GrantRow.unit == unit,
            GrantRow.ended_at.is_(None),
        )
        .order_by(GrantRow.first_on)
    )
    if found is None:
        raise NoSuchPersonError("这个人在这里没有担任这个角色。")
    return found
