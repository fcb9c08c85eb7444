"""A role as somebody wants it given: whether it can be, and how it is kept."""

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select

from services.mediation.tables import GrantRow, StaffRow
from services.mediation.use_cases.people.units import unit_at_work
from shared.bodies import Bodies
from shared.clock import local_day
from shared.ids import uuid7
from shared.kernel import ConflictError, RuleError, broken, raise_all
from shared.rights import ROLES, Role
from shared.trail import Chain, Deed, Doer, Said, note
from shared.work import Work


class BadGrantError(RuleError):
    """A role that cannot be given so: its code, place or days."""


class GrantedAlreadyError(ConflictError):
    """The person holds this role here, on days that overlap."""


GIVEN = [code for code, role in ROLES.items() if role is not Role.RESPONDENT]
"""The codes of roles that are given to people; respondents come by an invitation to their case."""


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


def role_of(code: str) -> Role:
    """A role that people are given. Raises BadGrantError."""
    if not code:
        raise BadGrantError("请选择一个角色。", pointer="/role")
    role = ROLES.get(code)
    if role is None:
        raise BadGrantError(
            "没有这种角色，可以写：{known}。", pointer="/role", known=", ".join(GIVEN)
        )
    if role is Role.RESPONDENT:
        raise BadGrantError(
            "被投诉方不是工作人员：请在案件页面邀请，凭邀请查看自己的案件。", pointer="/role"
        )
    return role


def faults_of(wished: WishedGrant, bodies: Bodies, today: date) -> list[RuleError]:
    """Everything wrong with role, body and days, whoever it is for."""
    faults = broken(role_of, wished.role)
    if wished.body and bodies.of(wished.body) is None:
        faults.append(BadGrantError("没有这个机构。", pointer="/body"))
    return faults + broken(check_days, wished.first_on or today, wished.last_on, today)


async def checked(work: Work, person: StaffRow, wished: WishedGrant, bodies: Bodies) -> Role:
    """Raises BadGrantError, BadUnitError, GrantedAlreadyError; RuleErrors where several are."""
    if person.ended_at is not None:
        raise BadGrantError("这个账号已经停用。")
    today = local_day(work.now)
    raise_all(faults_of(wished, bodies, today))
    role = role_of(wished.role)
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


async def keep_grant(
    work: Work, person: StaffRow, wished: WishedGrant, doer: Doer, **more: Any
) -> UUID:
    """Let somebody hold a role that was `checked`; `more` is noted with it."""
    said = wished._asdict() | {"first_on": wished.first_on or local_day(work.now)}
    made = uuid7()
    by = {"granted_by": doer.id, "granted_at": work.now, "ended_at": None}
    await work.insert(GrantRow, [{"id": made, "staff_id": person.id} | said | by])
    await note(work, Chain("staff", str(person.id)), doer, Said(Deed.ROLE_GRANTED, said | more))
    return made
