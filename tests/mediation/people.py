"""People and units as the tests of people and units want them."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from services.mediation.tables import GrantRow, StaffRow, UnitRow
from services.mediation.use_cases.people.doing import CONSOLE, By
from services.mediation.use_cases.people.giving import WishedGrant
from services.mediation.use_cases.people.granting import grant_role
from services.mediation.use_cases.people.holding import grants_of
from services.mediation.use_cases.people.units import Wished, make_unit
from services.mediation.use_cases.staff import hold
from shared.bodies import bodies_of
from shared.ids import uuid7
from shared.rights import Rights, Role
from shared.trail import Doer
from shared.trail.tables import AuditRow
from shared.work import Database
from tests.mediation.things import RECEIVED

BODIES = bodies_of([])


@dataclass(frozen=True)
class Person:
    """An account of a test."""

    id: UUID
    name: str


async def a_person(
    database: Database, name: str, *roles: Role, body: str = "main", unit: UUID | None = None
) -> Person:
    """Somebody who works here, with these roles where they work; without a password."""
    row: dict[str, Any] = {
        "id": uuid7(),
        "name": name,
        "display": f"{name}同志",
        "body": body,
        "unit": unit,
        "phone": "",
        "password": "",
        "must_change": False,
        "created_at": RECEIVED,
        "ended_at": None,
    }
    async with database.work() as work:
        await work.insert(StaffRow, [row])
        if roles:
            await hold(work, row["id"], roles, body, unit)
    return Person(row["id"], name)


async def acting(database: Database, person: Person) -> By:
    """Somebody with what they hold now, as a page knows them."""
    async with database.reading() as session:
        held = await grants_of(session, person.id, database.clock())
    return By(Rights(held), Doer("staff", person.id, f"{person.name}同志"))


async def a_unit(database: Database, code: str, parent: UUID | None = None, **facts: Any) -> UUID:
    """A unit of the main body, made on the console."""
    async with database.work() as work:
        wished = Wished(code, facts.get("name", f"{code}部门"), parent, facts.get("region", ""))
        return (await make_unit(work, facts.get("body", "main"), wished, CONSOLE)).id


async def given(
    database: Database,
    to: Person,
    role: Role,
    by: By = CONSOLE,
    days: tuple[date | None, date | None] = (None, None),
) -> UUID:
    """A role in the main body, on these days."""
    async with database.work() as work:
        wished = WishedGrant(role.value, "main", None, *days)
        return (await grant_role(work, to.id, wished, BODIES, by)).id


async def roles_of(database: Database, person: Person) -> list[str]:
    """What somebody holds now, lent rights included, each with whose it is."""
    async with database.reading() as session:
        held = await grants_of(session, person.id, database.clock())
    return [f"{one.role.value} {'own' if one.holder == person.id else 'lent'}" for one in held]


async def count(database: Database, table: type[Any] = GrantRow, *which: Any) -> int:
    async with database.reading() as session:
        return await session.scalar(select(func.count()).select_from(table).where(*which)) or 0


async def units(database: Database) -> dict[str, UnitRow]:
    """All units by code."""
    async with database.reading() as session:
        return {one.code: one for one in await session.scalars(select(UnitRow))}


async def noted(database: Database, kind: str, key: UUID) -> list[str]:
    """The codes of what was noted in a chain, in order."""
    async with database.reading() as session:
        statement = select(AuditRow).where(AuditRow.kind == kind, AuditRow.key == str(key))
        rows = (await session.scalars(statement.order_by(AuditRow.seq))).all()
    return [row.action for row in rows]
