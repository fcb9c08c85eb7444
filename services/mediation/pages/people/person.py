"""One person: who they are, and their last day."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.mediation.pages.people.attempts import ONE, AboutOne, Attempt
from services.mediation.pages.people.held import GRANT, STAND_IN
from services.mediation.pages.people.words import ONE_TIME
from services.mediation.use_cases.people.changing import change_person
from services.mediation.use_cases.people.doing import by_of
from services.mediation.use_cases.people.forms import PersonForm
from services.mediation.use_cases.people.leaving import end_person
from shared import web
from shared.rights import Action
from shared.web import CheckedForm, OpenRead, TheDatabase, Who
from shared.work import Work

END = "end.html"
FORMS = {"grants": GRANT, "stand-ins": STAND_IN, "end": END}
"""The page of a form, by the last part of its address."""


class PersonPages(AboutOne):
    """The page of a person, and what is known of them."""

    def router(self) -> APIRouter:
        """The routes, each with its guard."""
        made = APIRouter(include_in_schema=False)
        add = made.add_api_route
        see: Any = {"methods": ["GET"], "dependencies": [web.staff(Action.STAFF_READ)]}
        asks: Any = {"methods": ["GET"], "dependencies": [web.staff(Action.STAFF_MANAGE)]}
        does: Any = {"methods": ["POST"], "dependencies": [web.staff(Action.STAFF_MANAGE)]}
        add(ONE, self.look, **see)
        add(ONE, self.change, **does)
        for last in FORMS:
            add(f"{ONE}/{last}", self.ask, **asks)
        add(ONE + "/end", self.end, **does)
        return made

    async def look(
        self, staff_id: UUID, request: Request, who: Who, database: TheDatabase, session: OpenRead
    ) -> Response:
        """One person; a password that was just made is shown this once."""
        once = web.recall(request, ONE_TIME)
        response = await self.show(request, who, (database, session), staff_id, once=once)
        if once:
            web.forget(request, response, ONE_TIME)
        return response

    async def change(
        self, staff_id: UUID, request: Request, form: CheckedForm, who: Who, database: TheDatabase
    ) -> Response:
        """Another name, telephone or unit."""

        async def change(work: Work) -> None:
            wished = PersonForm.model_validate({"display": ""} | web.nested(form)).wished()
            await change_person(work, staff_id, wished, by_of(who))

        return await self.tried(
            request, who, database, staff_id, Attempt(change, "changed", typed=form)
        )

    async def ask(
        self, staff_id: UUID, request: Request, who: Who, database: TheDatabase, session: OpenRead
    ) -> Response:
        """The form for a role or a stand-in; or ask once more, and say what ending does."""
        page = FORMS[request.url.path.rsplit("/", 1)[-1]]
        blank: dict[str, Any] = {"page": page, "typed": {}}
        return await self.show(request, who, (database, session), staff_id, **blank)

    async def end(
        self, staff_id: UUID, request: Request, form: CheckedForm, who: Who, database: TheDatabase
    ) -> Response:
        """End their account."""

        async def change(work: Work) -> None:
            await end_person(work, staff_id, by_of(who))

        return await self.tried(request, who, database, staff_id, Attempt(change, "ended", END))
