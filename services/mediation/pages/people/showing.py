"""What the page of a person shows."""

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.pages.people.words import (
    bodies_in,
    body_names,
    everywhere,
    may,
    roles_in,
    told,
    unit_choices,
)
from services.mediation.tables import GrantRow, StaffRow
from services.mediation.use_cases import sessions
from services.mediation.use_cases.people import standing_in
from services.mediation.use_cases.people.confirming import requested
from services.mediation.use_cases.people.doing import by_of
from services.mediation.use_cases.people.listing import (
    cases_of,
    grants_held,
    seen_person,
    sees_of,
)
from services.mediation.use_cases.people.seconds import POWERFUL
from services.mediation.use_cases.recovery import others_for
from services.mediation.use_cases.staff import colleagues, displays
from services.mediation.use_cases.tree import units_now
from shared.acting import Staff
from shared.bodies import Bodies
from shared.clock import local_day
from shared.rights import Action, Role
from shared.terms import label_of
from shared.web.requests import SESSION_COOKIE, language_of
from shared.work import Database


async def shown(
    request: Request,
    who: Staff,
    reading: tuple[Database, AsyncSession],
    whom: tuple[UUID, Bodies],
) -> dict[str, Any]:
    """The person, their roles, stand-ins and open cases, and what there is to choose from.

    Raises NoSuchPersonError.
    """
    (database, session), (staff, bodies) = reading, whom
    now, language = database.clock(), language_of(request)
    today = local_day(now)
    sees = sees_of(who.rights, bodies, today)
    person = await seen_person(session, sees, staff)
    return {
        "person": person,
        "typed": {"display": person.display, "phone": person.phone, "unit": person.unit or ""},
        "grants": [(one, state_of(one, today)) for one in await grants_held(session, staff)],
        "cases": await cases_of(session, who.rights, sees, staff),
        "requests": await requested(session, by_of(who), now, staff),
        "powerful": [label_of(Role, one.value, language) for one in Role if one in POWERFUL],
        "alone": not await others_for(session, person, who.id, now),
        "body_names": body_names(bodies),
        "role_name": lambda code: label_of(Role, code, language),
        "roles": roles_in(request),
        "manages": may(who, Action.STAFF_MANAGE, person.body) and person.ended_at is None,
        "assigns": who.rights.may(Action.CASE_ASSIGN),
        "today": today,
        "proving": (await sessions.proving(session, request.cookies[SESSION_COOKIE], now)).value,
        "said": told(request),
        "once": None,
        **await stand_ins(session, person, today),
        **await places(request, session, who, (person, bodies)),
    }


async def stand_ins(session: AsyncSession, person: StaffRow, today: date) -> dict[str, Any]:
    """Who acts for whom, and who could."""
    found = await standing_in.arranged(session, person.id, today)
    others = await colleagues(session, person.body)
    people = {one for row in found for one in (row.absent, row.stand_in)}
    return {
        "stand_ins": found,
        "names": await displays(session, people),
        "colleagues": [(one.id, one.display) for one in others if one.id != person.id],
    }


async def places(
    request: Request, session: AsyncSession, who: Staff, whom: tuple[StaffRow, Bodies]
) -> dict[str, Any]:
    """Units by name, and where the person can work and roles can be given."""
    person, bodies = whom
    tree, reach = await units_now(session), who.rights.reach(Action.STAFF_MANAGE)
    known = bodies_in(bodies, reach)
    every = [everywhere(request)] if reach.whole("") else []
    return {
        "unit_names": {one.id: one.name for one in tree.units},
        "units": unit_choices(tree.of(person.body)),
        "grant_units": unit_choices(one for code, _ in known for one in tree.of(code)),
        "bodies": known + every,
    }


def state_of(grant: GrantRow, today: date) -> str:
    """Whether a role is held `now`, `later`, or is `over`."""
    if grant.ended_at is not None or (grant.last_on is not None and grant.last_on < today):
        return "over"
    return "later" if grant.first_on > today else "now"
