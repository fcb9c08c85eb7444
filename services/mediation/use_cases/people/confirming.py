"""Roles that take two administrators: one asks, another confirms or declines within a week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.tables import RoleRequestRow, StaffRow
from services.mediation.use_cases.people.doing import By
from services.mediation.use_cases.people.giving import WishedGrant, checked, keep_grant
from services.mediation.use_cases.people.persons import check_not_oneself, person_in, sees
from services.mediation.use_cases.people.seconds import AloneError, in_person, managers_of
from services.mediation.use_cases.staff import displays
from services.mediation.use_cases.tree import units_now
from shared.bodies import Bodies
from shared.clock import local_day
from shared.i18n import N_
from shared.ids import uuid7
from shared.kernel import ConflictError, ForbiddenError, UnknownError
from shared.rights import Action, Thing
from shared.trail import Chain, Deed, Said, note
from shared.work import Work

GOOD_FOR = timedelta(days=7)


class AskedAlreadyError(ConflictError):
    """The same role waits for a second administrator already."""


class NoSuchRequestError(UnknownError):
    """There is no such request, or it waits no more: decided, a week old, or its asker has left."""


class OwnRequestError(ForbiddenError):
    """Nobody confirms what they asked for themselves."""


@dataclass(frozen=True)
class Asked:
    """A role that waits for a second administrator."""

    row: RoleRequestRow
    display: str
    """Who would hold it."""
    asked_by: str
    until: datetime
    mine: bool
    """Whether whoever looks asked for it, or would hold it: another one must decide."""


def waits(now: datetime) -> ColumnElement[bool]:
    """Requests that can still be confirmed."""
    return RoleRequestRow.decided_at.is_(None) & (RoleRequestRow.asked_at > now - GOOD_FOR)


async def ask_for(work: Work, person: StaffRow, wished: WishedGrant, place: Thing, by: By) -> UUID:
    """Ask for a role that was `checked`, by a right of one's own.

    Raises NotAllowedError, StandInError, AloneError, AskedAlreadyError.
    """
    doer = in_person(by, place)
    today = local_day(work.now)
    if not await managers_of(work.session, [place], today) - {doer.id, person.id}:
        raise AloneError(
            "授予这个角色要另一位管理员确认，这里没有别的管理员。"
            "请在控制台运行：redress staff grant {name} {role} --body {body}",
            pointer="/role",
            name=person.name,
            role=wished.role,
            body=wished.body or "all",
        )
    place_now = RoleRequestRow.role == wished.role, RoleRequestRow.body == wished.body
    unit = (
        RoleRequestRow.unit.is_(None) if wished.unit is None else RoleRequestRow.unit == wished.unit
    )
    same = select(RoleRequestRow.id).where(
        RoleRequestRow.staff_id == person.id, *place_now, unit, waits(work.now)
    )
    if await work.session.scalar(same) is not None:
        raise AskedAlreadyError("这个角色已经在等另一位管理员确认。", pointer="/role")
    said = wished._asdict() | {"first_on": wished.first_on or today}
    made = uuid7()
    asked = {"asked_by": doer.id, "asked_at": work.now, "decided_by": None, "decided_at": None}
    row: dict[str, Any] = {"id": made, "staff_id": person.id} | said | asked | {"grant_id": None}
    await work.insert(RoleRequestRow, [row])
    await note(work, Chain("staff", str(person.id)), doer, Said(Deed.ROLE_ASKED, said))
    return made


async def confirm(work: Work, which: UUID, bodies: Bodies, by: By, of: UUID | None = None) -> UUID:
    """Let somebody hold what another administrator asked for; the role's id.

    `of`: whose page it was asked on; a request for somebody else is none there.

    Raises NoSuchRequestError, OwnRequestError, NotToOneselfError, StandInError, NotAllowedError,
    BadGrantError, BadUnitError, GrantedAlreadyError.
    """
    row, person = await waiting_one(work, which, by, of)
    place = (await units_now(work.session)).place(row.body, row.unit)
    doer = in_person(by, place)
    check_not_oneself(doer, person.id, N_("不能给自己授予角色，请由另一位管理员办理。"))
    if doer.id == row.asked_by:
        raise OwnRequestError("申请是您提的，要由另一位管理员确认。")
    today = local_day(work.now)
    if row.asked_by not in await managers_of(work.session, [place], today):
        raise NoSuchRequestError("没有这个申请，可能已经办理，或者过了7天。")
    wished = WishedGrant(row.role, row.body, row.unit, max(row.first_on, today), row.last_on)
    await checked(work, person, wished, bodies)
    both = {"asked_by": row.asked_by, "asked_by_name": await name_of(work.session, row.asked_by)}
    made = await keep_grant(work, person, wished, doer, **both)
    row.decided_by, row.decided_at, row.grant_id = doer.id, work.now, made
    return made


async def decline(work: Work, which: UUID, by: By, of: UUID | None = None) -> None:
    """Not to give it: another administrator says so, or the asker takes it back.

    Raises NoSuchRequestError, StandInError, NotAllowedError.
    """
    row, person = await waiting_one(work, which, by, of)
    place = (await units_now(work.session)).place(row.body, row.unit)
    doer = in_person(by, place)
    row.decided_by, row.decided_at = doer.id, work.now
    said: dict[str, Any] = {name: getattr(row, name) for name in WishedGrant._fields}
    said |= {"asked_by": row.asked_by, "asked_by_name": await name_of(work.session, row.asked_by)}
    await note(work, Chain("staff", str(person.id)), doer, Said(Deed.ROLE_DECLINED, said))


async def waiting_one(
    work: Work, which: UUID, by: By, of: UUID | None
) -> tuple[RoleRequestRow, StaffRow]:
    """A request that waits, and who would hold the role; both are this transaction's alone.

    Raises NoSuchRequestError.
    """
    mine = select(RoleRequestRow).where(RoleRequestRow.id == which, waits(work.now))
    row = await work.session.scalar(mine.with_for_update())
    none = NoSuchRequestError("没有这个申请，可能已经办理，或者过了7天。")
    if row is None or of not in {None, row.staff_id}:
        raise none
    if not await sees(work.session, by, row.staff_id):
        raise none.beyond("person", row.staff_id)
    return row, await person_in(work.session, row.staff_id, lock=True)


async def name_of(session: AsyncSession, staff: UUID) -> str:
    """How somebody is shown."""
    return (await displays(session, {staff})).get(staff, "")


async def requested(
    session: AsyncSession, by: By, now: datetime, staff: UUID | None = None
) -> Sequence[Asked]:
    """What waits where somebody manages people, oldest first; `staff`: of this person alone."""
    statement = select(RoleRequestRow).where(waits(now)).order_by(RoleRequestRow.id)
    if staff is not None:
        statement = statement.where(RoleRequestRow.staff_id == staff)
    tree, reach = await units_now(session), by.rights.reach(Action.STAFF_MANAGE)
    rows = [
        row
        for row in await session.scalars(statement)
        if reach.admits(tree.place(row.body, row.unit))
    ]
    names = await displays(session, {one for row in rows for one in (row.staff_id, row.asked_by)})
    return [
        Asked(
            row=row,
            display=names[row.staff_id],
            asked_by=names[row.asked_by],
            until=row.asked_at + GOOD_FOR,
            mine=by.doer.id in {row.asked_by, row.staff_id},
        )
        for row in rows
    ]
