"""What is there already when people are imported: accounts, roles, units."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.tables import GrantRow, StaffRow, UnitRow
from services.mediation.use_cases.people.doing import By
from services.mediation.use_cases.people.importing.lines import Line
from services.mediation.use_cases.people.importing.unit_lines import units_of
from services.mediation.use_cases.people.seconds import managers_of
from shared.rights import Thing
from shared.text import normal_name


@dataclass(frozen=True)
class Known:
    """What is there already."""

    body: str
    people: Mapping[str, StaffRow]
    grants: Mapping[UUID, Sequence[GrantRow]]
    units: Mapping[str, UnitRow]
    today: date
    by: By
    """Who imports, with whom they stand in for."""
    two: bool
    """Whether two administrators manage people in all of the body: one can confirm the other."""


async def known_of(
    session: AsyncSession,
    body: str,
    lines: Sequence[Line],
    around: tuple[By, date],
    *,
    lock: bool = False,
) -> Known:
    """Read what the lines are compared with.

    `lock`: nobody else changes these people, or ends a unit, before it is done.
    """
    by, today = around
    names = {normal_name(line.cell("name")) for line in lines}
    people: dict[str, StaffRow] = {}
    grants: dict[UUID, list[GrantRow]] = {}
    wanted = sorted(names)
    for at in range(0, len(wanted), 1000):
        these = StaffRow.name.in_(wanted[at : at + 1000])
        there = select(StaffRow).where(these).order_by(StaffRow.name)
        rows = await session.scalars(there.with_for_update() if lock else there)
        people |= {row.name: row for row in rows}
        held = select(GrantRow).join(StaffRow, StaffRow.id == GrantRow.staff_id)
        for one in await session.scalars(held.where(these, GrantRow.ended_at.is_(None))):
            grants.setdefault(one.staff_id, []).append(one)
    units = await units_of(session, body, lock="share" if lock else None)
    two = len(await managers_of(session, [Thing(body)], today)) > 1
    return Known(body, people, grants, units, today, by, two)
