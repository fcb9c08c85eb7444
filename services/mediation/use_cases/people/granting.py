"""Roles given to people and taken away again, and people who leave."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.tables import GrantRow, StaffRow, StandInRow
from services.mediation.use_cases.people.units import the_tree, unit_in
from services.mediation.use_cases.staff import log_out_everywhere
from shared.bodies import Bodies
from shared.clock import local_day
from shared.ids import uuid7
from shared.kernel import ConflictError, ForbiddenError, RuleError, UnknownError
from shared.rights import ROLES, Action, Rights, Role, Thing
from shared.trail import Chain, Deed, Doer, Said, note
from shared.work import Work


class NoSuchPersonError(UnknownError):
    """Nobody of this id, or nobody whom the person may see."""


class BadGrantError(RuleError):
    """A role that cannot be given so: its code, place or days."""


class GrantedAlreadyError(ConflictError):
    """The person holds this role here, on days that overlap."""


class NotToOneselfError(ForbiddenError):
    """Nobody gives a role to themselves, and nobody ends their own account."""


class LastAdministratorError(ConflictError):
    """Without this one nobody could manage accounts any more."""


class WishedGrant(NamedTuple):
    """A role as somebody wants it given."""

    role: str
    body: str
    unit: UUID | None = None
    first_on: date | None = None
    """None: today."""
    last_on: date | None = None


async def person_in(work_session: AsyncSession, staff: UUID, *, lock: bool = False) -> StaffRow:
    """An account by its id. Raises NoSuchPersonError."""
    found = await work_session.get(StaffRow, staff, with_for_update=lock or None)
    if found is None:
        raise NoSuchPersonError("没有这位工作人员。")
    return found


async def place_of(session: AsyncSession, person: StaffRow, now: Any) -> Thing:
    """Where somebody works."""
    tree = await the_tree(session, now)
    return tree.place(person.body, person.unit)


async def grant_role(
    work: Work, staff: UUID, wished: WishedGrant, around: tuple[Bodies, Rights, Doer]
) -> UUID:
    """Give somebody a role somewhere. Who gives it must manage people there, and is another one.

    Raises NoSuchPersonError, NotToOneselfError, BadGrantError, GrantedAlreadyError,
    NotAllowedError.
    """
    bodies, rights, doer = around
    person = await person_in(work.session, staff, lock=True)
    if doer.id == person.id:
        raise NotToOneselfError("不能给自己授予角色，请由另一位管理员办理。")
    role = await checked(work, person, wished, bodies)
    unit = await unit_in(work.session, wished.unit) if wished.unit else None
    path = unit.path if unit else ""
    rights.check(Action.STAFF_MANAGE, Thing(wished.body, wished.unit, path))
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
    """Raises BadGrantError, GrantedAlreadyError."""
    role = ROLES.get(wished.role)
    if role is None:
        raise BadGrantError("没有「{role}」这种角色。", pointer="/role", role=wished.role[:40])
    if person.ended_at is not None:
        raise BadGrantError("这个账号已经停用。")
    if wished.body and bodies.of(wished.body) is None:
        raise BadGrantError("没有这个机构。", pointer="/body")
    first = wished.first_on or local_day(work.now)
    if wished.last_on and wished.last_on < first:
        raise BadGrantError("结束日期不能早于开始日期。", pointer="/last_on")
    if wished.unit:
        unit = await unit_in(work.session, wished.unit)
        if unit.body != wished.body or unit.ended_at is not None:
            raise BadGrantError("这个机构没有这个部门。", pointer="/unit")
    same = select(GrantRow).where(
        GrantRow.staff_id == person.id,
        GrantRow.role == role.value,
        GrantRow.body == wished.body,
        GrantRow.unit.is_(None) if wished.unit is None else GrantRow.unit == wished.unit,
        GrantRow.ended_at.is_(None),
    )
    for other in await work.session.scalars(same):
        if overlap((first, wished.last_on), (other.first_on, other.last_on)):
            raise GrantedAlreadyError("这个人在这里已经担任这个角色。", pointer="/role")
    return role


def overlap(one: tuple[date, date | None], other: tuple[date, date | None]) -> bool:
    """Whether two stretches of days (last day included, None: for ever) have a day in common."""
    first = max(one[0], other[0])
    return all(last is None or first <= last for last in (one[1], other[1]))


async def end_grant(work: Work, grant: UUID, rights: Rights, doer: Doer) -> None:
    """Take a role away, from now on. Raises NoSuchPersonError, LastAdministratorError."""
    row = await work.session.get(GrantRow, grant, with_for_update=True)
    if row is None:
        raise NoSuchPersonError("没有这项角色。")
    tree = await the_tree(work.session, work.now)
    rights.check(Action.STAFF_MANAGE, tree.place(row.body, row.unit))
    if row.ended_at is not None:
        return
    if row.role == Role.ADMINISTRATOR:
        await check_not_last(work.session, [row])
    row.ended_at = work.now
    said = {"role": row.role, "body": row.body, "unit": row.unit}
    await note(work, Chain("staff", str(row.staff_id)), doer, Said(Deed.ROLE_ENDED, said))


async def end_person(work: Work, staff: UUID, rights: Rights, doer: Doer) -> None:
    """End an account, its sessions, its roles and its stand-ins; the person stays in all records.

    Raises NoSuchPersonError, NotToOneselfError, LastAdministratorError, NotAllowedError.
    """
    person = await person_in(work.session, staff, lock=True)
    rights.check(Action.STAFF_MANAGE, await place_of(work.session, person, work.now))
    if doer.id == person.id:
        raise NotToOneselfError("不能停用自己的账号，请由另一位管理员办理。")
    if person.ended_at is not None:
        return
    held = select(GrantRow).where(GrantRow.staff_id == person.id, GrantRow.ended_at.is_(None))
    grants = (await work.session.scalars(held.with_for_update())).all()
    if any(one.role == Role.ADMINISTRATOR for one in grants):
        await check_not_last(work.session, grants)
    person.ended_at = work.now
    for one in grants:
        one.ended_at = work.now
    await end_stand_ins(work, person.id)
    await log_out_everywhere(work, person.id)
    said = {"name": person.name, "display": person.display}
    await note(work, Chain("staff", str(person.id)), doer, Said(Deed.STAFF_ENDED, said))


async def end_stand_ins(work: Work, staff: UUID) -> None:
    """Whoever left is stood in for by nobody, and stands in for nobody."""
    theirs = (StandInRow.absent == staff) | (StandInRow.stand_in == staff)
    still = update(StandInRow).where(theirs, StandInRow.ended_at.is_(None))
    options = {"synchronize_session": False}
    await work.session.execute(still.values(ended_at=work.now), execution_options=options)


async def check_not_last(session: AsyncSession, ending: Sequence[GrantRow]) -> None:
    """Raises LastAdministratorError where no other administrator of everything would be left."""
    if not any(one.role == Role.ADMINISTRATOR and one.body == "" for one in ending):
        return
    others = (
        select(GrantRow.id)
        .join(StaffRow, StaffRow.id == GrantRow.staff_id)
        .where(
            GrantRow.role == Role.ADMINISTRATOR.value,
            GrantRow.body == "",
            GrantRow.ended_at.is_(None),
            GrantRow.last_on.is_(None),
            StaffRow.ended_at.is_(None),
            GrantRow.id.not_in([one.id for one in ending]),
        )
    )
    if await session.scalar(others.limit(1)) is None:
        raise LastAdministratorError(
            "这是最后一位管理全部机构的管理员。请先给另一个人授予管理员角色。"
        )
