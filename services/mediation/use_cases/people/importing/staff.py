"""People and their roles from a spreadsheet. Roles are added, never taken away."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.tables import GrantRow, StaffRow
from services.mediation.use_cases.people.doing import By, allowed
from services.mediation.use_cases.people.giving import overlap
from services.mediation.use_cases.people.importing.faults import Faults
from services.mediation.use_cases.people.importing.known import Known, known_of
from services.mediation.use_cases.people.importing.lines import Line
from services.mediation.use_cases.people.importing.noting import note_in_parts
from services.mediation.use_cases.people.importing.plans import Outcome, Plan, Planned, refused
from services.mediation.use_cases.people.importing.staff_lines import (
    Roles,
    StaffDoing,
    check_new,
    read,
)
from services.mediation.use_cases.people.importing.staff_rows import (
    SAID,
    Made,
    change,
    grant,
    granted_by,
    keep,
)
from services.mediation.use_cases.people.persons import check_not_oneself
from services.mediation.use_cases.people.seconds import POWERFUL, is_console
from services.mediation.use_cases.staff import NameTakenError
from shared.clock import local_day
from shared.i18n import N_
from shared.kernel import ForbiddenError
from shared.rights import Action, Role, Thing
from shared.sheets.problems import Remark
from shared.text import normal_name
from shared.trail import Chain, Deed, Noted, Said
from shared.work import Work


class SecondNeededError(ForbiddenError):
    """A role that one administrator alone does not give."""


IS_NEW = N_("新增{name}，角色：{roles}")
OTHER_NAME, OTHER_PHONE = N_("姓名改为{name}"), N_("电话改为{phone}")
OTHER_UNIT, MORE_ROLES = N_("调到部门{unit}"), N_("增加角色：{roles}")


async def plan_staff(
    session: AsyncSession, body: str, lines: Sequence[Line], by: By, today: date
) -> Plan[StaffDoing]:
    """What these lines would change among the people of a body. Raises NotAllowedError."""
    by = by._replace(doer=allowed(by, Action.STAFF_MANAGE, Thing(body)))
    known = await known_of(session, body, lines, (by, today))
    return await asyncio.to_thread(planned, lines, known)


def planned(lines: Sequence[Line], known: Known) -> Plan[StaffDoing]:
    """Decide each line; what is wrong with one is told at once."""
    seen: dict[str, int] = {}
    plan: Plan[StaffDoing] = Plan()
    for line in lines:
        key, faults = normal_name(line.cell("name")), Faults()
        if key:
            faults.tried(partial(check_once, key, seen))
            seen.setdefault(key, line.row)
        done = decided(line, known, faults)
        plan.rows.append(refused(line.row, key, *faults.found) if faults.found else done)
    return plan


def check_once(key: str, seen: Mapping[str, int]) -> None:
    """Raises NameTakenError."""
    if key in seen:
        raise NameTakenError(
            "第{row}行已经写了账号「{name}」；几个角色请写在同一行，用顿号分开。",
            row=seen[key],
            name=key,
        )


def decided(line: Line, known: Known, faults: Faults) -> Planned[StaffDoing]:
    """What becomes of one line, as far as it has no faults."""
    doing = read(line, known.units, known.today, faults)
    person = known.people.get(doing.name)
    if person is None:
        return new_one(line, doing, known, faults)
    faults.tried(partial(check_known, person, known))
    unit = known.units[doing.unit].id if doing.unit else person.unit
    held = known.grants.get(person.id, ())
    more = tuple(role for role in doing.roles if lacks(held, role, (known.body, unit), doing))
    faults.tried(partial(check_more, more, person, known))
    changes = doing.only(roles=more, display=person.display, phone=person.phone)
    remarks = list(changed(changes))
    if unit != person.unit:
        remarks.append(Remark(OTHER_UNIT, {"unit": doing.unit}))
    if more:
        remarks.append(Remark(MORE_ROLES, {"roles": Roles(more)}))
    outcome = Outcome.CHANGED if remarks else Outcome.SAME
    return Planned(line.row, doing.name, outcome, tuple(remarks), changes)


def new_one(line: Line, doing: StaffDoing, known: Known, faults: Faults) -> Planned[StaffDoing]:
    """A person who is not there yet."""
    check_new(line, faults)
    faults.tried(partial(check_more, doing.roles, None, known))
    facts = {"name": doing.display, "roles": Roles(doing.roles)}
    return Planned(line.row, doing.name, Outcome.NEW, (Remark(IS_NEW, facts),), doing)


def check_known(person: StaffRow, known: Known) -> None:
    """Raises NameTakenError."""
    if person.ended_at is not None:
        raise NameTakenError("账号「{name}」已经停用，请换一个账号。", name=person.name)
    if person.body != known.body:
        raise NameTakenError("账号「{name}」属于别的机构，请换一个账号。", name=person.name)


def check_more(more: Sequence[Role], person: StaffRow | None, known: Known) -> None:
    """Whether whoever imports may give these roles alone.

    Raises NotToOneselfError, SecondNeededError.
    """
    if more and person is not None:
        check_not_oneself(
            known.by.doer, person.id, N_("不能给自己授予角色，请由另一位管理员办理。")
        )
    powerful = Roles(role for role in more if role in POWERFUL)
    if powerful and not is_console(known.by):
        raise SecondNeededError(
            "「{roles}」要另一位管理员确认，不能从表格授予；请在人员的页面上授予，"
            "或者在控制台导入。",
            roles=powerful,
        )


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
    by = by._replace(doer=doer)
    around = by, local_day(work.now)
    known = await known_of(work.session, body, lines, around, lock=True)
    plan = await asyncio.to_thread(planned, lines, known)
    made = Made()
    for one in plan.doings:
        person, unit = known.people.get(one.name), known.units.get(one.unit)
        said: Said | None
        if person is None:
            identity, said = made.add(one, (body, unit.id if unit else None), work.now)
        else:
            identity, said = person.id, change(person, one, unit)
        chain = Chain("staff", str(identity))
        if said is not None:
            made.noted.append(Noted(chain, doer, said))
        place = (body, unit.id if unit else person.unit if person else None)
        for role in one.roles:
            given = grant(identity, role, place, one) | granted_by(doer, work)
            made.grants.append(given)
            facts = {name: given[name] for name in SAID}
            made.noted.append(Noted(chain, doer, Said(Deed.ROLE_GRANTED, facts)))
    await keep(work, made.rows, made.grants)
    await note_in_parts(work, made.noted)
    return plan, made.passwords
