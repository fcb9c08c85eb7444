"""The tree as people look at it: each unit with its people and its open cases."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.tables import CaseRow, StaffRow
from services.mediation.use_cases.people.units.wished import levels
from services.mediation.use_cases.tree import units_now
from shared.rights import Reach
from shared.units import Unit


@dataclass(frozen=True)
class Listed:
    """One unit of the tree."""

    unit: Unit
    level: int
    """1: on top."""
    people: int
    """Who works in it now, those below it not counted."""
    open_cases: int


async def listed_units(session: AsyncSession, body: str, reach: Reach) -> list[Listed]:
    """The units of a body within reach, parents first, ended ones included."""
    tree = await units_now(session)
    at_work = StaffRow.ended_at.is_(None)
    people = await counted(session, StaffRow.unit, (StaffRow.body == body) & at_work)
    being_open = (CaseRow.body == body) & (CaseRow.state != "closed")
    cases = await counted(session, CaseRow.unit, being_open)
    return [
        Listed(one, levels(one.path), people.get(one.id, 0), cases.get(one.id, 0))
        for one in tree.of(body)
        if reach.admits(tree.place(body, one.id))
    ]


async def counted(session: AsyncSession, unit: Any, which: Any) -> dict[UUID, int]:
    """How many rows each unit has."""
    statement = select(unit, func.count()).where(which, unit.is_not(None)).group_by(unit)
    return {row[0]: row[1] for row in await session.execute(statement)}
