"""The people who work here: found by unit, role and word; new ones added."""

from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from services.mediation.pages.people.typed import UnreadError, faulty, read
from services.mediation.pages.people.words import (
    STAFF,
    bodies_in,
    body_names,
    everywhere,
    roles_in,
    show_once,
    unit_choices,
)
from services.mediation.use_cases.people.adding import WishedAccount, add_person, faults_of
from services.mediation.use_cases.people.confirming import requested
from services.mediation.use_cases.people.doing import by_of
from services.mediation.use_cases.people.forms import GrantForm, NewPersonForm
from services.mediation.use_cases.people.giving import WishedGrant
from services.mediation.use_cases.people.listing import MOST, PeopleQuery, list_people, sees_of
from services.mediation.use_cases.tree import units_now
from shared import web
from shared.acting import Staff
from shared.bodies import Bodies
from shared.clock import local_day
from shared.kernel import RuleError
from shared.rights import Action, Role
from shared.terms import label_of
from shared.web import CheckedForm, OpenRead, TheDatabase, Who
from shared.web.requests import language_of

NEW = STAFF + "/new"
ROLE_FIELDS = ("role", "first_on", "last_on")
FIRST_ROLE = "roles.0."
"""Where rules point for the one role that the form asks for."""


@dataclass(frozen=True)
class StaffPages:
    """The list, and the form for a new person."""

    bodies: Bodies

    def router(self) -> APIRouter:
        """The routes, each with its guard."""
        made = APIRouter(include_in_schema=False)
        see, manage = [web.staff(Action.STAFF_READ)], [web.staff(Action.STAFF_MANAGE)]
        made.add_api_route(STAFF, self.look, methods=["GET"], dependencies=see)
        made.add_api_route(NEW, self.ask, methods=["GET"], dependencies=manage)
        made.add_api_route(NEW, self.add, methods=["POST"], dependencies=manage)
        return made

    async def look(
        self, request: Request, who: Who, database: TheDatabase, session: OpenRead
    ) -> Response:
        """People within reach, those who work here now or those who left."""
        query = query_in(request)
        sees = sees_of(who.rights, self.bodies, local_day(database.clock()))
        found = await list_people(session, sees, query)
        tree, language = await units_now(session), language_of(request)
        bodies = bodies_in(self.bodies, sees.reach)
        shown = [one for code, _ in bodies for one in tree.of(code)]
        context: dict[str, Any] = {
            "found": found,
            "query": query,
            "next": found[-1].person.name if len(found) == MOST else None,
            "bodies": bodies,
            "units": unit_choices(
                one for one in shown if sees.reach.admits(tree.place(one.body, one.id))
            ),
            "roles": roles_in(request),
            "unit_names": {one.id: one.name for one in tree.units},
            "body_names": body_names(self.bodies),
            "role_name": lambda code: label_of(Role, code, language),
            "manages": who.rights.may(Action.STAFF_MANAGE),
            "requests": await requested(session, by_of(who), database.clock()),
        }
        return web.page(request, "mediation/people/staff.html", **context)

    async def ask(self, request: Request, who: Who, session: OpenRead) -> Response:
        """The form for a new person."""
        return await self.show(request, who, session)

    async def show(
        self, request: Request, who: Staff, session: AsyncSession, **context: Any
    ) -> Response:
        reach, tree = who.rights.reach(Action.STAFF_MANAGE), await units_now(session)
        bodies = bodies_in(self.bodies, reach)
        usual = {
            "bodies": bodies + ([everywhere(request)] if reach.whole("") else []),
            "units": unit_choices(one for code, _ in bodies for one in tree.of(code)),
            "roles": roles_in(request),
        }
        status = context.pop("status", 200)
        return web.page(request, "mediation/people/new.html", status, **(usual | context))

    async def add(
        self, request: Request, form: CheckedForm, who: Who, database: TheDatabase
    ) -> Response:
        """Add a person; on errors everything typed is still there."""
        typed, today = new_person(request, web.nested(form)), local_day(database.clock())
        try:
            if typed.unreadable:
                faults = faults_of(typed.account, typed.roles, self.bodies, today)
                raise UnreadError(request, typed.unreadable, faults)  # noqa: TRY301 - told below
            async with database.work() as work:
                added = await add_person(work, typed.account, typed.roles, self.bodies, by_of(who))
        except (RuleError, UnreadError) as error:
            wrong, status = faulty(request, error)
            wrong = {name.removeprefix(FIRST_ROLE): said for name, said in wrong.items()}
            shown = {"typed": form, "wrong": wrong, "status": status}
            async with database.reading() as session:
                return await self.show(request, who, session, **shown)
        response = web.see_other(
            f"{STAFF}/{added.id}?done={'added-asked' if added.waits else 'added'}"
        )
        return show_once(request, response, added.name, added.password)


def query_in(request: Request) -> PeopleQuery:
    """The filters in an address; what cannot be read is left out."""
    asked = request.query_params
    try:
        unit = UUID(asked.get("unit", ""))
    except ValueError:
        unit = None
    return PeopleQuery(
        word=asked.get("q", "")[:100],
        body=asked.get("body", ""),
        unit=unit,
        role=asked.get("role", ""),
        ended=asked.get("ended") == "1",
        after=asked.get("after", ""),
    )


class Typed(NamedTuple):
    """A new person as far as the form can be read."""

    account: WishedAccount
    roles: list[WishedGrant]
    unreadable: dict[str, str]


def new_person(request: Request, found: dict[str, Any]) -> Typed:
    """An account and the role it begins with, held where the person works."""
    role = {name: found.pop(name) for name in ROLE_FIELDS if name in found}
    blank = {"name": "", "display": "", "body": ""}
    person, unreadable = read(request, NewPersonForm, found, blank)
    account = person.account("")
    if not role.get("role"):
        return Typed(account, [], unreadable)
    place = {"body": account.body, "unit": account.unit}
    grant, wrong = read(request, GrantForm, role, {"role": ""} | place)
    return Typed(account, [grant.wished()], unreadable | wrong)
