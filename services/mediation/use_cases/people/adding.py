"""New people, made by whoever manages people where they will work."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from services.mediation.domain.accounts import account_name, display_name, office_phone
from services.mediation.use_cases.people import giving
from services.mediation.use_cases.people.doing import By, allowed
from services.mediation.use_cases.people.giving import BadGrantError, WishedGrant
from services.mediation.use_cases.people.granting import grant_role
from services.mediation.use_cases.people.units import unit_at_work
from services.mediation.use_cases.staff import keep_account, new_account
from services.mediation.use_cases.tree import units_now
from shared.bodies import Bodies
from shared.clock import local_day
from shared.kernel import RuleError, broken, raise_all
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


def faults_of(
    wished: WishedAccount, roles: Sequence[WishedGrant], bodies: Bodies, today: date
) -> list[RuleError]:
    """Everything wrong with a person as typed, and with the roles they begin with."""
    faults = broken(display_name, wished.display) + broken(account_name, wished.name)
    if wished.body and bodies.of(wished.body) is None:
        faults.append(BadGrantError("没有这个机构。", pointer="/body"))
    faults += broken(office_phone, wished.phone)
    for place, one in enumerate(roles):
        for fault in giving.faults_of(one, bodies, today):
            fault.pointer = f"/roles/{place}{fault.pointer}"
            faults.append(fault)
    return faults


async def add_person(
    work: Work, wished: WishedAccount, roles: list[WishedGrant], bodies: Bodies, by: By
) -> Added:
    """Make an account, and give it roles.

    Raises BadAccountError, NameTakenError, BadUnitError, BadGrantError, GrantedAlreadyError,
    AskedAlreadyError, AloneError, NotAllowedError; RuleErrors where several things are wrong.
    """
    raise_all(faults_of(wished, roles, bodies, local_day(work.now)))
    if wished.unit:
        await unit_at_work(work.session, wished.unit, wished.body)
    place = (await units_now(work.session)).place(wished.body, wished.unit)
    doer = allowed(by, Action.STAFF_MANAGE, place)
    row, password = new_account(wished.name, display_name(wished.display), work.now)
    row |= {"body": wished.body, "unit": wished.unit, "phone": office_phone(wished.phone)}
    await keep_account(work, row, doer)
    given = [await grant_role(work, row["id"], one, bodies, by) for one in roles]
    return Added(row["id"], row["name"], password, any(one.waits for one in given))
