"""Units from a spreadsheet: parents may stand below their children, loops are found."""

import asyncio
from collections.abc import Sequence

from services.mediation.tables import UnitRow
from services.mediation.use_cases.people.doing import By, allowed
from services.mediation.use_cases.people.importing.lines import Line
from services.mediation.use_cases.people.importing.noting import note_in_parts
from services.mediation.use_cases.people.importing.plans import Plan, Went, unwatched
from services.mediation.use_cases.people.importing.unit_lines import (
    UnitDoing,
    planned,
    units_of,
)
from services.mediation.use_cases.people.units.moving import move
from services.mediation.use_cases.people.units.telling import as_event, facts_of
from services.mediation.use_cases.tree import read_anew
from shared.ids import uuid7
from shared.rights import Action, Thing
from shared.trail import Chain, Deed, Noted, Said
from shared.units import path_of
from shared.work import Work


async def import_units(
    work: Work, body: str, lines: Sequence[Line], by: By, went: Went = unwatched
) -> Plan[UnitDoing]:
    """Plan anew and do it, all or nothing; sisters hear of each. Raises NotAllowedError.

    `went` hears how many of the rows are done, of how many; what it raises ends the import.
    """
    doer = allowed(by, Action.UNIT_MANAGE, Thing(body))
    rows = await units_of(work.session, body, lock="update")
    plan = await asyncio.to_thread(planned, lines, rows)
    left = len(lines) - len(plan.doings)
    went(left, len(lines))
    noted: list[Noted] = []
    for one in parents_first(plan.doings):
        was = None if one.is_new else facts_of(rows[one.code])
        deed = await done(work, body, one, rows)
        row = rows[one.code]
        said = facts_of(row) if was is None else {"before": was, "after": facts_of(row)}
        noted.append(Noted(Chain("unit", str(row.id)), doer, Said(deed, said)))
        work.announce(as_event(row, work.now))
    await work.session.flush()
    await note_in_parts(work, noted, lambda done: went(left + done, len(lines)))
    read_anew(work)
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
