"""New people, made by whoever manages people where they will work."""

from typing import NamedTuple
from uuid import UUID

from services.mediation.domain.accounts import display_name, office_phone
from services.mediation.use_cases.people.doing import By, allowed
from services.mediation.use_cases.people.giving import BadGrantError, WishedGrant
from services.mediation.use_cases.people.granting import grant_role
from services.mediation.use_cases.people.units import unit_at_work, units_now
from services.mediation.use_cases.staff import keep_account, new_account
from shared.bodies import Bodies
from shared.rights import Action
from shared.work import Work


class WishedAccount(NamedTuple):
    """A new person as somebody wants them."""

    name: str
    display: str
    body: str
    """The body they work for; empty: all of them."""
    unit: UUID | None = None
    phone: str = ""


class Added(NamedTuple):
    """A person who was just added."""

    id: UUID
    name: str
    password: str
    """Shown once."""
    waits: bool
    """Whether a role of theirs waits for a second administrator."""


async def add_person(
    work: Work, wished: WishedAccount, roles: list[WishedGrant], bodies: Bodies, by: By
) -> Added:
    """Make an account, and give it roles.

    Raises BadAccountError, NameTakenError, BadUnitError, BadGrantError, GrantedAlreadyError,
    AskedAlreadyError, AloneError, NotAllowedError.
    """
    if wished.body and bodies.of(wished.body) is None:
        raise BadGrantError("没有这个机构。", pointer="/body")
    if wished.unit:
        await unit_at_work(work.session, wished.unit, wished.body)
    place = (await units_now(work.session)).place(wished.body, wished.unit)
    doer = allowed(by, Action.STAFF_MANAGE, place)
    row, password = new_account(wished.name, display_name(wished.display), work.now)
    row |= {"body": wished.body, "unit": wished.unit, "phone": office_phone(wished.phone)}
    await keep_account(work, row, doer)
    given = [await grant_role(work, row["id"], one, bodies, by) for one in roles]
    return Added(row["id"], row["name"], password, any(one.waits for one in given))
