"""People and their roles from a spreadsheet. Roles are added, never taken away."""

import asyncio
from collections.abc import Sequence
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.use_cases.people.doing import By, allowed
from services.mediation.use_cases.people.importing.known import known_of
from services.mediation.use_cases.people.importing.lines import Line
from services.mediation.use_cases.people.importing.noting import note_in_parts
from services.mediation.use_cases.people.importing.plans import Plan, Went, unwatched
from services.mediation.use_cases.people.importing.staff_deciding import planned
from services.mediation.use_cases.people.importing.staff_lines import StaffDoing
from services.mediation.use_cases.people.importing.staff_rows import (
    SAID,
    Made,
    change,
    grant,
    granted_by,
    keep,
)
from shared.clock import local_day
from shared.rights import Action, Thing
from shared.trail import Chain, Deed, Noted, Said
from shared.work import Work


async def plan_staff(
    session: AsyncSession, body: str, lines: Sequence[Line], by: By, today: date
) -> Plan[StaffDoing]:
    """What these lines would change among the people of a body. Raises NotAllowedError."""
    by = by._replace(doer=allowed(by, Action.STAFF_MANAGE, Thing(body)))
    known = await known_of(session, body, lines, (by, today))
    return await asyncio.to_thread(planned, lines, known)


async def import_staff(
    work: Work, body: str, lines: Sequence[Line], by: By, went: Went = unwatched
) -> tuple[Plan[StaffDoing], list[tuple[str, str, str]]]:
    """Plan anew and do it, all or nothing; new accounts with names and one-time passwords.

    `went` hears how many of the rows are done, of how many; what it raises ends the import.
    Raises NotAllowedError.
    """
    doer = allowed(by, Action.STAFF_MANAGE, Thing(body))
    by = by._replace(doer=doer)
    around = by, local_day(work.now)
    known = await known_of(work.session, body, lines, around, lock=True)
    plan = await asyncio.to_thread(planned, lines, known)
    left = len(lines) - len(plan.doings)
    went(left, len(lines))
    made = Made()
    for one in plan.doings:
        person, unit = known.people.get(one.name), known.units.get(one.unit)
        said: Said | None
        if person is None:
            identity, said = made.add(one, (body, unit.id if unit else None), work.now)
        else:
            identity, said = person.id, change(person, one, unit)
        chain = Chain("staff", str(identity))
        if said is not None:
            made.noted.append(Noted(chain, doer, said))
        place = (body, unit.id if unit else person.unit if person else None)
        for role in one.roles:
            given = grant(identity, role, place, one) | granted_by(doer, work)
            made.grants.append(given)
            facts = {name: given[name] for name in SAID}
            made.noted.append(Noted(chain, doer, Said(Deed.ROLE_GRANTED, facts)))
    await keep(work, made.rows, made.grants)
    await note_in_parts(work, made.noted, lambda done: went(left + done, len(lines)))
    return plan, made.passwords
