"""Staff and what they hold, as JSON."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from services.mediation.routes.answers import API
from services.mediation.tables import GrantRow, StaffRow
from services.mediation.use_cases.people.adding import add_person
from services.mediation.use_cases.people.changing import change_person
from services.mediation.use_cases.people.doing import by_of
from services.mediation.use_cases.people.forms import GrantForm, NewPersonForm, PersonForm
from services.mediation.use_cases.people.granting import end_grant, grant_role
from services.mediation.use_cases.people.leaving import end_person
from services.mediation.use_cases.people.listing import (
    PeopleQuery,
    cases_of,
    grants_held,
    list_people,
    seen_person,
    sees_of,
)
from shared import web
from shared.bodies import Bodies
from shared.clock import local_day
from shared.rights import Action, Role
from shared.web import OpenRead, OpenWork, TheDatabase, Who
from shared.web.paging import decode_cursor, encode_cursor
from shared.web.requests import options_of

MOST = 500


class StaffQuery(BaseModel):
    """Which people; without a word: all who work here."""

    model_config = ConfigDict(extra="ignore")

    q: str = Field(default="", max_length=100, description="A part of the name or account.")
    unit: UUID | None = Field(default=None, description="In this unit (部门) or below it.")
    role: Role | None = Field(default=None, description="Who holds this role (角色) today.")
    ended: bool = Field(default=False, description="Those whose account is over.")
    cursor: str | None = Field(default=None, max_length=500)
    limit: int = Field(default=MOST, ge=1, le=MOST)

    def asked(self) -> PeopleQuery:
        """Raises UnreadableCursorError."""
        after = str(decode_cursor(self.cursor, 1)[0]) if self.cursor else ""
        role = self.role.value if self.role else ""
        return PeopleQuery(self.q, "", self.unit, role, self.ended, after, self.limit)


@dataclass(frozen=True)
class StaffRoutes:
    """The people who work here."""

    bodies: Bodies

    def router(self) -> APIRouter:
        """The routes, each with its guard."""
        made = APIRouter(prefix=API, tags=["people"])
        add = made.add_api_route
        see = [web.staff_or_token(Action.STAFF_READ)]
        # No token of a script, which could be stolen, gives or takes what people may do.
        change: dict[str, Any] = {"dependencies": [web.staff(Action.STAFF_MANAGE)]}
        asked = [*see, web.only(StaffQuery)]
        add("/staff", self.list_staff, methods=["GET"], dependencies=asked)
        add("/staff", self.add_staff, methods=["POST"], status_code=201, **change)
        add("/staff/{staff_id}", self.get_staff, methods=["GET"], dependencies=see)
        add("/staff/{staff_id}", self.change_staff, methods=["PUT"], **change)
        add("/staff/{staff_id}/end", self.end_staff, methods=["POST"], status_code=204, **change)
        add("/staff/{staff_id}/grants", self.grant, methods=["POST"], status_code=201, **change)
        one = "/staff/{staff_id}/grants/{grant_id}"
        add(one, self.end_grant, methods=["DELETE"], status_code=204, **change)
        return made

    async def list_staff(
        self,
        query: Annotated[StaffQuery, Query()],
        who: Who,
        database: TheDatabase,
        session: OpenRead,
    ) -> dict[str, Any]:
        """Who works here, by account: those within reach, and those who work for all bodies."""
        sees = sees_of(who.rights, self.bodies, local_day(database.clock()))
        found = await list_people(session, sees, query.asked())
        more = encode_cursor([found[-1].person.name]) if len(found) == query.limit else None
        return {"items": [person_json(one.person, one.roles) for one in found], "next": more}

    async def add_staff(self, form: NewPersonForm, who: Who, work: OpenWork) -> dict[str, Any]:
        """Add a person. `password` is shown this once; the first log-in asks for another one.

        `waits`: a role of theirs is held only once another administrator has confirmed it.
        """
        roles = [one.wished() for one in form.roles]
        account = form.account(self.bodies.default.code)
        added = await add_person(work, account, roles, self.bodies, by_of(who))
        return {
            "id": added.id,
            "name": added.name,
            "password": added.password,
            "waits": added.waits,
        }

    async def get_staff(
        self, staff_id: UUID, who: Who, database: TheDatabase, session: OpenRead
    ) -> dict[str, Any]:
        """One person, with all roles they hold, held or will hold, and how many open cases."""
        sees = sees_of(who.rights, self.bodies, local_day(database.clock()))
        person = await seen_person(session, sees, staff_id)
        grants = [grant_json(one) for one in await grants_held(session, staff_id)]
        cases = await cases_of(session, who.rights, sees, staff_id)
        return person_json(person) | {"grants": grants, "open_cases": cases.total}

    async def change_staff(
        self, staff_id: UUID, form: PersonForm, who: Who, work: OpenWork
    ) -> dict[str, Any]:
        """Another name, telephone or unit. Roles stay where they are held."""
        return person_json(await change_person(work, staff_id, form.wished(), by_of(who)))

    async def end_staff(self, staff_id: UUID, request: Request, who: Who, work: OpenWork) -> None:
        """End an account: access is over here at once, everywhere within a minute."""
        await end_person(work, staff_id, by_of(who))
        options_of(request).sessions.forget_all()

    async def grant(
        self, staff_id: UUID, form: GrantForm, request: Request, who: Who, work: OpenWork
    ) -> dict[str, Any]:
        """Give somebody a role; nobody gives one to themselves.

        `waits`: it is one that another administrator confirms first; `id` is the request's.
        """
        given = await grant_role(work, staff_id, form.wished(), self.bodies, by_of(who))
        options_of(request).sessions.forget_all()
        return given._asdict()

    async def end_grant(
        self, staff_id: UUID, grant_id: UUID, request: Request, who: Who, work: OpenWork
    ) -> None:
        """Take a role away, from now on."""
        await end_grant(work, grant_id, by_of(who), of=staff_id)
        options_of(request).sessions.forget_all()


def person_json(person: StaffRow, roles: tuple[str, ...] | None = None) -> dict[str, Any]:
    """A person without their password; `role` is the first of their roles."""
    shown = ("id", "name", "display", "body", "unit", "phone", "created_at", "ended_at")
    facts = {name: getattr(person, name) for name in shown}
    return facts if roles is None else facts | {"role": roles[0] if roles else "", "roles": roles}


def grant_json(row: GrantRow) -> dict[str, Any]:
    """A role as it is held."""
    shown = ("id", "role", "body", "unit", "first_on", "last_on", "ended_at")
    return {name: getattr(row, name) for name in shown}
