"""What is known of a person: their name, telephone and unit; and a new one-time password."""

from typing import NamedTuple
from uuid import UUID

from services.mediation.domain.accounts import display_name, office_phone
from services.mediation.domain.passwords import ONE_TIME
from services.mediation.tables import StaffRow
from services.mediation.use_cases.hashing import hashed_once, new_password
from services.mediation.use_cases.passwords import keep_password, without_password
from services.mediation.use_cases.people.doing import By, allowed, for_person
from services.mediation.use_cases.people.persons import managed, person_in
from services.mediation.use_cases.people.standing_in import end_arranged_by
from services.mediation.use_cases.people.units import unit_at_work
from services.mediation.use_cases.second_factor import take_away
from services.mediation.use_cases.staff import (
    log_out_everywhere,
    signs_on,
)
from services.mediation.use_cases.tree import units_now
from shared.kernel import ConflictError, broken, raise_all
from shared.rights import Action
from shared.trail import Chain, Deed, Doer, Said, note
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

    Raises NoSuchPersonError, EndedAlreadyError, BadAccountError, BadUnitError, NotAllowedError;
    RuleErrors where several things are wrong.
    """
    person = await person_in(work.session, staff, lock=True)
    doer = await managed(work.session, by, person)
    check_at_work(person)
    raise_all(broken(display_name, wished.display) + broken(office_phone, wished.phone))
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


async def renewed(work: Work, person: StaffRow, doer: Doer) -> str | None:
    """A new one-time password; whoever was logged in is out, and what they lent is lent no more.

    None: they sign on at the provider, and a password here would lead past it and its groups.
    Notes the stand-ins that end, and nothing else.
    """
    if await signs_on(work.session, person.id):
        password = None
        without_password(person)
    else:
        password = new_password()
        keep_password(person, hashed_once(password), work.now + ONE_TIME)
    await log_out_everywhere(work, person.id)
    await end_arranged_by(work, person.id, doer)
    return password


async def reset_at_console(work: Work, person: StaffRow, by: By) -> str | None:
    """The way back for whoever has the machine itself: without the second factor, if need be.

    The one-time password; None for who signs on at the provider. An ended account is at work again;
    roles that were taken away stay so.
    """
    await take_away(work, person.id)
    doer = for_person(by.doer, person)
    password = await renewed(work, person, doer)
    said = {"reopened": person.ended_at is not None}
    person.ended_at = None
    await note(work, Chain("staff", str(person.id)), doer, Said(Deed.STAFF_RESET, said))
    return password
