"""What rows about people would do, one by one."""

from collections.abc import Mapping, Sequence
from functools import partial
from uuid import UUID

from services.mediation.tables import GrantRow, StaffRow
from services.mediation.use_cases.people.giving import overlap
from services.mediation.use_cases.people.importing.faults import Faults
from services.mediation.use_cases.people.importing.known import Known
from services.mediation.use_cases.people.importing.lines import Line
from services.mediation.use_cases.people.importing.plans import Outcome, Plan, Planned, refused
from services.mediation.use_cases.people.importing.staff_lines import (
    Roles,
    StaffDoing,
    check_new,
    read,
)
from services.mediation.use_cases.people.persons import NotToOneselfError, check_not_oneself
from services.mediation.use_cases.people.seconds import POWERFUL, is_console
from services.mediation.use_cases.staff import NameTakenError
from shared.i18n import N_
from shared.kernel import ForbiddenError, Tried
from shared.rights import Role
from shared.sheets.problems import Remark
from shared.text import normal_name


class SecondNeededError(ForbiddenError):
    """A role that one administrator alone does not give."""


IS_NEW = N_("新增{name}，角色：{roles}")
OTHER_NAME, OTHER_PHONE = N_("姓名改为{name}"), N_("电话改为{phone}")
OTHER_UNIT, MORE_ROLES = N_("调到部门{unit}"), N_("增加角色：{roles}")


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
    faults.tried(partial(check_oneself, more, person, known))
    faults.tried(partial(check_alone, more, Tried("person", person.id), known))
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
    tried = Tried("person", typed=doing.name)
    faults.tried(partial(check_alone, doing.roles, tried, known))
    facts = {"name": doing.display, "roles": Roles(doing.roles)}
    return Planned(line.row, doing.name, Outcome.NEW, (Remark(IS_NEW, facts),), doing)


def check_known(person: StaffRow, known: Known) -> None:
    """Raises NameTakenError."""
    if person.ended_at is not None:
        raise NameTakenError("账号「{name}」已经停用，请换一个账号。", name=person.name)
    if person.body != known.body:
        taken = NameTakenError("账号「{name}」属于别的机构，请换一个账号。", name=person.name)
        raise taken.beyond("person", person.id)


def check_oneself(more: Sequence[Role], person: StaffRow, known: Known) -> None:
    """Raises NotToOneselfError."""
    try:
        if more:
            sentence = N_("不能给自己授予角色，请由另一位管理员办理。")
            check_not_oneself(known.by.doer, person.id, sentence)
    except NotToOneselfError as error:
        raise error.telling(Tried("person", person.id)) from None


def check_alone(more: Sequence[Role], tried: Tried, known: Known) -> None:
    """Whether a file may give these roles: important ones only on the console of one administrator.

    Raises SecondNeededError.
    """
    powerful = Roles(role for role in more if role in POWERFUL)
    if powerful and (known.two or not is_console(known.by)):
        raise SecondNeededError(
            "「{roles}」要另一位管理员确认，不能从表格授予；请在人员的页面上授予，"
            "没有第二位管理员的，在控制台导入。",
            roles=powerful,
        ).telling(tried)


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
