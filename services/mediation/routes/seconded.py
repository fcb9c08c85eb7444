"""What takes two administrators, as JSON: important roles, and ways back into accounts.

No token of a script opens these: a stolen one must not become an administrator.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from services.mediation.routes.answers import API
from services.mediation.use_cases import recovery
from services.mediation.use_cases.people import confirming
from services.mediation.use_cases.people.confirming import Asked
from services.mediation.use_cases.people.doing import by_of
from services.mediation.use_cases.people.persons import person_in
from services.mediation.use_cases.recovery import Waiting
from shared import web
from shared.bodies import Bodies
from shared.rights import Action
from shared.web import OpenRead, OpenWork, TheDatabase, Who
from shared.web.requests import options_of


class ReasonForm(BaseModel):
    """Why somebody needs a way back in, and how it was checked that it is them."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(max_length=1000)


@dataclass(frozen=True)
class SecondedRoutes:
    """Asked by one administrator, decided by another."""

    bodies: Bodies

    def router(self) -> APIRouter:
        """The routes, each with its guard."""
        made = APIRouter(prefix=API, tags=["people"], dependencies=[web.staff(Action.STAFF_MANAGE)])
        add = made.add_api_route
        add("/staff/{staff_id}/recoveries", self.ask_back, methods=["POST"], status_code=201)
        add("/recoveries", self.recoveries, methods=["GET"])
        add("/recoveries/{recovery_id}/approve", self.approve, methods=["POST"])
        add("/role-requests", self.requests, methods=["GET"])
        add("/role-requests/{request_id}/confirm", self.confirm, methods=["POST"])
        add("/role-requests/{request_id}", self.decline, methods=["DELETE"], status_code=204)
        return made

    async def ask_back(
        self, staff_id: UUID, form: ReasonForm, who: Who, work: OpenWork
    ) -> dict[str, UUID]:
        """Ask for a way back in for somebody; another administrator approves within a day."""
        person = await person_in(work.session, staff_id)
        return {"id": await recovery.ask(work, who, person.name, form.reason)}

    async def recoveries(self, who: Who, database: TheDatabase, session: OpenRead) -> Any:
        """The ways back in that wait for another administrator, oldest first."""
        found = await recovery.waiting(session, database.vault, who, database.clock())
        return {"items": [waiting_json(one) for one in found], "next": None}

    async def approve(
        self, recovery_id: UUID, request: Request, who: Who, database: TheDatabase
    ) -> dict[str, str | None]:
        """Approve: a one-time password, shown this once, for the person; null: they sign on."""
        done = await recovery.approve(database, who, recovery_id)
        options_of(request).sessions.forget_all()
        return {"name": done.name, "password": done.password}

    async def requests(self, who: Who, database: TheDatabase, session: OpenRead) -> Any:
        """The roles that wait for another administrator, oldest first."""
        found = await confirming.requested(session, by_of(who), database.clock())
        return {"items": [asked_json(one) for one in found], "next": None}

    async def confirm(
        self, request_id: UUID, request: Request, who: Who, work: OpenWork
    ) -> dict[str, UUID]:
        """Confirm a role that another administrator asked for; the id of the role."""
        made = await confirming.confirm(work, request_id, self.bodies, by_of(who))
        options_of(request).sessions.forget_all()
        return {"id": made}

    async def decline(self, request_id: UUID, who: Who, work: OpenWork) -> None:
        """Not to give it, or to take one's own request back."""
        await confirming.decline(work, request_id, by_of(who))


def waiting_json(one: Waiting) -> dict[str, Any]:
    """A way back in that waits."""
    shown = ("id", "name", "display", "asked_by", "asked_at", "until", "reason", "mine")
    return {name: getattr(one, name) for name in shown}


def asked_json(one: Asked) -> dict[str, Any]:
    """A role that waits."""
    shown = ("id", "staff_id", "role", "body", "unit", "first_on", "last_on", "asked_at")
    more = {"display": one.display, "asked_by": one.asked_by, "until": one.until, "mine": one.mine}
    return {name: getattr(one.row, name) for name in shown} | more
