"""Roles given to people, and taken away again."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.tables import GrantRow
from services.mediation.use_cases.people.confirming import ask_for
from services.mediation.use_cases.people.doing import By, allowed
from services.mediation.use_cases.people.giving import WishedGrant, checked, keep_grant
from services.mediation.use_cases.people.last import check_not_last, line_up
from services.mediation.use_cases.people.persons import (
    NoSuchPersonError,
    check_not_oneself,
    managed,
    person_in,
    sees,
)
from services.mediation.use_cases.people.seconds import POWERFUL, is_console
from services.mediation.use_cases.tree import units_now
from shared.bodies import Bodies
from shared.i18n import N_
from shared.rights import Action
from shared.trail import Chain, Deed, Said, note
from shared.work import Work


class Given(NamedTuple):
    """A role that is held now, or a request for one that takes a second administrator."""

    id: UUID
    """Of the role or of the request."""
    waits: bool
    """Whether another administrator must confirm it first."""


async def grant_role(work: Work, staff: UUID, wished: WishedGrant, bodies: Bodies, by: By) -> Given:
    """Give somebody a role somewhere, or ask for it where one administrator alone may not.

    Who gives it manages people there, and is another one.

    Raises NoSuchPersonError, NotToOneselfError, BadGrantError, BadUnitError,
    GrantedAlreadyError, AskedAlreadyError, AloneError, NotAllowedError.
    """
    person = await person_in(work.session, staff, lock=True)
    await managed(work.session, by, person)
    body = person.body if wished.body is None else wished.body
    wished = wished._replace(body=body)
    role = await checked(work, person, wished, bodies)
    place = (await units_now(work.session)).place(body, wished.unit)
    doer = allowed(by, Action.STAFF_MANAGE, place)
    check_not_oneself(doer, person.id, N_("不能给自己授予角色，请由另一位管理员办理。"))
    if role in POWERFUL and not is_console(by):
        return Given(await ask_for(work, person, wished, place, by), waits=True)
    return Given(await keep_grant(work, person, wished, doer), waits=False)


async def end_grant(work: Work, grant: UUID, by: By, of: UUID | None = None) -> None:
    """Take a role away, from now on; `of`: only if it is this person's.

    Raises NoSuchPersonError, LastAdministratorError, NotAllowedError.
    """
    await line_up(work.session)
    row = await work.session.get(GrantRow, grant, with_for_update=True)
    if row is None or of not in {None, row.staff_id}:
        raise NoSuchPersonError("没有这项角色。")
    if not await sees(work.session, by, row.staff_id):
        raise NoSuchPersonError("没有这项角色。").beyond("person", row.staff_id)
    place = (await units_now(work.session)).place(row.body, row.unit)
    doer = allowed(by, Action.STAFF_MANAGE, place)
    if row.ended_at is not None:
        return
    await check_not_last(work, [row])
    row.ended_at = work.now
    said = {"role": row.role, "body": row.body, "unit": row.unit}
    await note(work, Chain("staff", str(row.staff_id)), doer, Said(Deed.ROLE_ENDED, said))


async def grant_of(
    session: AsyncSession, staff: UUID, role: str, body: str, unit: UUID | None
) -> UUID:
    """The grant that somebody holds or will hold in this role here. Raises NoSuchPersonError."""
    found = await session.scalar(
        select(GrantRow.id)
        .where(
            GrantRow.staff_id == staff,
            GrantRow.role == role,
            GrantRow.body == body,
            GrantRow.unit.is_(None) if unit is None else GrantRow.unit == unit,
            GrantRow.ended_at.is_(None),
        )
        .order_by(GrantRow.first_on)
    )
    if found is None:
        raise NoSuchPersonError("这个人在这里没有担任这个角色。")
    return found
