"""Where the posts of somebody's groups are: roles in bodies and in units that are there."""

from collections.abc import AsyncIterator
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select

from services.mediation.domain.sign_on import Post
from services.mediation.tables import GrantRow, UnitRow
from shared.work import Work


class Place(NamedTuple):
    """Where a role is held: body and unit."""

    role: str
    body: str
    unit: UUID | None


def place_in(row: GrantRow) -> Place:
    return Place(row.role, row.body, row.unit)


def told(place: Place) -> dict[str, Any]:
    return {**place._asdict(), "unit": str(place.unit) if place.unit else None}


async def places(work: Work, posts: tuple[Post, ...]) -> AsyncIterator[Place]:
    """The posts whose unit is there; a unit that is not gives nothing."""
    for one in posts:
        if not one.unit:
            yield Place(one.role, one.body, None)
            continue
        statement = select(UnitRow.id).where(UnitRow.body == one.body, UnitRow.code == one.unit)
        unit = await work.session.scalar(statement.where(UnitRow.ended_at.is_(None)))
        if unit is not None:
            yield Place(one.role, one.body, unit)
