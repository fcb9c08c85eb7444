"""Units from a spreadsheet: parents may stand below their children, loops are found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.tables import UnitRow
from services.mediation.use_cases.people.doing import By, allowed
from services.mediation.use_cases.people.importing.lines import Line
from services.mediation.use_cases.people.importing.noting import note_in_parts
from services.mediation.use_cases.people.importing.plans import Outcome, Plan, Planned, refused
from services.mediation.use_cases.people.units.changing import as_event, facts_of, move
from services.mediation.use_cases.people.units.reading import read_anew
from services.mediation.use_cases.people.units.wished import (
    DEEPEST,
    BadUnitError,
    NoSuchUnitError,
    UnitTakenError,
    Wished,
    checked,
)
from shared.i18n import N_
from shared.ids import uuid7
from shared.kernel import RuleError
from shared.rights import Action, Thing
from shared.sheets.problems import Remark
from shared.text import code as code_of
from shared.trail import Chain, Deed, Noted, Said
from shared.units import path_of
from shared.work import Work

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
    """What these lines would change in the tree of a body; the rows of the tree are locked."""
    return planned(lines, await units_of(session, body))


async def units_of(session: AsyncSession, body: str, *, lock: bool = False) -> dict[str, UnitRow]:
    """All units of a body by code, ended ones included."""
    statement = select(UnitRow).where(UnitRow.body == body).order_by(UnitRow.id)
    rows = await session.scalars(statement.with_for_update() if lock else statement)
    return {row.code: row for row in rows}


def planned(lines: Sequence[Line], known: Mapping[str, UnitRow]) -> Plan[UnitDoing]:
    """Decide each line, then those whose parents were refused."""
    found: dict[int, Planned[UnitDoing]] = {}
    wished: dict[str, tuple[int, UnitDoing]] = {}
    for line in lines:
        key = code_of(line.cell("code")).lower()
        try:
            if key in wished:
                raise UnitTakenError(
                    "第{row}行已经写了代码「{code}」。", row=wished[key][0], code=key
                )
            wished[key] = line.row, read(line, known.get(key))
        except RuleError as error:
            found[line.row] = refused(line.row, key, error)
    by_id = {row.id: code for code, row in known.items()}
    parents = {code: by_id[row.parent] for code, row in known.items() if row.parent}
    check_parents(wished, known, parents, found)
    for key, (row, doing) in wished.items():
        if row not in found:
            found[row] = compared(row, doing, known.get(key), parents)
    return Plan([found[line.row] for line in lines])


def read(line: Line, row: UnitRow | None) -> UnitDoing:
    """One line by itself. Raises BadUnitError."""
    if row is not None and row.ended_at is not None:
        raise BadUnitError("部门「{code}」已经撤销，请换一个代码。", code=row.code)
    name = line.cell("name") or (row.name if row else "")
    columns = checked(Wished(line.cell("code"), name, None, line.cell("region")))
    parent = code_of(line.cell("parent")).lower()
    return UnitDoing(columns["code"], columns["name"], parent, columns["region"], row is None)


def check_parents(
    wished: dict[str, tuple[int, UnitDoing]],
    known: Mapping[str, UnitRow],
    parents: Mapping[str, str],
    found: dict[int, Planned[UnitDoing]],
) -> None:
    """Refuse lines whose parent is unknown or refused, who stand below themselves, or too deep."""
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
    if doing.parent and doing.parent not in there:
        return NoSuchUnitError(
            "没有上级代码「{code}」：请先写上级那一行，或者改正代码。", code=doing.parent
        )
    above, level = doing.code, 1
    while above := parents.get(above, ""):
        level += 1
        if above == doing.code or level > len(parents) + 1:
            return BadUnitError("上级绕成了圈：「{code}」最后又归到自己下面。", code=doing.code)
    if level > DEEPEST:
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


async def import_units(work: Work, body: str, lines: Sequence[Line], by: By) -> Plan[UnitDoing]:
    """Plan anew and do it, all or nothing; sisters hear of each. Raises NotAllowedError."""
    doer = allowed(by, Action.UNIT_MANAGE, Thing(body))
    rows = await units_of(work.session, body, lock=True)
    plan = planned(lines, rows)
    noted: list[Noted] = []
    for one in parents_first(plan.doings):
        was = None if one.is_new else facts_of(rows[one.code])
        deed = await done(work, body, one, rows)
        row = rows[one.code]
        said = facts_of(row) if was is None else {"before": was, "after": facts_of(row)}
        noted.append(Noted(Chain("unit", str(row.id)), doer, Said(deed, said)))
        work.announce(as_event(row, work.now))
    await work.session.flush()
    await note_in_parts(work, noted)
    read_anew(work.session)
    return plan


async def done(work: Work, body: str, doing: UnitDoing, rows: dict[str, UnitRow]) -> Deed:
    """Make or change one unit, whose parent is there."""
    above = rows[doing.parent] if doing.parent else None
    if doing.is_new:
        identity = uuid7()
        rows[doing.code] = UnitRow(
            id=identity,
            body=body,
            parent=above.id if above else None,
            path=path_of(above.path if above else "", identity),
            code=doing.code,
            name=doing.name,
            region=doing.region,
            version=1,
            created_at=work.now,
        )
        work.session.add(rows[doing.code])
        return Deed.UNIT_ADDED
    row = rows[doing.code]
    row.name, row.region = doing.name, doing.region or row.region
    row.version += 1
    if above is None or above.id == row.parent:
        return Deed.UNIT_CHANGED
    await move(work, row, above)
    return Deed.UNIT_MOVED


def parents_first(doings: Sequence[UnitDoing]) -> list[UnitDoing]:
    """In an order in which every new unit finds its parent."""
    by_code = {one.code: one for one in doings}
    found: dict[str, UnitDoing] = {}
    for one in doings:
        chain: list[UnitDoing] = []
        above: UnitDoing | None = one
        while above is not None and above.code not in found:
            chain.append(above)
            above = by_code.get(above.parent)
        found |= {each.code: each for each in reversed(chain)}
    return list(found.values())
