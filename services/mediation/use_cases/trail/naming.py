"""Lines of the trail in words: who, for whom, to what; ids become names where we know them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.tables import CaseRow, StaffRow, UnitRow
from services.mediation.use_cases.trail.labels import DOERS
from shared.i18n import Language, translated
from shared.masks import starred_name
from shared.trail.reading import Line


@dataclass(frozen=True)
class Names:
    """What ids are called."""

    people: Mapping[UUID, str] = field(repr=False)
    units: Mapping[UUID, str]
    numbers: Mapping[UUID, str]
    """Of cases and of complaints."""

    def doer(self, line: Line, language: Language) -> str:
        """Who did it, as they were called then, else as they are called now."""
        if line.doer_name:
            return line.doer_name
        known = self.people.get(line.doer) if line.doer else None
        return known or translated(DOERS.get(line.doer_kind, line.doer_kind), language)

    def behalf(self, line: Line) -> str:
        """For whom, where it was for somebody else; whoever complained is masked."""
        if line.for_id is None:
            return starred_name(line.for_name)
        if line.for_name:
            return line.for_name
        return self.people.get(line.for_id, str(line.for_id))

    def thing(self, line: Line) -> str:
        """To what it was done: a name or a number where we know it, else the id."""
        if line.kind == "letter" and (document := (line.said or {}).get("document_number")):
            return str(document)
        known: Mapping[str, Mapping[UUID, str]] = {
            "staff": self.people,
            "session": self.people,
            "unit": self.units,
            "case": self.numbers,
            "complaint": self.numbers,
        }
        one = as_id(line.key)
        return known.get(line.kind, {}).get(one, line.key) if one else line.key


def as_id(text: str) -> UUID | None:
    """The id that this text is; None for any other text."""
    try:
        return UUID(text)
    except ValueError:
        return None


async def names_for(
    session: AsyncSession, lines: Sequence[Line], bodies: Collection[str] | None = None
) -> Names:
    """The names of everybody and everything on these lines that people of these bodies may know.

    Whoever acted is known to all who see the line; of others, those who work for these bodies or
    for all of them. `bodies` None: everything.
    """
    acting = {line.doer for line in lines} | {line.for_id for line in lines}
    named = {as_id(line.key) for line in lines}
    named |= {one for line in lines for one in ids_in((line.said or {}).values())}
    wanted = {one for one in acting | named if one is not None}
    known = await labels(session, wanted, bodies)
    doers = select(StaffRow.id, StaffRow.display).where(StaffRow.id.in_(acting - {None}))
    people = known[StaffRow] | {row[0]: row[1] for row in await session.execute(doers)}
    return Names(people, known[UnitRow], known[CaseRow])


async def labels(
    session: AsyncSession, wanted: Collection[UUID], bodies: Collection[str] | None
) -> dict[type, dict[UUID, str]]:
    """What people, units, cases and complaints of these bodies are called."""
    found: dict[type, dict[UUID, str]] = {StaffRow: {}, UnitRow: {}, CaseRow: {}}
    for table, key, label in (
        (StaffRow, StaffRow.id, StaffRow.display),
        (UnitRow, UnitRow.id, UnitRow.name),
        (CaseRow, CaseRow.id, CaseRow.number),
        (CaseRow, CaseRow.complaint_id, CaseRow.number),
    ):
        statement = select(key, label).where(key.in_(wanted))
        if bodies is not None:
            everybodys = {""} if table is StaffRow else set()
            statement = statement.where(table.body.in_({*bodies, *everybodys}))
        found[table] |= {row[0]: row[1] for row in await session.execute(statement)}
    return found


def ids_in(values: Iterable[Any]) -> Iterable[UUID]:
    """Every id among these values, however deep."""
    for value in values:
        if isinstance(value, Mapping):
            yield from ids_in(value.values())
        elif isinstance(value, list):
            yield from ids_in(value)
        elif isinstance(value, str) and (one := as_id(value)):
            yield one
