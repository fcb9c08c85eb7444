"""Roles and units, as the console does them."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from deploy.cli.errors import CannotError
from deploy.cli.words import in_words
from services.mediation.tables import UnitRow
from services.mediation.use_cases import staff
from services.mediation.use_cases.people.doing import CONSOLE
from services.mediation.use_cases.people.giving import WishedGrant
from services.mediation.use_cases.people.granting import end_grant, grant_of, grant_role
from services.mediation.use_cases.people.importing.unit_lines import units_of
from services.mediation.use_cases.people.listing import PeopleQuery, Sees, list_people
from services.mediation.use_cases.people.units import listed_units
from services.mediation.use_cases.tree import units_now
from shared.bodies import Bodies
from shared.clock import local_day
from shared.kernel import RuleError
from shared.rights import EVERYWHERE
from shared.work import Database

Asked = Mapping[str, Any]
ALL = 100_000


Operation = Callable[[Database, Bodies, Asked], Awaitable[dict[str, Any]]]


def in_english(operation: Operation) -> Operation:
    """The console speaks English, also where a rule of the platform is broken."""

    async def done(database: Database, bodies: Bodies, asked: Asked) -> dict[str, Any]:
        try:
            return await operation(database, bodies, asked)
        except RuleError as error:
            raise CannotError(in_words(error, "en")) from error

    return done


def body_of(bodies: Bodies, asked: Asked) -> str:
    """The body that was named, or the default one; `all` is every one.

    Raises CannotError for what is none.
    """
    code = asked.get("body") or None
    if code == "all":
        return ""
    body = bodies.of(code)
    if body is None:
        known = ", ".join(one.code for one in bodies.known)
        raise CannotError(f"There is no body {code!r}; known: {known}, or all.")
    return body.code


def one_body_of(bodies: Bodies, asked: Asked) -> str:
    """The same where it must be one body. Raises CannotError."""
    code = body_of(bodies, asked)
    if not code:
        known = ", ".join(one.code for one in bodies.known)
        raise CannotError(f"Units belong to one body; name it: {known}.")
    return code


async def unit_of(session: AsyncSession, body: str, asked: Asked) -> UnitRow | None:
    """The unit whose code was given. Raises CannotError."""
    code = (asked.get("unit") or "").strip().lower()
    if not code:
        return None
    found = (await units_of(session, body)).get(code)
    if found is None or found.ended_at is not None:
        raise CannotError(f"There is no unit {code!r} in {body or 'all bodies'}.")
    return found


async def grant(database: Database, bodies: Bodies, asked: Asked) -> dict[str, Any]:
    """Give a role."""
    body = body_of(bodies, asked)
    async with database.work() as work:
        account = await staff.account_of(work.session, asked["name"])
        unit = await unit_of(work.session, body, asked)
        days = [day_in(asked.get(name)) for name in ("from", "to")]
        wished = WishedGrant(asked["role"], body, unit.id if unit else None, *days)
        await grant_role(work, account.id, wished, bodies, CONSOLE)
    return {"name": account.name, "role": asked["role"], "body": body}


async def revoke(database: Database, bodies: Bodies, asked: Asked) -> dict[str, Any]:
    """Take a role away."""
    body = body_of(bodies, asked)
    async with database.work() as work:
        account = await staff.account_of(work.session, asked["name"])
        unit = await unit_of(work.session, body, asked)
        held = await grant_of(
            work.session, account.id, asked["role"], body, unit.id if unit else None
        )
        await end_grant(work, held, CONSOLE)
    return {"name": account.name, "role": asked["role"], "body": body}


def day_in(text: str | None) -> date | None:
    """Raises CannotError."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CannotError(f"{text!r} is no day: write 2026-06-30.") from error


async def list_staff(database: Database, bodies: Bodies, asked: Asked) -> dict[str, Any]:
    """Everybody, with the roles they hold today."""
    today = local_day(database.clock())
    sees = Sees(EVERYWHERE, tuple(one.code for one in bodies.known), today)
    async with database.reading() as session:
        found = await list_people(session, sees, PeopleQuery(ended=asked["ended"], limit=ALL))
        codes = {one.id: one.code for one in (await units_now(session)).units}
    shown = ("name", "display", "body", "phone")
    items = [
        {name: getattr(one.person, name) for name in shown}
        | {"unit": codes.get(one.person.unit, "") if one.person.unit else "", "roles": one.roles}
        for one in found
    ]
    return {"items": items}


async def list_units(database: Database, bodies: Bodies, asked: Asked) -> dict[str, Any]:
    """The tree of a body, parents first."""
    body = one_body_of(bodies, asked)
    async with database.reading() as session:
        found = await listed_units(session, body, EVERYWHERE)
    codes = {one.unit.id: one.unit.code for one in found}
    items = [
        {
            "code": one.unit.code,
            "name": one.unit.name,
            "parent": codes[one.unit.parent] if one.unit.parent else "",
            "region": one.unit.region,
            "level": one.level,
            "people": one.people,
            "open_cases": one.open_cases,
            "ended": one.unit.ended,
        }
        for one in found
    ]
    return {"body": body, "items": items}


OPERATIONS = {
    "staff-grant": in_english(grant),
    "staff-revoke": in_english(revoke),
    "staff-list": in_english(list_staff),
    "units-list": in_english(list_units),
}
