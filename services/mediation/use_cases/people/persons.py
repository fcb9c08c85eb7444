"""Finding a person, and whether somebody manages everything that person holds."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.tables import GrantRow, StaffRow
from services.mediation.use_cases.people.doing import By, allowed
from services.mediation.use_cases.people.holding import lent_to
from services.mediation.use_cases.tree import units_now
from shared.kernel import ForbiddenError, UnknownError
from shared.rights import Action, Reach, Thing
from shared.trail import Doer


class NoSuchPersonError(UnknownError):
    """Nobody of this id, or nobody whom the person may see."""


class NotToOneselfError(ForbiddenError):
    """Nobody gives a role to themselves, and nobody ends their own account."""


async def person_in(session: AsyncSession, staff: UUID, *, lock: bool = False) -> StaffRow:
    """An account by its id. Raises NoSuchPersonError."""
    found = await session.get(StaffRow, staff, with_for_update=lock or None)
    if found is None:
        raise NoSuchPersonError("没有这位工作人员。")
    return found


async def place_of(session: AsyncSession, person: StaffRow) -> Thing:
    """Where somebody works."""
    return (await units_now(session)).place(person.body, person.unit)


def check_seen(reach: Reach, person: StaffRow, place: Thing) -> None:
    """Whoever works for all bodies is seen by all. Raises NoSuchPersonError."""
    if not is_seen(reach, person, place):
        raise NoSuchPersonError("没有这位工作人员。").beyond("person", person.id)


def is_seen(reach: Reach, person: StaffRow, place: Thing) -> bool:
    """Whether somebody with this reach (of `STAFF_READ`) sees a person."""
    return not person.body or reach.admits(place)


async def sees(session: AsyncSession, by: By, staff: UUID) -> bool:
    """Whether who acts sees a person: what is theirs is like nothing for who does not."""
    person = await person_in(session, staff)
    return is_seen(by.rights.reach(Action.STAFF_READ), person, await place_of(session, person))


async def managed(session: AsyncSession, by: By, person: StaffRow) -> Doer:
    """The doer, who manages people where this one works.

    Raises NoSuchPersonError of whom they may not even see, NotAllowedError.
    """
    place = await place_of(session, person)
    check_seen(by.rights.reach(Action.STAFF_READ), person, place)
    return allowed(by, Action.STAFF_MANAGE, place)


async def places_held(session: AsyncSession, person: StaffRow) -> list[Thing]:
    """Where somebody works, and wherever they hold a role."""
    tree = await units_now(session)
    held = select(GrantRow).where(GrantRow.staff_id == person.id, GrantRow.ended_at.is_(None))
    grants = [tree.place(one.body, one.unit) for one in await session.scalars(held)]
    return [tree.place(person.body, person.unit), *grants]


async def places_lent(session: AsyncSession, person: StaffRow, today: date) -> list[Thing]:
    """Where somebody acts for colleagues, today or from a later day on: their password opens it."""
    tree = await units_now(session)
    return [tree.place(one.body, one.unit) for one in await lent_to(session, person.id, today)]


async def managed_wholly(session: AsyncSession, by: By, person: StaffRow) -> Doer:
    """The same, wherever the person holds a role, too; raises what `places_managed` raises."""
    home, *_ = await places_managed(session, by, person)
    return allowed(by, Action.STAFF_MANAGE, home)


async def places_managed(session: AsyncSession, by: By, person: StaffRow) -> list[Thing]:
    """Where somebody works first, and wherever they hold a role: who acts manages people there.

    Otherwise whoever manages one body could get hold of rights over all: with a new password of
    somebody who has them, or as their stand-in.

    Raises NoSuchPersonError of whom they may not even see, NotAllowedError.
    """
    places = await places_held(session, person)
    check_seen(by.rights.reach(Action.STAFF_READ), person, places[0])
    for place in places:
        by.rights.check(Action.STAFF_MANAGE, place)
    return places


def check_not_oneself(doer: Doer, person: UUID, sentence: str) -> None:
    """Nobody does this for themselves, nor a stand-in for whom they stand in for.

    Raises NotToOneselfError.
    """
    if person in {doer.id, doer.for_id}:
        raise NotToOneselfError(sentence)
