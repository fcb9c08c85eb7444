"""Units are made, changed and ended, where the right to do so reaches."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.tables import CaseRow, GrantRow, StaffRow, UnitRow
from services.mediation.use_cases.people.doing import By, allowed
from services.mediation.use_cases.people.units.moving import move
from services.mediation.use_cases.people.units.telling import facts_of, told
from services.mediation.use_cases.people.units.wished import (
    NoSuchUnitError,
    Wished,
    check_free,
    checked,
    parent_of,
    taken,
    unit_in,
)
from services.mediation.use_cases.tree import unit_of
from shared.ids import uuid7
from shared.kernel import ConflictError
from shared.rights import Action, Thing
from shared.trail import Deed, Said
from shared.units import Tree, path_of
from shared.work import Work


class UnitInUseError(ConflictError):
    """People, open cases or units below are still there."""


async def make_unit(work: Work, body: str, wished: Wished, by: By) -> UnitRow:
    """Make a unit. Raises BadUnitError, UnitTakenError, NotAllowedError."""
    above = await parent_of(work.session, body, wished.parent)
    identity = uuid7()
    place_above = place(above) if above else Thing(body)
    doer = allowed(by, Action.UNIT_MANAGE, place_above)
    row = {
        "id": identity,
        "body": body,
        "parent": wished.parent,
        "path": path_of(above.path if above else "", identity),
        **checked(wished),
        "version": 1,
        "created_at": work.now,
        "ended_at": None,
    }
    if not await work.insert_new(UnitRow, [row], [UnitRow.id]):
        raise taken()
    made = await unit_in(work.session, identity)
    await told(work, made, doer, Said(Deed.UNIT_ADDED, facts_of(made)))
    return made


async def change_unit(work: Work, unit: UUID, wished: Wished, by: By) -> UnitRow:
    """Rename a unit, give it another code or region, or move it with all below it.

    Raises NoSuchUnitError, BadUnitError, UnitTakenError, NoLoopError, UnitInUseError,
    NotAllowedError. What stays as it was is not noted.
    """
    row = await held_still(work.session, unit)
    check_seen(by, row)
    doer = allowed(by, Action.UNIT_MANAGE, place(row))
    if row.ended_at is not None:
        raise UnitInUseError("部门已经撤销，不能再改。")
    was, columns = facts_of(row), checked(wished)
    if was == facts_of(row) | columns | {"parent": wished.parent}:
        return row
    await check_free(work.session, row, columns["code"])
    for name, value in columns.items():
        setattr(row, name, value)
    row.version += 1
    deed = Deed.UNIT_CHANGED
    if wished.parent != row.parent:
        above = await parent_of(work.session, row.body, wished.parent)
        to = place(above) if above else Thing(row.body)
        doer = allowed(by, Action.UNIT_MANAGE, to)
        await move(work, row, above)
        deed = Deed.UNIT_MOVED
    await told(work, row, doer, Said(deed, {"before": was, "after": facts_of(row)}))
    return row


def check_seen(by: By, row: UnitRow) -> None:
    """Units of one's own body are no secret. Raises NoSuchUnitError."""
    if not by.rights.reach(Action.STAFF_READ).touches(row.body):
        raise NoSuchUnitError("没有这个部门。").beyond("unit", row.id)


async def held_still(session: AsyncSession, unit: UUID) -> UnitRow:
    """A unit, with all of its body locked in one order: no two moves make a loop together.

    Raises NoSuchUnitError.
    """
    body = (await unit_in(session, unit)).body
    same = select(UnitRow).where(UnitRow.body == body).order_by(UnitRow.id).with_for_update()
    rows = await session.scalars(same.execution_options(populate_existing=True))
    return next(row for row in rows if row.id == unit)


async def end_unit(work: Work, unit: UUID, by: By) -> UnitRow:
    """End a unit that nobody needs any more. Raises NoSuchUnitError, UnitInUseError."""
    row = await held_still(work.session, unit)
    check_seen(by, row)
    doer = allowed(by, Action.UNIT_MANAGE, place(row))
    if row.ended_at is not None:
        return row
    await check_empty(work.session, row)
    row.ended_at, row.version = work.now, row.version + 1
    await told(work, row, doer, Said(Deed.UNIT_ENDED, facts_of(row)))
    return row


async def check_empty(session: AsyncSession, row: UnitRow) -> None:
    """Raises UnitInUseError."""
    people = (StaffRow.unit == row.id) & StaffRow.ended_at.is_(None)
    held = (GrantRow.unit == row.id) & GrantRow.ended_at.is_(None)
    below = (UnitRow.parent == row.id) & UnitRow.ended_at.is_(None)
    open_cases = (CaseRow.unit == row.id) & (CaseRow.state != "closed")
    if await some(session, UnitRow, below):
        raise UnitInUseError("这个部门下面还有部门，请先撤销或者移走。")
    if await some(session, StaffRow, people):
        raise UnitInUseError("这个部门还有工作人员，请先调走或者停用。")
    if await some(session, GrantRow, held):
        raise UnitInUseError("还有人在这个部门担任角色，请先收回。")
    if await some(session, CaseRow, open_cases):
        raise UnitInUseError("这个部门还有在办案件，请先分派给别的部门。")


async def some(session: AsyncSession, table: type[Any], there: Any) -> bool:
    return bool(await session.scalar(select(func.count()).select_from(table).where(there)))


def place(row: UnitRow) -> Thing:
    """Where a unit lies."""
    return Tree((unit_of(row),)).place(row.body, row.id)
