"""What rows about units would do: each by itself, then those whose parents are wrong."""

import asyncio
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.tables import UnitRow
from services.mediation.use_cases.people.importing.faults import Faults
from services.mediation.use_cases.people.importing.lines import Line
from services.mediation.use_cases.people.importing.plans import Outcome, Plan, Planned, refused
from services.mediation.use_cases.people.units.wished import (
    DEEPEST,
    BadUnitError,
    NoSuchUnitError,
    UnitTakenError,
    Wished,
    checked,
)
from shared.i18n import N_
from shared.kernel import RuleError, broken
from shared.sheets.problems import Remark
from shared.text import code as code_of

IS_NEW = N_("新增，上级：{parent}")
RENAMED, MOVED = N_("名称改为{name}"), N_("移到{parent}下面")
OTHER_REGION = N_("行政区划改为{region}")


@dataclass(frozen=True)
class UnitDoing:
    """A unit as it is going to be; empty texts: as it is."""

    code: str
    name: str
    parent: str
    region: str
    is_new: bool


async def plan_units(session: AsyncSession, body: str, lines: Sequence[Line]) -> Plan[UnitDoing]:
    """What these lines would change in the tree of a body."""
    return await asyncio.to_thread(planned, lines, await units_of(session, body))


async def units_of(
    session: AsyncSession, body: str, *, lock: Literal["share", "update"] | None = None
) -> dict[str, UnitRow]:
    """All units of a body by code, ended ones included.

    `lock`: until it is done nobody else changes them ("share") or reads them for that ("update").
    """
    statement = select(UnitRow).where(UnitRow.body == body).order_by(UnitRow.id)
    locked = statement.with_for_update(read=lock == "share")
    rows = await session.scalars(locked if lock else statement)
    return {row.code: row for row in rows}


def planned(lines: Sequence[Line], known: Mapping[str, UnitRow]) -> Plan[UnitDoing]:
    """Decide each line, then those whose parents were refused; what is wrong is told at once."""
    found: dict[int, Planned[UnitDoing]] = {}
    wished: dict[str, tuple[int, UnitDoing]] = {}
    rows = rows_of(lines)
    named = {code for code, row in known.items() if row.ended_at is None} | rows.keys()
    for line in lines:
        key, faults = key_of(line), Faults()
        faults.tried(partial(check_once, key, line, rows))
        doing = faults.tried(partial(read, line, known.get(key)))
        if doing is None or faults.found:
            faults.tried(partial(check_named, parent_in(line), named))
            found[line.row] = refused(line.row, key, *faults.found)
        else:
            wished[key] = line.row, doing
    by_id = {row.id: code for code, row in known.items()}
    parents = {code: by_id[row.parent] for code, row in known.items() if row.parent}
    check_parents(wished, known, parents, found)
    for key, (row, doing) in wished.items():
        if row not in found:
            found[row] = compared(row, doing, known.get(key), parents)
    return Plan([found[line.row] for line in lines])


def rows_of(lines: Sequence[Line]) -> dict[str, int]:
    """In which row each code stands first."""
    found: dict[str, int] = {}
    for line in lines:
        found.setdefault(key_of(line), line.row)
    return found


def key_of(line: Line) -> str:
    return code_of(line.cell("code")).lower()


def parent_in(line: Line) -> str:
    return code_of(line.cell("parent")).lower()


def check_once(key: str, line: Line, rows: Mapping[str, int]) -> None:
    """Raises UnitTakenError."""
    if key and rows[key] != line.row:
        raise UnitTakenError("第{row}行已经写了代码「{code}」。", row=rows[key], code=key)


def check_named(parent: str, named: Container[str]) -> None:
    """Raises NoSuchUnitError."""
    if parent and parent not in named:
        raise NoSuchUnitError(
            "没有上级代码「{code}」：请先写上级那一行，或者改正代码。", code=parent
        )


def read(line: Line, row: UnitRow | None) -> UnitDoing:
    """One line by itself. Raises BadUnitError, or RuleErrors where several things are wrong."""
    if row is not None and row.ended_at is not None:
        raise BadUnitError("部门「{code}」已经撤销，请换一个代码。", code=row.code)
    name = line.cell("name") or (row.name if row else "")
    columns = checked(Wished(line.cell("code"), name, None, line.cell("region")))
    return UnitDoing(
        columns["code"], columns["name"], parent_in(line), columns["region"], row is None
    )


def check_parents(
    wished: dict[str, tuple[int, UnitDoing]],
    known: Mapping[str, UnitRow],
    parents: Mapping[str, str],
    found: dict[int, Planned[UnitDoing]],
) -> None:
    """Refuse lines whose parent is unknown or refused, who stand below themselves, or too deep.

    Whatever is refused moves nothing, so those below it are looked at once more: in as many rounds
    as there may be levels, as nothing that stands deeper is left after the first one.
    """
    there = {code for code, row in known.items() if row.ended_at is None}
    changing = True
    while changing:
        good = {key for key, (row, _) in wished.items() if row not in found}
        after = {**parents, **{k: wished[k][1].parent for k in good if wished[k][1].parent}}
        changing, near = False, there | good
        for key in good:
            row, doing = wished[key]
            if error := wrong_parent(doing, near, after):
                found[row] = refused(row, key, error)
                changing = True


def wrong_parent(doing: UnitDoing, there: set[str], parents: Mapping[str, str]) -> RuleError | None:
    """What is wrong with the place of a unit."""
    for error in broken(check_named, doing.parent, there):
        return error
    above, passed = doing.code, {doing.code}
    while above := parents.get(above, ""):
        if above == doing.code:
            return BadUnitError("上级绕成了圈：「{code}」最后又归到自己下面。", code=doing.code)
        if above in passed:
            return None  # below a loop: without a parent, once the lines of the loop are refused
        passed.add(above)
        if len(passed) > DEEPEST:
            return BadUnitError("部门最多{deepest}级。", deepest=DEEPEST)
    return None


def compared(
    row: int, doing: UnitDoing, now: UnitRow | None, parents: Mapping[str, str]
) -> Planned[UnitDoing]:
    """What changes, in sentences."""
    if now is None:
        remark = Remark(IS_NEW, {"parent": doing.parent or "-"})
        return Planned(row, doing.code, Outcome.NEW, (remark,), doing)
    remarks: list[Remark] = []
    if doing.name != now.name:
        remarks.append(Remark(RENAMED, {"name": doing.name}))
    if doing.parent and doing.parent != parents.get(doing.code, ""):
        remarks.append(Remark(MOVED, {"parent": doing.parent}))
    if doing.region and doing.region != now.region:
        remarks.append(Remark(OTHER_REGION, {"region": doing.region}))
    outcome = Outcome.CHANGED if remarks else Outcome.SAME
    return Planned(row, doing.code, outcome, tuple(remarks), doing)
