"""Who works here: lists by unit, role and word, and one person with all they hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.tables import CaseRow, GrantRow, StaffRow
from services.mediation.use_cases.allowing import Seen
from services.mediation.use_cases.people.holding import holds
from services.mediation.use_cases.people.persons import check_seen, person_in, place_of
from services.mediation.use_cases.scoping import in_one_go
from services.mediation.use_cases.tree import units_now
from shared.bodies import Bodies
from shared.rights import Action, Reach, Rights, Role
from shared.rights.grants import LISTED
from shared.text import clean, normal_name
from shared.units import Tree, within

MOST = 100
"""People on one page."""
CASES_NAMED = 10
"""Open cases of a person that are shown by number; the rest is counted."""


@dataclass(frozen=True)
class PeopleQuery:
    """Which people somebody wants to see."""

    word: str = ""
    """A part of their name, or of what they log in with."""
    body: str = ""
    unit: UUID | None = None
    """In this unit or below it."""
    role: str = ""
    """Who holds it now."""
    ended: bool = False
    after: str = ""
    """The account that the page before ended with."""
    limit: int = MOST


@dataclass(frozen=True)
class Sees:
    """What somebody sees of the people here, and on which legal day."""

    reach: Reach
    bodies: tuple[str, ...]
    today: date


def sees_of(rights: Rights, bodies: Bodies, today: date) -> Sees:
    """What somebody with these rights sees."""
    known = tuple(one.code for one in bodies.known)
    return Sees(rights.reach(Action.STAFF_READ), known, today)


@dataclass(frozen=True)
class Listed:
    """One person of a list."""

    person: StaffRow
    roles: tuple[str, ...]
    """What they hold today, each role once."""


async def list_people(session: AsyncSession, sees: Sees, query: PeopleQuery) -> list[Listed]:
    """People within reach, by account; whoever works for all bodies is seen by all."""
    tree = await units_now(session)
    statement = (
        select(StaffRow)
        .where(visible(sees, tree), *wanted(query, sees.today, tree))
        .order_by(StaffRow.name)
        .limit(query.limit)
    )
    people = (await session.scalars(statement)).all()
    roles = await roles_now(session, [one.id for one in people], sees.today)
    return [Listed(one, tuple(roles.get(one.id, ()))) for one in people]


def visible(sees: Sees, tree: Tree) -> ColumnElement[bool]:
    """People within reach."""
    columns: Any = StaffRow.__table__.c
    near = within(sees.reach, tree, sees.bodies, body=columns.body, unit=columns.unit)
    return or_(near, StaffRow.body == "")


def wanted(query: PeopleQuery, today: date, tree: Tree) -> list[ColumnElement[bool]]:
    """The conditions of a query."""
    at_work = StaffRow.ended_at.is_(None)
    found: list[ColumnElement[bool]] = [~at_work if query.ended else at_work]
    if query.after:
        found.append(StaffRow.name > query.after)
    if query.body:
        found.append(StaffRow.body == query.body)
    if query.unit:
        top = tree.by_id.get(query.unit)
        below = tree.under(top.body, top.path) if top else frozenset([query.unit])
        found.append(StaffRow.unit.in_(below))
    if query.role:
        has = select(GrantRow.staff_id).where(GrantRow.role == query.role, holds(today))
        found.append(StaffRow.id.in_(has))
    if word := clean(query.word):
        name = StaffRow.name.contains(normal_name(word), autoescape=True)
        found.append(name | StaffRow.display.contains(word, autoescape=True))
    return found


async def roles_now(
    session: AsyncSession, people: Sequence[UUID], today: date
) -> dict[UUID, list[str]]:
    """The roles that each of them holds on this day, wherever; the first one first."""
    if not people:
        return {}
    statement = (
        select(GrantRow.staff_id, GrantRow.role)
        .where(GrantRow.staff_id.in_(people), holds(today))
        .distinct()
    )
    held = {(row.staff_id, row.role) for row in await session.execute(statement)}
    found: dict[UUID, list[str]] = {}
    for role in LISTED:
        for staff in people:
            if (staff, role.value) in held:
                found.setdefault(staff, []).append(role.value)
    return found


async def seen_person(session: AsyncSession, sees: Sees, staff: UUID) -> StaffRow:
    """One person whom somebody may see. Raises NoSuchPersonError."""
    person = await person_in(session, staff)
    check_seen(sees.reach, person, await place_of(session, person))
    return person


async def grants_held(session: AsyncSession, staff: UUID) -> Sequence[GrantRow]:
    """All that somebody holds, held or will hold; what still counts first."""
    statement = select(GrantRow).where(GrantRow.staff_id == staff)
    ordered = statement.order_by(GrantRow.ended_at.is_not(None), GrantRow.first_on, GrantRow.id)
    return (await session.scalars(ordered)).all()


@dataclass(frozen=True)
class InHand:
    """The open cases in somebody's hands."""

    total: int
    first: tuple[str, ...]
    """The numbers of those that are due first, as far as the reader may see cases."""


async def cases_of(session: AsyncSession, rights: Rights, sees: Sees, staff: UUID) -> InHand:
    """Open cases that somebody handles: they stay with them until they are given on.

    Counted as far as the reader sees people, named as far as they read cases.
    """
    tree = await units_now(session)
    counted, read = (
        in_one_go(Seen(reach, tree), sees.bodies)
        for reach in (sees.reach, rights.reach(Action.CASE_READ))
    )
    theirs = CaseRow.assignee == staff, CaseRow.state != "closed"
    total = select(func.count()).select_from(CaseRow).where(*theirs, counted)
    first = select(CaseRow.number).where(*theirs, counted, read)
    named = await session.scalars(first.order_by(CaseRow.queue_on, CaseRow.id).limit(CASES_NAMED))
    return InHand(await session.scalar(total) or 0, tuple(named))


async def administrators(session: AsyncSession, body: str, today: date) -> Sequence[str]:
    """The names of those who manage people of a body: whom to ask for a role."""
    places = {"", body}
    manages = select(GrantRow.staff_id).where(
        GrantRow.role == Role.ADMINISTRATOR.value, GrantRow.body.in_(places), holds(today)
    )
    statement = (
        select(StaffRow.display)
        .where(StaffRow.id.in_(manages), StaffRow.ended_at.is_(None))
        .order_by(StaffRow.display)
    )
    return (await session.scalars(statement)).all()
