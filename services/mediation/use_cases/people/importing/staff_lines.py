"""One row about a person, read and checked by itself."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from services.mediation.domain.accounts import (
    BadAccountError,
    account_name,
    display_name,
    office_phone,
)
from services.mediation.tables import UnitRow
from services.mediation.use_cases.people.giving import BadGrantError, check_days
from services.mediation.use_cases.people.importing.faults import Faults
from services.mediation.use_cases.people.importing.lines import STAFF_COLUMNS, Line
from services.mediation.use_cases.people.units import NoSuchUnitError
from shared.rights import Role
from shared.sheets.dates import day_of
from shared.sheets.problems import CellRefusedError, Several
from shared.text import code as code_of
from shared.text import normal_name

BETWEEN = re.compile(r"\s*[、,，;；/]+\s*")
ROLES_BY_NAME = {
    normal_name(name): one
    for one in Role
    if one is not Role.RESPONDENT
    for name in (one.value, one.chinese, one.english)
}
"""Roles by code and by their names in both languages; respondents come by invitation."""


class Roles(tuple[Role, ...]):
    """Roles within a sentence, by their names in its language."""

    __slots__ = ()

    def __format__(self, _: str) -> str:
        return self.said("zh")

    def said(self, language: str, /) -> str:
        """In this language (zh or en)."""
        return Several(one.label(language) for one in self).said(language)


KNOWN = Roles(dict.fromkeys(ROLES_BY_NAME.values()))


@dataclass(frozen=True)
class StaffDoing:
    """A person as a row says; empty: as it is."""

    name: str
    display: str
    phone: str
    unit: str
    """The code of a unit at work."""
    roles: tuple[Role, ...]
    first_on: date
    last_on: date | None

    def only(self, *, roles: tuple[Role, ...], display: str, phone: str) -> "StaffDoing":
        """What of it differs from what is known."""
        return replace(
            self,
            roles=roles,
            display="" if self.display == display else self.display,
            phone="" if self.phone == phone else self.phone,
        )


def read(line: Line, units: Mapping[str, UnitRow], today: date, faults: Faults) -> StaffDoing:
    """What a row says; what cannot be read of it is among the faults."""
    first_on, last_on = line.cell("first_on"), line.cell("last_on")
    first = faults.tried(partial(day_in, line, "first_on")) if first_on else today
    last = faults.tried(partial(day_in, line, "last_on")) if last_on else None
    if first is not None and (last is not None or not last_on):
        faults.tried(partial(check_days, first, last, today))
    display = line.cell("display")
    return StaffDoing(
        faults.tried(lambda: account_name(line.cell("name"))) or normal_name(line.cell("name")),
        (faults.tried(lambda: display_name(display)) or "") if display else "",
        faults.tried(lambda: office_phone(line.cell("phone"))) or "",
        faults.tried(lambda: unit_in(line, units)) or "",
        roles_in(line, faults),
        first or today,
        last,
    )


def day_in(line: Line, field: str) -> date:
    """The day in a cell. Raises BadGrantError, which names its column."""
    try:
        return day_of(line.cell(field))
    except CellRefusedError as error:
        raise BadGrantError(
            "「{column}」写的不是日期；请写成 2026-06-30。",
            column="/".join(STAFF_COLUMNS.names[field][:2]),
        ) from error


def check_new(line: Line, faults: Faults) -> None:
    """A new person needs a name and a role."""
    if not line.cell("display"):
        faults.found.append(BadAccountError("新账号要写姓名。"))
    if not line.cell("roles"):
        faults.found.append(BadAccountError("新账号要写至少一个角色。"))


def unit_in(line: Line, units: Mapping[str, UnitRow]) -> str:
    """The code of the unit, if one is named. Raises NoSuchUnitError."""
    wanted = code_of(line.cell("unit")).lower()
    if not wanted:
        return ""
    row = units.get(wanted)
    if row is None or row.ended_at is not None:
        raise NoSuchUnitError(
            "没有部门代码「{code}」，或者部门已经撤销；请先导入部门，或者改正代码。", code=wanted
        )
    return wanted


def roles_in(line: Line, faults: Faults) -> tuple[Role, ...]:
    """The roles a cell names, each once; each that is none is a fault."""
    words = [one for one in BETWEEN.split(line.cell("roles")) if one]
    found = [faults.tried(partial(role_called, word)) for word in words]
    return tuple(dict.fromkeys(role for role in found if role is not None))


def role_called(word: str) -> Role:
    """Raises BadGrantError."""
    role = ROLES_BY_NAME.get(normal_name(word))
    if role is None:
        raise BadGrantError(
            "没有「{role}」这种角色；可以写：{known}。", role=word[:40], known=KNOWN
        )
    return role
