"""Units of a body (部门): made, renamed, moved in the tree, ended; never deleted."""

import re
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.tables import CaseRow, GrantRow, StaffRow, UnitRow
from shared.events import UnitChanged
from shared.ids import uuid7
from shared.kernel import ConflictError, RuleError, UnknownError
from shared.rights import Action, Rights
from shared.terms import is_region
from shared.text import clean, code
from shared.trail import Chain, Deed, Doer, Said, note
from shared.units import Tree, Unit, path_of
from shared.units.tree import tree_of
from shared.work import Database, Work

CODES = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
MOST_NAME = 60
DEEPEST = 12
"""Levels of a tree: state, province, city, county, town, village, and as many of a company."""
BELIEVED = timedelta(seconds=20)
"""How long a process works with the tree it has read."""
_read: WeakKeyDictionary[Any, tuple[datetime, Tree]] = WeakKeyDictionary()


class NoSuchUnitError(UnknownError):
    """No unit of this id or code, or none that the person may see."""


class BadUnitError(RuleError):
    """A unit that cannot be: its code, name or region."""


class UnitTakenError(ConflictError):
    """The body has a unit with this code."""


class UnitInUseError(ConflictError):
    """People, open cases or units below are still there."""


class NoLoopError(ConflictError):
    """A unit cannot stand below itself."""


class Wished(NamedTuple):
    """A unit as somebody wants it."""

    code: str
    name: str
    parent: UUID | None = None
    region: str = ""


async def tree_for(database: Database, now: datetime) -> Tree:
    """All units, without a transaction where they were read a moment ago."""
    known = _read.get(database.engine.sync_engine.pool)
    if known and abs(now - known[0]) < BELIEVED:
        return known[1]
    async with database.reading() as session:
        return await the_tree(session, now)


async def the_tree(session: AsyncSession, now: datetime) -> Tree:
    """All units as they are."""
    tree = tree_of(map(unit_of, await session.scalars(select(UnitRow))))
    _read[session.get_bind().engine.pool] = (now, tree)
    return tree


def unit_of(row: UnitRow) -> Unit:
    return Unit(
        row.id,
        row.body,
        row.path,
        row.code,
        row.parent,
        row.name,
        row.region,
        row.ended_at is not None,
    )


async def tree_of_work(session: AsyncSession, now: datetime) -> Tree:
    """The same within a transaction."""
    known = _read.get(session.get_bind().engine.pool)
    return known[1] if known and abs(now - known[0]) < BELIEVED else await the_tree(session, now)


async def unit_in(session: AsyncSession, unit: UUID, *, lock: bool = False) -> UnitRow:
    """A unit. Raises NoSuchUnitError."""
    found = await session.get(UnitRow, unit, with_for_update=lock or None)
    if found is None:
        raise NoSuchUnitError("没有这个部门。")
    return found


async def make_unit(work: Work, body: str, wished: Wished, rights: Rights, doer: Doer) -> UnitRow:
    """Make a unit. Raises BadUnitError, UnitTakenError, NoSuchUnitError, NotAllowedError."""
    above = await parent_of(work.session, body, wished.parent)
    identity = uuid7()
    path = path_of(above.path if above else "", identity)
    rights.check(Action.UNIT_MANAGE, Tree().place(body, None) if above is None else place(above))
    row = {
        "id": identity,
        "body": body,
        "parent": wished.parent,
        "path": path,
        **checked(wished),
        "version": 1,
        "created_at": work.now,
        "ended_at": None,
    }
    if not await work.insert_new(UnitRow, [row], [UnitRow.id]):
        raise UnitTakenError("代码「{code}」已经有部门在用。", pointer="/code", code=row["code"])
    made = await unit_in(work.session, identity)
    await told(work, made, doer, Said(Deed.UNIT_ADDED, facts_of(made)))
    return made


async def change_unit(
    work: Work, unit: UUID, wished: Wished, rights: Rights, doer: Doer
) -> UnitRow:
    """Rename a unit, give it another code or region, or move it with all below it.

    Raises NoSuchUnitError, BadUnitError, UnitTakenError, NoLoopError, NotAllowedError.
    """
    row = await unit_in(work.session, unit, lock=True)
    rights.check(Action.UNIT_MANAGE, place(row))
    was, columns = facts_of(row), checked(wished)
    await check_free(work.session, row, columns["code"])
    for name, value in columns.items():
        setattr(row, name, value)
    row.version += 1
    deed = Deed.UNIT_CHANGED
    if wished.parent != row.parent:
        above = await parent_of(work.session, row.body, wished.parent)
        rights.check(Action.UNIT_MANAGE, place(above) if above else Tree().place(row.body, None))
        await move(work, row, above)
        deed = Deed.UNIT_MOVED
    await told(work, row, doer, Said(deed, {"before": was, "after": facts_of(row)}))
    return row


async def end_unit(work: Work, unit: UUID, rights: Rights, doer: Doer) -> UnitRow:
    """End a unit that nobody needs any more. Raises NoSuchUnitError, UnitInUseError."""
    row = await unit_in(work.session, unit, lock=True)
    rights.check(Action.UNIT_MANAGE, place(row))
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
    for table, there, sentence in (
        (UnitRow, below, "这个部门下面还有部门，请先撤销或者移走。"),
        (StaffRow, people, "这个部门还有工作人员，请先调走或者停用。"),
        (GrantRow, held, "还有人在这个部门担任角色，请先收回。"),
        (CaseRow, open_cases, "这个部门还有在办案件，请先分派给别的部门。"),
    ):
        if await session.scalar(select(func.count()).select_from(table).where(there)):
            raise UnitInUseError(sentence)


async def parent_of(session: AsyncSession, body: str, parent: UUID | None) -> UnitRow | None:
    """The unit above, at work and of the same body. Raises BadUnitError."""
    if parent is None:
        return None
    found = await session.get(UnitRow, parent)
    if found is None or found.body != body or found.ended_at is not None:
        raise BadUnitError("上级部门不存在，或者已经撤销。", pointer="/parent")
    if found.path.count("/") > DEEPEST:
        raise BadUnitError("部门最多{deepest}级。", pointer="/parent", deepest=DEEPEST)
    return found


async def move(work: Work, row: UnitRow, above: UnitRow | None) -> None:
    """Put a unit below another one, with all below it; sisters hear of each. Raises NoLoopError."""
    if above is not None and above.path.startswith(row.path):
        raise NoLoopError("部门不能移到自己的下级里。", pointer="/parent")
    old, row.parent = row.path, above.id if above else None
    below = select(UnitRow).where(
        UnitRow.body == row.body, UnitRow.path.startswith(old), UnitRow.id != row.id
    )
    row.path = path_of(above.path if above else "", row.id)
    for one in await work.session.scalars(below.with_for_update()):
        one.path = row.path + one.path.removeprefix(old)
        one.version += 1
        work.announce(as_event(one, work.now))


async def check_free(session: AsyncSession, row: UnitRow, wanted: str) -> None:
    """Raises UnitTakenError where another unit of the body has this code."""
    other = select(UnitRow.id).where(
        UnitRow.body == row.body, UnitRow.code == wanted, UnitRow.id != row.id
    )
    if await session.scalar(other):
        raise UnitTakenError("代码「{code}」已经有部门在用。", pointer="/code", code=wanted)


def checked(wished: Wished) -> dict[str, str]:
    """The columns that somebody may choose. Raises BadUnitError."""
    name, short = clean(wished.name), code(wished.code).lower()
    if not CODES.fullmatch(short):
        raise BadUnitError("部门代码用1到40个小写字母、数字和 . - _。", pointer="/code")
    if not 0 < len(name) <= MOST_NAME:
        raise BadUnitError("请写部门名称，最多{most}个字。", pointer="/name", most=MOST_NAME)
    region = clean(wished.region)
    if region and not is_region(region):
        raise BadUnitError("没有「{code}」这个行政区划代码。", pointer="/region", code=region)
    return {"code": short, "name": name, "region": region}


async def told(work: Work, row: UnitRow, doer: Doer, said: Said) -> None:
    """Note it, tell sisters, and read the tree anew here."""
    await work.session.flush()
    await note(work, Chain("unit", str(row.id)), doer, said)
    work.announce(as_event(row, work.now))
    _read.pop(work.session.get_bind().engine.pool, None)


def place(row: UnitRow) -> Any:
    """Where a unit lies."""
    return Tree((unit_of(row),)).place(row.body, row.id)


def facts_of(row: UnitRow) -> dict[str, Any]:
    return {"code": row.code, "name": row.name, "parent": row.parent, "region": row.region}


def as_event(row: UnitRow, now: datetime) -> UnitChanged:
    return UnitChanged(
        occurred_at=now,
        unit_id=row.id,
        version=row.version,
        body=row.body,
        parent=row.parent,
        path=row.path,
        code=row.code,
        ended=row.ended_at is not None,
    )
