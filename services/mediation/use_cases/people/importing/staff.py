"""People and their roles from a spreadsheet. Roles are added, never taken away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.tables import GrantRow, StaffRow, UnitRow
from services.mediation.use_cases.people.doing import By, allowed
from services.mediation.use_cases.people.granting import overlap
from services.mediation.use_cases.people.importing.lines import Line
from services.mediation.use_cases.people.importing.noting import note_in_parts
from services.mediation.use_cases.people.importing.plans import Outcome, Plan, Planned, refused
from services.mediation.use_cases.people.importing.staff_lines import Roles, StaffDoing, read
from services.mediation.use_cases.people.importing.staff_rows import (
    SAID,
    Made,
    change,
    grant,
    granted_by,
    keep,
)
from services.mediation.use_cases.people.importing.units import units_of
from services.mediation.use_cases.people.persons import NotToOneselfError
from services.mediation.use_cases.staff import NameTakenError
from shared.clock import local_day
from shared.i18n import N_
from shared.kernel import RuleError
from shared.rights import Action, Role, Thing
from shared.sheets.problems import Remark
from shared.text import normal_name
from shared.trail import Chain, Deed, Noted, Said
from shared.work import Work

IS_NEW = N_("新增{name}，角色：{roles}")
OTHER_NAME, OTHER_PHONE = N_("姓名改为{name}"), N_("电话改为{phone}")
OTHER_UNIT, MORE_ROLES = N_("调到部门{unit}"), N_("增加角色：{roles}")


@dataclass(frozen=True)
class Known:
    """What is there already."""

    body: str
    people: Mapping[str, StaffRow]
    grants: Mapping[UUID, Sequence[GrantRow]]
    units: Mapping[str, UnitRow]
    today: date
    doer: UUID | None


async def plan_staff(
    session: AsyncSession, body: str, lines: Sequence[Line], by: By, today: date
) -> Plan[StaffDoing]:
    """What these lines would change among the people of a body."""
    return planned(lines, await known_of(session, body, lines, (by, today)))


async def known_of(
    session: AsyncSession, body: str, lines: Sequence[Line], around: tuple[By, date]
) -> Known:
    """Read what the lines are compared with."""
    by, today = around
    names = {normal_name(line.cell("name")) for line in lines}
    people: dict[str, StaffRow] = {}
    grants: dict[UUID, list[GrantRow]] = {}
    wanted = sorted(names)
    for at in range(0, len(wanted), 1000):
        these = StaffRow.name.in_(wanted[at : at + 1000])
        people |= {row.name: row for row in await session.scalars(select(StaffRow).where(these))}
        held = select(GrantRow).join(StaffRow, StaffRow.id == GrantRow.staff_id)
        for one in await session.scalars(held.where(these, GrantRow.ended_at.is_(None))):
            grants.setdefault(one.staff_id, []).append(one)
    return Known(body, people, grants, await units_of(session, body), today, by.doer.id)


def planned(lines: Sequence[Line], known: Known) -> Plan[StaffDoing]:
    """Decide each line."""
    seen: dict[str, int] = {}
    plan: Plan[StaffDoing] = Plan()
    for line in lines:
        key = normal_name(line.cell("name"))
        try:
            if key in seen:
                raise NameTakenError(
                    "第{row}行已经写了账号「{name}」；几个角色请写在同一行，用顿号分开。",
                    row=seen[key],
                    name=key,
                )
            seen[key] = line.row
            plan.rows.append(decided(line, known))
        except RuleError as error:
            plan.rows.append(refused(line.row, key, error))
    return plan


def decided(line: Line, known: Known) -> Planned[StaffDoing]:
    """What becomes of one line. Raises RuleError for what cannot be."""
    doing = read(line, known.units, known.today)
    person = known.people.get(doing.name)
    if person is None:
        return new_one(line, doing)
    check_known(person, known)
    unit = known.units[doing.unit].id if doing.unit else person.unit
    held = known.grants.get(person.id, ())
    more = tuple(role for role in doing.roles if lacks(held, role, (known.body, unit), doing))
    if more and person.id == known.doer:
        raise NotToOneselfError("不能给自己授予角色，请由另一位管理员办理。")
    changes = doing.only(roles=more, display=person.display, phone=person.phone)
    remarks = list(changed(changes))
    if unit != person.unit:
        remarks.append(Remark(OTHER_UNIT, {"unit": doing.unit}))
    if more:
        remarks.append(Remark(MORE_ROLES, {"roles": Roles(more)}))
    outcome = Outcome.CHANGED if remarks else Outcome.SAME
    return Planned(line.row, doing.name, outcome, tuple(remarks), changes)


def new_one(line: Line, doing: StaffDoing) -> Planned[StaffDoing]:
    """Raises BadAccountError where a new person is not said enough of."""
    doing.check_new()
    facts = {"name": doing.display, "roles": Roles(doing.roles)}
    return Planned(line.row, doing.name, Outcome.NEW, (Remark(IS_NEW, facts),), doing)


def check_known(person: StaffRow, known: Known) -> None:
    """Raises NameTakenError."""
    if person.ended_at is not None:
        raise NameTakenError("账号「{name}」已经停用，请换一个账号。", name=person.name)
    if person.body != known.body:
        raise NameTakenError("账号「{name}」属于别的机构，请换一个账号。", name=person.name)


def lacks(
    held: Sequence[GrantRow], role: Role, place: tuple[str, UUID | None], doing: StaffDoing
) -> bool:
    """Whether somebody does not hold a role there on any of these days."""
    days = (doing.first_on, doing.last_on)
    return not any(
        (one.role, one.body, one.unit) == (role.value, *place)
        and overlap(days, (one.first_on, one.last_on))
        for one in held
    )


def changed(doing: StaffDoing) -> list[Remark]:
    found = [Remark(OTHER_NAME, {"name": doing.display})] if doing.display else []
    return found + ([Remark(OTHER_PHONE, {"phone": doing.phone})] if doing.phone else [])


async def import_staff(
    work: Work, body: str, lines: Sequence[Line], by: By
) -> tuple[Plan[StaffDoing], list[tuple[str, str, str]]]:
    """Plan anew and do it, all or nothing; new accounts with names and one-time passwords.

    Raises NotAllowedError.
    """
    doer = allowed(by, Action.STAFF_MANAGE, Thing(body))
    known = await known_of(work.session, body, lines, (by, local_day(work.now)))
    plan = planned(lines, known)
    made = Made()
    for one in plan.doings:
        person, unit = known.people.get(one.name), known.units.get(one.unit)
        if person is None:
            identity, said = made.add(one, (body, unit.id if unit else None), work.now)
        else:
            identity, said = person.id, change(person, one, unit)
        made.noted.append(Noted(Chain("staff", str(identity)), doer, said))
        place = (body, unit.id if unit else person.unit if person else None)
        for role in one.roles:
            given = grant(identity, role, place, one) | granted_by(doer, work)
            made.grants.append(given)
            facts = {name: given[name] for name in SAID}
            chain = Chain("staff", str(identity))
            made.noted.append(Noted(chain, doer, Said(Deed.ROLE_GRANTED, facts)))
    await keep(work, made.rows, made.grants)
    await note_in_parts(work, made.noted)
    return plan, made.passwords
