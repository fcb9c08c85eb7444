"""A unit as somebody wants it, and whether it can be so."""

import re
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.tables import UnitRow
from shared.kernel import ConflictError, RuleError, UnknownError, raise_all
from shared.terms import is_region
from shared.text import clean, code

CODES = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
MOST_NAME = 60
DEEPEST = 64
"""Levels of a tree: no organisation has as many; a path of more fits no entry of an index."""


class NoSuchUnitError(UnknownError):
    """No unit of this id or code, or none that the person may see."""


class BadUnitError(RuleError):
    """A unit that cannot be: its code, name, place or region."""


class UnitTakenError(ConflictError):
    """The body has a unit with this code."""


class Wished(NamedTuple):
    """A unit as somebody wants it."""

    code: str
    name: str
    parent: UUID | None = None
    region: str = ""


async def unit_in(session: AsyncSession, unit: UUID) -> UnitRow:
    """A unit, ended or not. Raises NoSuchUnitError."""
    found = await session.get(UnitRow, unit)
    if found is None:
        raise NoSuchUnitError("没有这个部门。")
    return found


async def unit_at_work(session: AsyncSession, unit: UUID, body: str) -> UnitRow:
    """A unit of this body that people can work in; it stays. Raises BadUnitError."""
    found = await session.get(UnitRow, unit, with_for_update={"read": True})
    if found is None or found.body != body or found.ended_at is not None:
        raise BadUnitError("这个机构没有这个部门，或者部门已经撤销。", pointer="/unit")
    return found


async def parent_of(session: AsyncSession, body: str, parent: UUID | None) -> UnitRow | None:
    """The unit above, at work and of the same body; it stays. Raises BadUnitError."""
    if parent is None:
        return None
    found = await session.get(UnitRow, parent, with_for_update={"read": True})
    if found is None or found.body != body or found.ended_at is not None:
        raise BadUnitError("上级部门不存在，或者已经撤销。", pointer="/parent")
    check_depth(levels(found.path) + 1)
    return found


def levels(path: str) -> int:
    """How deep in the tree a path leads; 1: on top."""
    return path.count("/") - 1


def check_depth(level: int) -> None:
    """Raises BadUnitError."""
    if level > DEEPEST:
        raise BadUnitError("部门最多{deepest}级。", pointer="/parent", deepest=DEEPEST)


async def check_free(session: AsyncSession, row: UnitRow, wanted: str) -> None:
    """Raises UnitTakenError where another unit of the body has this code."""
    other = select(UnitRow.id).where(
        UnitRow.body == row.body, UnitRow.code == wanted, UnitRow.id != row.id
    )
    if await session.scalar(other):
        raise taken()


def taken() -> UnitTakenError:
    return UnitTakenError("这个代码已经有部门在用，请换一个。", pointer="/code")


def checked(wished: Wished) -> dict[str, str]:
    """The columns that somebody may choose.

    Raises BadUnitError, or RuleErrors where several of them are wrong.
    """
    raise_all(faults_of(wished))
    return {
        "code": code(wished.code).lower(),
        "name": clean(wished.name),
        "region": clean(wished.region),
    }


def faults_of(wished: Wished) -> list[RuleError]:
    """Everything wrong with code, name and region."""
    faults: list[RuleError] = []
    if not CODES.fullmatch(code(wished.code).lower()):
        faults.append(BadUnitError("部门代码用1到40个小写字母、数字和 . - _。", pointer="/code"))
    if not 0 < len(clean(wished.name)) <= MOST_NAME:
        faults.append(
            BadUnitError("请写部门名称，最多{most}个字。", pointer="/name", most=MOST_NAME)
        )
    region = clean(wished.region)
    if region and not is_region(region):
        faults.append(
            BadUnitError("没有这个行政区划代码，应是6位数字，例如510903。", pointer="/region")
        )
    return faults
