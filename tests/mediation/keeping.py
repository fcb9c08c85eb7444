"""Privacy officers, closed cases and an intake that erases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from services.mediation.ports import Origin, PersonAsked, Record
from services.mediation.tables import CaseRow
from services.mediation.use_cases.privacy.holds import Officer
from services.mediation.use_cases.privacy.listed import due_list
from shared.rights import Grant, Rights, Role
from shared.trail import Doer
from shared.trail.refusals import refusals_of
from shared.trail.rows import opened
from shared.trail.tables import AuditRow
from shared.work import Database
from tests.mediation.things import a_case, the_case


def officer(number: int = 1, body: str = "main", role: Role = Role.PRIVACY_OFFICER) -> Officer:
    who = UUID(int=number)
    doer = Doer("staff", who, f"{number}号专员", role.value)
    return Officer(who, doer, Rights((Grant(role, who, body),)))


ZHOU, WU = officer(1), officer(2)
STRANGERS = (officer(3, role=Role.MEDIATOR), officer(4, "other"))


async def closed(database: Database, day: date = date(2016, 6, 22), **facts: Any) -> CaseRow:
    """A case that was closed on a day."""
    case = await a_case(database, **facts)
    ended = {"closed_on": day, "outcome": "agreed", "state": "closed"}
    async with database.work() as work:
        await work.session.execute(update(CaseRow).where(CaseRow.id == case.id).values(ended))
    return await the_case(database, case.number)


@dataclass
class EraserInMemory:
    """Intake's side: what it was told to erase."""

    erased: list[Mapping[UUID, str]] = field(default_factory=list)

    async def erase(self, wanted: Mapping[UUID, str]) -> None:
        self.erased.append(dict(wanted))


class PrivacyInMemory:
    """Intake's side of what a person asks for: nobody reported anything."""

    async def reported_by(self, asked: PersonAsked) -> Sequence[Mapping[str, Any]]:
        return []

    async def origins(self, ids: Sequence[UUID]) -> Mapping[UUID, Origin]:
        return {}

    async def words(self, ids: Sequence[UUID]) -> Mapping[UUID, Record]:
        return {}

    async def file(self, complaint_id: UUID, file_id: UUID) -> bytes:
        raise AssertionError(f"nobody has a file {file_id} of {complaint_id}")


async def count(database: Database, table: type) -> int:
    """How many rows a table has."""
    async with database.reading() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def waiting(database: Database) -> list[tuple[UUID, str, date]]:
    """What waits in the main body for approval that it goes: case, class, since when it is due."""
    async with database.reading() as session:
        rows = await due_list(session, ["main"])
    return [(row[0].case_id, row[0].code, row[0].due_on) for row in rows]


async def noted(database: Database, kind: str) -> list[tuple[str, UUID | None, dict[str, Any]]]:
    """What the trail says in chains of a kind: action, who, what was said."""
    async with database.reading() as session:
        wanted = select(AuditRow).where(AuditRow.kind == kind).order_by(AuditRow.id)
        rows = list(await session.scalars(wanted))
    found = []
    for row in rows:
        said = opened(database.vault, row.sealed, row.id)
        found.append((row.action, row.doer, said[1]["said"] if said else {}))
    return found


async def refused_in(database: Database) -> list[tuple[str, Any]]:
    """The refusals of the trail: of what kind, and of what."""
    await refusals_of(database).write("mediation")
    return [(action, said.get("tried")) for action, _, said in await noted(database, "refused")]
