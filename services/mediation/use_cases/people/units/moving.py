"""A unit is moved in the tree, with all below it."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.tables import UnitRow
from services.mediation.use_cases.people.units.telling import as_event
from services.mediation.use_cases.people.units.wished import check_depth, levels
from shared.kernel import ConflictError
from shared.units import path_of
from shared.work import Work


class NoLoopError(ConflictError):
    """A unit cannot stand below itself."""


async def move(work: Work, row: UnitRow, above: UnitRow | None) -> None:
    """Put a unit below another one, with all below it; sisters hear of each.

    Raises NoLoopError, BadUnitError.
    """
    if above is not None and above.path.startswith(row.path):
        raise NoLoopError("部门不能移到自己的下级里。", pointer="/parent")
    old, new = row.path, path_of(above.path if above else "", row.id)
    below = await all_below(work.session, row)
    deepest = max(levels(one.path) for one in (row, *below))
    check_depth(deepest - levels(old) + levels(new))
    row.parent, row.path = above.id if above else None, new
    for one in below:
        one.path = new + one.path.removeprefix(old)
        one.version += 1
        work.announce(as_event(one, work.now))


async def all_below(session: AsyncSession, row: UnitRow) -> Sequence[UnitRow]:
    """Every unit below this one, at any depth, ended ones included."""
    below = select(UnitRow).where(
        UnitRow.body == row.body,
        UnitRow.path.startswith(row.path, autoescape=True),
        UnitRow.id != row.id,
    )
    return (await session.scalars(below)).all()
