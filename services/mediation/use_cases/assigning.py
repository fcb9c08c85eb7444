"""Giving a case on (分派): to whom and to which unit it can go, and why not to others."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.domain.case import Step
from services.mediation.domain.hands import WORKING, Hand, anybody_for, found_by
from services.mediation.tables import CaseRow, GrantRow, StaffRow, StandInRow, UnitRow
from services.mediation.use_cases.allowing import Caller, steps_allowed
from services.mediation.use_cases.people.holding import holds, stands_in
from shared.i18n import N_
from shared.kernel import RuleError
from shared.rights import ROLES, Grant, Reach, Thing
from shared.units import Tree, Unit

BODY = N_("本机构（不归部门）")
"""What the place of a case is called that lies with no unit."""


class NoSuchColleagueError(RuleError):
    """Nobody of this id works for the body of the case, or it has no such unit."""


class CannotWorkThereError(RuleError):
    """None of the person's roles, and of those they stand in for, works on cases there."""


class NobodyThereError(RuleError):
    """Nobody could work on the case where it is to be given."""


async def check_given(
    session: AsyncSession, case: CaseRow, facts: Mapping[str, Any], today: date
) -> None:
    """A case only goes where somebody can work on it, and into the hands of who can.

    Raises NoSuchColleagueError, CannotWorkThereError, NobodyThereError.
    """
    there = facts.get("unit", case.unit)
    unit = await unit_there(session, there, case) if there else None
    place = Thing(case.body, there, unit.path if unit else "")
    name = unit.name if unit else BODY
    hands = await hands_in(session, case.body, today)
    if assignee := facts.get("assignee"):
        await check_hand(session, case, hands.get(assignee), assignee, (place, name))
    elif there != case.unit and not anybody_for(hands.values(), place):
        raise NobodyThereError(
            "「{place}」现在没有可以办理案件的人，案件交过去就没有人办了。"
            "请选别的部门，或者请管理员先给那里的人加上角色。",
            pointer="/unit",
            place=name,
        )


async def unit_there(session: AsyncSession, there: UUID, case: CaseRow) -> UnitRow | None:
    """The unit a case shall lie with; another than before is not ended while this work lasts.

    Raises NoSuchColleagueError.
    """
    if there == case.unit:
        return await session.get(UnitRow, there)
    unit = await session.get(UnitRow, there, with_for_update={"read": True})
    if unit is None or unit.body != case.body or unit.ended_at is not None:
        raise NoSuchColleagueError("本机构没有这个部门，或者已经撤销。", pointer="/unit")
    return unit


async def check_hand(
    session: AsyncSession,
    case: CaseRow,
    hand: Hand | None,
    assignee: UUID,
    there: tuple[Thing, str],
) -> None:
    """Raises NoSuchColleagueError, CannotWorkThereError."""
    place, name = there
    if hand and hand.can_work_on(place):
        return
    person = await session.get(StaffRow, assignee)
    if person is None or person.ended_at is not None or person.body not in {"", case.body}:
        raise NoSuchColleagueError("本机构没有这位工作人员。", pointer="/assignee")
    raise CannotWorkThereError(
        "{who}不能办理「{place}」的案件：没有在那里办理案件的角色，也没有代理有这种角色的人。"
        "请改选别的人或者部门，或者请管理员给{who}加上角色。",
        pointer="/assignee",
        who=person.display,
        place=name,
    )


async def hands_in(session: AsyncSession, body: str, today: date) -> dict[UUID, Hand]:
    """Everybody who works on cases of a body on a legal day, stand-ins included, by name."""
    grants = await grants_in(session, body, today)
    lent = await lent_by(session, set(grants), today)
    people = (
        select(StaffRow.id, StaffRow.display)
        .where(StaffRow.ended_at.is_(None), StaffRow.body.in_({"", body}))
        .order_by(StaffRow.name)
    )
    found: dict[UUID, Hand] = {}
    for person, display in await session.execute(people):
        holders = [person, *lent.get(person, ())]
        if held := [one for holder in holders for one in grants.get(holder, ())]:
            found[person] = Hand(person, display, tuple(held))
    return found


async def grants_in(session: AsyncSession, body: str, today: date) -> Mapping[UUID, list[Grant]]:
    """The grants of a body that work on cases, by whose they are; nobody's whose account ended."""
    statement = (
        select(GrantRow.staff_id, GrantRow.role, GrantRow.body, GrantRow.unit, UnitRow.path)
        .join(StaffRow, StaffRow.id == GrantRow.staff_id)
        .outerjoin(UnitRow, UnitRow.id == GrantRow.unit)
        .where(
            StaffRow.ended_at.is_(None),
            GrantRow.body.in_({"", body}),
            GrantRow.role.in_([role.value for role in WORKING]),
            holds(today),
        )
    )
    found: dict[UUID, list[Grant]] = defaultdict(list)
    for row in await session.execute(statement):
        grant = Grant(ROLES[row.role], row.staff_id, row.body, row.unit, row.path or "")
        found[row.staff_id].append(grant)
    return found


async def lent_by(
    session: AsyncSession, holders: set[UUID], today: date
) -> Mapping[UUID, list[UUID]]:
    """For whom of these people somebody stands in, by who does."""
    pairs = select(StandInRow.stand_in, StandInRow.absent).where(stands_in(today))
    found: dict[UUID, list[UUID]] = defaultdict(list)
    for stand_in, absent in await session.execute(pairs):
        if absent in holders:
            found[stand_in].append(absent)
    return found


@dataclass(frozen=True)
class Offered:
    """What may be chosen where a case is given on."""

    units: tuple[Unit | None, ...] = ()
    """Where somebody can work on it, and where it lies now; None: the body itself."""
    here: tuple[Hand, ...] = ()
    """Who can work on it where it lies now."""
    elsewhere: tuple[tuple[Hand, tuple[str, ...]], ...] = field(default=())
    """Who can work on it in another unit alone, and the names of the places they hold roles in."""


async def offered_to(session: AsyncSession, case: CaseRow, caller: Caller, today: date) -> Offered:
    """To whom and to which unit somebody can give a case; nothing to who may not give it on."""
    if Step.ASSIGN not in steps_allowed(caller, case):
        return Offered()
    tree = caller.tree
    hands = tuple((await hands_in(session, case.body, today)).values())
    places = [None, *(one for one in tree.of(case.body) if not one.ended)]
    here = tree.place(case.body, case.unit)
    able = [one for one in hands if one.can_work_on(here)]
    found = found_by(hands)
    return Offered(
        units=tuple(one for one in places if fits(one, case, found)),
        here=tuple(able),
        elsewhere=tuple((one, named(one, tree)) for one in hands if one not in able),
    )


def fits(place: Unit | None, case: CaseRow, found: Reach) -> bool:
    """Whether a case lies there, or would be found there by somebody who could work on it."""
    unit, path = (place.id, place.path) if place else (None, "")
    return unit == case.unit or found.admits(Thing(case.body, unit, path))


def named(hand: Hand, tree: Tree) -> tuple[str, ...]:
    """The names of the places where somebody works on cases."""
    units = [tree.by_id.get(grant.unit) if grant.unit else None for grant in hand.grants]
    return tuple(dict.fromkeys(one.name if one else BODY for one in units))
