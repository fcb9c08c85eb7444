"""The rows that an import of people inserts, and what it notes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from services.mediation.tables import GrantRow, StaffRow, UnitRow
from services.mediation.use_cases.people.importing.staff_lines import StaffDoing
from services.mediation.use_cases.staff import NameTakenError, new_account, told
from shared.ids import uuid7
from shared.rights import Role
from shared.trail import Deed, Doer, Noted, Said
from shared.work import Work


@dataclass
class Made:
    """What is going to be inserted and noted."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    grants: list[dict[str, Any]] = field(default_factory=list)
    noted: list[Noted] = field(default_factory=list)
    passwords: list[tuple[str, str, str]] = field(default_factory=list)
    """Account, name, one-time password."""

    def add(
        self, one: StaffDoing, place: tuple[str, UUID | None], now: datetime
    ) -> tuple[UUID, Said]:
        """A new account."""
        row, password = new_account(one.name, one.display, now)
        row |= {"body": place[0], "unit": place[1], "phone": one.phone}
        self.rows.append(row)
        self.passwords.append((one.name, one.display, password))
        return row["id"], Said(Deed.STAFF_ADDED, told(row))


def change(person: StaffRow, one: StaffDoing, unit: UnitRow | None) -> Said | None:
    """What a row changes of somebody who is there already; None: nothing but roles."""
    was = {"display": person.display, "phone": person.phone, "unit": person.unit}
    person.display = one.display or person.display
    person.phone = one.phone or person.phone
    person.unit = unit.id if unit else person.unit
    now = {"display": person.display, "phone": person.phone, "unit": person.unit}
    return Said(Deed.STAFF_CHANGED, {"before": was, "after": now}) if now != was else None


SAID = ("role", "body", "unit", "first_on", "last_on")


async def keep(
    work: Work, rows: Sequence[dict[str, Any]], grants: Sequence[dict[str, Any]]
) -> None:
    """Raises NameTakenError where somebody else just took a name."""
    fresh = await work.insert_new(StaffRow, rows, [StaffRow.id])
    if len(fresh) < len(rows):
        raise NameTakenError("刚才有人建了同名的账号，什么也没有导入；请再导一次。")
    await work.insert(GrantRow, grants)


def grant(
    staff: UUID, role: Role, place: tuple[str, UUID | None], doing: StaffDoing
) -> dict[str, Any]:
    """The row of a role."""
    return {
        "id": uuid7(),
        "staff_id": staff,
        "role": role.value,
        "body": place[0],
        "unit": place[1],
        "first_on": doing.first_on,
        "last_on": doing.last_on,
        "ended_at": None,
    }


def granted_by(doer: Doer, work: Work) -> dict[str, Any]:
    return {"granted_by": doer.id, "granted_at": work.now}
