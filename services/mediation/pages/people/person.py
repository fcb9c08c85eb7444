"""One person: who they are, what they hold, who stands in for them, and their last day."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import FormData
from starlette.responses import Response

from services.mediation.pages.people.showing import shown
from services.mediation.pages.people.units import status_for
from services.mediation.pages.people.words import ONE_TIME, STAFF, done, show_once
from services.mediation.use_cases.people import standing_in
from services.mediation.use_cases.people.changing import change_person, give_password
from services.mediation.use_cases.people.doing import by_of
from services.mediation.use_cases.people.forms import GrantForm, PersonForm, StandInForm
from services.mediation.use_cases.people.granting import end_grant, grant_role
from services.mediation.use_cases.people.leaving import end_person
from shared import web
from shared.bodies import Bodies
from shared.kernel import RuleError
from shared.rights import Action
from shared.web import CheckedForm, OpenRead, TheDatabase, Who
from shared.web.requests import options_of
from shared.work import Work

ONE = STAFF + "/{staff_id}"
Change = Callable[[Work], Awaitable[object]]
PAGES = "mediation/people/"
GRANT, STAND_IN, END = "grant.html", "stand_for.html", "end.html"
FORMS = {"grants": GRANT, "stand-ins": STAND_IN, "end": END}
"""The page of a form, by the last part of its address."""


@dataclass(frozen=True)
class Attempt:
    """Something to be done, and what is shown then."""

    change: Change
    said: str
    """What the page says once it is done."""
    page: str = "person.html"
    """The page that shows what is wrong, if anything is."""
    typed: FormData | None = None


@dataclass(frozen=True)
class PersonPages:
    """The page of a person, and what can be done there."""

    bodies: Bodies

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
        add(ONE + "/grants", self.grant, **does)
        add(ONE + "/grants/{grant_id}/end", self.end_grant, **does)
        add(ONE + "/stand-ins", self.arrange, **does)
        add(ONE + "/stand-ins/{stand_in_id}/end", self.end_stand_in, **does)
        add(ONE + "/password", self.password, **does)
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

    async def show(
        self,
        request: Request,
        who: web.Staff,
        reading: tuple[TheDatabase, AsyncSession],
        staff_id: UUID,
        **context: Any,
    ) -> Response:
        usual = await shown(request, who, reading, (staff_id, self.bodies))
        template = PAGES + context.pop("page", "person.html")
        status = context.pop("status", 200)
        return web.page(request, template, status, **(usual | context))

    async def tried(
        self,
        request: Request,
        who: web.Staff,
        database: TheDatabase,
        staff_id: UUID,
        attempt: Attempt,
    ) -> Response:
        """Do it and say so, or show what is wrong, with everything that was typed."""
        try:
            async with database.work() as work:
                await attempt.change(work)
        except (RuleError, ValidationError) as error:
            again: dict[str, Any] = {"wrong": web.wrongs(request, error), "page": attempt.page}
            again |= {"status": status_for(error)}
            if attempt.typed is not None:
                again |= {"typed": attempt.typed}
            async with database.reading() as session:
                return await self.show(request, who, (database, session), staff_id, **again)
        options_of(request).sessions.forget_all()
        return done(f"{STAFF}/{staff_id}", attempt.said)

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

    async def grant(
        self, staff_id: UUID, request: Request, form: CheckedForm, who: Who, database: TheDatabase
    ) -> Response:
        """Give them a role."""

        async def change(work: Work) -> None:
            wished = GrantForm.model_validate({"role": ""} | web.nested(form)).wished()
            await grant_role(work, staff_id, wished, self.bodies, by_of(who))

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

    async def arrange(
        self, staff_id: UUID, request: Request, form: CheckedForm, who: Who, database: TheDatabase
    ) -> Response:
        """Let a colleague act for them."""

        async def change(work: Work) -> None:
            wished = StandInForm.model_validate(web.nested(form)).wished(staff_id)
            await standing_in.arrange(work, wished._replace(absent=staff_id), by_of(who))

        return await self.tried(
            request, who, database, staff_id, Attempt(change, "arranged", STAND_IN, form)
        )

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

    async def password(
        self, staff_id: UUID, request: Request, form: CheckedForm, who: Who, database: TheDatabase
    ) -> Response:
        """A new one-time password, shown on the page that comes next."""
        made: list[str] = []

        async def change(work: Work) -> None:
            made.append(await give_password(work, staff_id, by_of(who)))

        response = await self.tried(request, who, database, staff_id, Attempt(change, "changed"))
        return show_once(request, response, "", made[0]) if made else response

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
