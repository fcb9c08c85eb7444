"""What is known of a person: their name, telephone and unit; and a new one-time password."""

from typing import NamedTuple
from uuid import UUID

from services.mediation.domain.accounts import display_name, office_phone
from services.mediation.tables import StaffRow
from services.mediation.use_cases.hashing import hashed_once, new_password
from services.mediation.use_cases.people.doing import By, allowed, for_person
from services.mediation.use_cases.people.persons import managed, person_in
from services.mediation.use_cases.people.units import unit_at_work, units_now
from services.mediation.use_cases.second_factor import take_away
from services.mediation.use_cases.staff import log_out_everywhere
from shared.kernel import ConflictError
from shared.rights import Action
from shared.trail import Chain, Deed, Said, note
from shared.work import Work

CHANGEABLE = ("display", "phone", "unit")


class EndedAlreadyError(ConflictError):
    """The account is ended: nothing of it is changed any more."""


class WishedPerson(NamedTuple):
    """What is known of somebody, as it should be."""

    display: str
    phone: str
    unit: UUID | None


async def change_person(work: Work, staff: UUID, wished: WishedPerson, by: By) -> StaffRow:
    """Another name, telephone or unit. Roles stay where they are held; nothing new, nothing noted.

    Raises NoSuchPersonError, EndedAlreadyError, BadAccountError, BadUnitError, NotAllowedError.
    """
    person = await person_in(work.session, staff, lock=True)
    doer = await managed(work.session, by, person)
    check_at_work(person)
    new = {
        "display": display_name(wished.display),
        "phone": office_phone(wished.phone),
        "unit": wished.unit,
    }
    was = {name: getattr(person, name) for name in CHANGEABLE}
    if was == new:
        return person
    if wished.unit and wished.unit != person.unit:
        await unit_at_work(work.session, wished.unit, person.body)
        place = (await units_now(work.session)).place(person.body, wished.unit)
        doer = allowed(by, Action.STAFF_MANAGE, place)
    for name, value in new.items():
        setattr(person, name, value)
    said = {"before": was, "after": new}
    await note(work, Chain("staff", str(person.id)), doer, Said(Deed.STAFF_CHANGED, said))
    return person


def check_at_work(person: StaffRow) -> None:
    """Raises EndedAlreadyError."""
    if person.ended_at is not None:
        raise EndedAlreadyError("这个账号已经停用。")


async def renewed(work: Work, person: StaffRow) -> str:
    """A new one-time password; whoever was logged in is out. Notes nothing."""
    password = new_password()
    person.password, person.must_change = hashed_once(password), True
    await log_out_everywhere(work, person.id)
    return password


async def reset_at_console(work: Work, person: StaffRow, by: By) -> str:
    """The way back for whoever has the machine itself: without the second factor, if need be.

    An ended account is at work again; roles that were taken away stay so.
    """
    await take_away(work, person.id)
    password = await renewed(work, person)
    said = {"reopened": person.ended_at is not None}
    person.ended_at = None
    doer = for_person(by.doer, person)
    await note(work, Chain("staff", str(person.id)), doer, Said(Deed.STAFF_RESET, said))
    return password
