"""What a person holds: roles given, confirmed and taken away; who stands in for them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.mediation.pages.people.attempts import ONE, AboutOne, Attempt
from services.mediation.pages.people.stand_in import prove, wished_in
from services.mediation.settings import MediationSettings
from services.mediation.use_cases.people import confirming, standing_in
from services.mediation.use_cases.people.doing import by_of
from services.mediation.use_cases.people.forms import GrantForm
from services.mediation.use_cases.people.granting import end_grant, grant_role
from shared import web
from shared.rights import Action
from shared.web import CheckedForm, TheDatabase, Who
from shared.work import Work

GRANT, STAND_IN = "grant.html", "stand_for.html"


@dataclass(frozen=True)
class HeldPages(AboutOne):
    """What changes what somebody holds."""

    settings: MediationSettings

    def router(self) -> APIRouter:
        """The routes, each with its guard."""
        made = APIRouter(include_in_schema=False)
        add = made.add_api_route
        manage = web.staff(Action.STAFF_MANAGE)
        does: Any = {"methods": ["POST"], "dependencies": [manage]}
        guess: Any = {"methods": ["POST"], "dependencies": [manage, web.guessing()]}
        add(ONE + "/grants", self.grant, **does)
        add(ONE + "/grants/{grant_id}/end", self.end_grant, **does)
        add(ONE + "/requests/{request_id}/confirm", self.confirm, **does)
        add(ONE + "/requests/{request_id}/decline", self.decline, **does)
        add(ONE + "/stand-ins", self.arrange, **guess)
        add(ONE + "/stand-ins/{stand_in_id}/end", self.end_stand_in, **does)
        return made

    async def grant(
        self, staff_id: UUID, request: Request, form: CheckedForm, who: Who, database: TheDatabase
    ) -> Response:
        """Give them a role, or ask for one that takes a second administrator."""

        async def change(work: Work) -> str:
            wished = GrantForm.model_validate({"role": ""} | web.nested(form)).wished()
            given = await grant_role(work, staff_id, wished, self.bodies, by_of(who))
            return "asked" if given.waits else "granted"

        return await self.tried(
            request, who, database, staff_id, Attempt(change, "granted", GRANT, form)
        )

    async def end_grant(  # noqa: PLR0913, PLR0917 - what a request brings
        self,
        staff_id: UUID,
        grant_id: UUID,
        request: Request,
        form: CheckedForm,
        who: Who,
        database: TheDatabase,
    ) -> Response:
        """Take a role away."""

        async def change(work: Work) -> None:
            await end_grant(work, grant_id, by_of(who), of=staff_id)

        return await self.tried(request, who, database, staff_id, Attempt(change, "revoked"))

    async def confirm(  # noqa: PLR0913, PLR0917 - what a request brings
        self,
        staff_id: UUID,
        request_id: UUID,
        request: Request,
        form: CheckedForm,
        who: Who,
        database: TheDatabase,
    ) -> Response:
        """Confirm a role that another administrator asked for."""

        async def change(work: Work) -> None:
            await confirming.confirm(work, request_id, self.bodies, by_of(who), of=staff_id)

        return await self.tried(request, who, database, staff_id, Attempt(change, "granted"))

    async def decline(  # noqa: PLR0913, PLR0917 - what a request brings
        self,
        staff_id: UUID,
        request_id: UUID,
        request: Request,
        form: CheckedForm,
        who: Who,
        database: TheDatabase,
    ) -> Response:
        """Not to give it, or to take one's own request back."""

        async def change(work: Work) -> None:
            await confirming.decline(work, request_id, by_of(who), of=staff_id)

        return await self.tried(request, who, database, staff_id, Attempt(change, "declined"))

    async def arrange(
        self, staff_id: UUID, request: Request, form: CheckedForm, who: Who, database: TheDatabase
    ) -> Response:
        """Let a colleague act for them."""

        async def first() -> None:
            wished_in(form, staff_id)
            await prove(request, form, database, self.settings)

        async def change(work: Work) -> None:
            await standing_in.arrange(work, wished_in(form, staff_id), by_of(who))

        attempt = Attempt(change, "arranged", STAND_IN, form, first)
        return await self.tried(request, who, database, staff_id, attempt)

    async def end_stand_in(  # noqa: PLR0913, PLR0917 - what a request brings
        self,
        staff_id: UUID,
        stand_in_id: UUID,
        request: Request,
        form: CheckedForm,
        who: Who,
        database: TheDatabase,
    ) -> Response:
        """End a stand-in."""

        async def change(work: Work) -> None:
            await standing_in.end(work, stand_in_id, by_of(who))

        return await self.tried(request, who, database, staff_id, Attempt(change, "back"))
