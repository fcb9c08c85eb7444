"""One row about a person, read and checked by itself."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from services.mediation.domain.accounts import (
    BadAccountError,
    account_name,
    display_name,
    office_phone,
)
from services.mediation.tables import UnitRow
from services.mediation.use_cases.people.granting import BadGrantError, check_days
from services.mediation.use_cases.people.importing.lines import Line
from services.mediation.use_cases.people.units import NoSuchUnitError
from shared.rights import Role
from shared.sheets.dates import day_of
from shared.sheets.problems import Several
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

    def check_new(self) -> None:
        """Raises BadAccountError where a new person lacks a name or a role."""
        if not self.display:
            raise BadAccountError("新账号要写姓名。")
        if not self.roles:
            raise BadAccountError("新账号要写至少一个角色。")

    def only(self, *, roles: tuple[Role, ...], display: str, phone: str) -> "StaffDoing":
        """What of it differs from what is known."""
        return replace(
            self,
            roles=roles,
            display="" if self.display == display else self.display,
            phone="" if self.phone == phone else self.phone,
        )


def read(line: Line, units: Mapping[str, UnitRow], today: date) -> StaffDoing:
    """Raises BadAccountError, NoSuchUnitError, BadGrantError, CellRefusedError."""
    first = day_of(line.cell("first_on")) if line.cell("first_on") else today
    last = day_of(line.cell("last_on")) if line.cell("last_on") else None
    check_days(first, last, today)
    display = line.cell("display")
    return StaffDoing(
        account_name(line.cell("name")),
        display_name(display) if display else "",
        office_phone(line.cell("phone")),
        unit_in(line, units),
        roles_in(line),
        first,
        last,
    )


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


def roles_in(line: Line) -> tuple[Role, ...]:
    """The roles a cell names, each once. Raises BadGrantError."""
    words = [one for one in BETWEEN.split(line.cell("roles")) if one]
    return tuple(dict.fromkeys(role_called(word) for word in words))


def role_called(word: str) -> Role:
    """Raises BadGrantError."""
    role = ROLES_BY_NAME.get(normal_name(word))
    if role is None:
        raise BadGrantError(
            "没有「{role}」这种角色；可以写：{known}。", role=word[:40], known=KNOWN
        )
    return role
