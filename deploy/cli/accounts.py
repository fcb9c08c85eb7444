"""Accounts from the console, and the first ones of an installation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from deploy.cli.errors import CannotError
from deploy.cli.people import body_of, in_english, unit_of
from services.mediation.domain.accounts import PHONE
from services.mediation.use_cases import staff
from services.mediation.use_cases.people import changing, leaving
from services.mediation.use_cases.people.doing import CONSOLE
from shared.bodies import Bodies
from shared.rights import ROLES
from shared.text import clean
from shared.work import Database

ABOUT = {
    "admin": "administrator of everything (管理员)",
    "demo": "mediator of the demonstration body (演示)",
}


@dataclass(frozen=True)
class Account:
    """An account that was made just now, with the password it is shown with once."""

    name: str
    password: str
    about: str = ""

    def as_json(self) -> dict[str, str]:
        return {"name": self.name, "password": self.password, "about": self.about}


async def first_accounts(database: Database, *, demo: bool) -> list[Account]:
    """The accounts of a first start; none where there are accounts already."""
    async with database.work() as work:
        made = await staff.first_accounts(work, demo)
    return [Account(name, password, ABOUT.get(name, "")) for name, password in made]


async def add(database: Database, bodies: Bodies, asked: Mapping[str, Any]) -> dict[str, str]:
    """A new account. Raises CannotError for a body that is none, RuleError for the rest."""
    role, where = asked["role"], body_of(bodies, asked)
    if role not in ROLES:
        raise CannotError(f"There is no role {role!r}; known: {', '.join(ROLES)}.")
    display = asked.get("display") or asked["name"]
    async with database.work() as work:
        unit = await unit_of(work.session, where, asked)
        password = await staff.add_staff(
            work,
            asked["name"],
            display=display,
            role=role,
            body=where,
            unit=unit.id if unit else None,
            phone=phone_in(asked.get("phone") or ""),
        )
    return {"name": asked["name"], "password": password}


async def end(database: Database, bodies: Bodies, asked: Mapping[str, Any]) -> dict[str, str]:
    """Nobody logs in with it any more."""
    async with database.work() as work:
        account = await staff.account_of(work.session, asked["name"])
        await leaving.end_person(work, account.id, CONSOLE)
    return {"name": asked["name"]}


async def reset(
    database: Database, bodies: Bodies, asked: Mapping[str, Any]
) -> dict[str, str | None]:
    """A new one-time password; None for who signs on at the provider."""
    async with database.work() as work:
        account = await staff.account_of(work.session, asked["name"])
        password = await changing.reset_at_console(work, account, CONSOLE)
    return {"name": asked["name"], "password": password}


async def change(database: Database, bodies: Bodies, asked: Mapping[str, Any]) -> dict[str, str]:
    """Another telephone. Raises CannotError for what is none, RuleError for an unknown account."""
    phone = phone_in(asked["phone"])
    async with database.work() as work:
        account = await staff.account_of(work.session, asked["name"])
        known = changing.WishedPerson(account.display, phone, account.unit)
        await changing.change_person(work, account.id, known, CONSOLE)
    return {"name": asked["name"], "phone": phone}


def phone_in(typed: str) -> str:
    """What letters will print; empty takes it away."""
    phone = clean(typed)
    if phone and not PHONE.fullmatch(phone):
        raise CannotError(f"{typed!r} is no telephone: write 0999-12315.")
    return phone


OPERATIONS = {
    "staff-add": in_english(add),
    "staff-change": in_english(change),
    "staff-end": in_english(end),
    "staff-reset": in_english(reset),
}
