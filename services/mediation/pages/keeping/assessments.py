"""Impact assessments (个人信息保护影响评估): looked at, and recorded."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.mediation.pages.keeping.within import HERE, bodies_of, officer_of
from services.mediation.pages.words import text_in
from services.mediation.use_cases.privacy import assessments
from services.mediation.use_cases.privacy.assessments import PARTS
from shared import web
from shared.bodies import Bodies
from shared.clock import local_day
from shared.kernel import RuleError
from shared.rights import Action, Thing
from shared.web import CheckedForm, OpenRead, TheDatabase, Who
from shared.web.requests import language_of
from shared.web.statuses import status_of

PAGE = "mediation/keeping/assessment.html"


@dataclass(frozen=True)
class AssessmentPages:
    """The list, and the page of one purpose."""

    bodies: Bodies

    def router(self) -> APIRouter:
        """The routes, each with its guard."""
        guard = [web.staff(Action.PRIVACY_ANSWER)]
        made = APIRouter(include_in_schema=False, dependencies=guard)
        address = HERE + "/assessments/{body}/{purpose}"
        made.add_api_route(HERE + "/assessments", self.all, methods=["GET"])
        made.add_api_route(address, self.show, methods=["GET"])
        made.add_api_route(address, self.record, methods=["POST"])
        return made

    async def all(
        self, request: Request, who: Who, session: OpenRead, database: TheDatabase
    ) -> Response:
        """All purposes of all bodies within reach."""
        mine = bodies_of(who, Action.PRIVACY_ANSWER, self.bodies)
        found = {
            one: await assessments.standing(session, database.vault, one.code)
            for one in self.bodies.known
            if one.code in mine
        }
        context: dict[str, Any] = {
            "found": found,
            "today": local_day(database.clock()),
            "one": None,
        }
        return web.page(request, PAGE, lang=language_of(request), wrong={}, **context)

    async def show(  # noqa: PLR0913, PLR0917 - what a request brings
        self,
        request: Request,
        body: str,
        purpose: str,
        who: Who,
        session: OpenRead,
        database: TheDatabase,
    ) -> Response:
        """One purpose, to be looked at and recorded anew."""
        who.rights.check(Action.PRIVACY_ANSWER, Thing(body))
        standing = await assessments.standing(session, database.vault, body)
        one = next((one for one in standing if one.purpose == purpose), None)
        context: dict[str, Any] = {
            "one": one or assessments.draft(purpose),
            "body": body,
            "today": local_day(database.clock()),
        }
        return web.page(request, PAGE, lang=language_of(request), wrong={}, typed={}, **context)

    async def record(  # noqa: PLR0913, PLR0917 - as above
        self,
        request: Request,
        body: str,
        purpose: str,
        form: CheckedForm,
        who: Who,
        database: TheDatabase,
    ) -> Response:
        """Record it; the older ones stay."""
        typed = {name: text_in(form, name) or "" for name in PARTS}
        try:
            async with database.work() as work:
                await assessments.record(work, body, purpose, typed, officer_of(who))
        except RuleError as error:
            wrong = web.wrongs(request, error)
            context: dict[str, Any] = {
                "one": assessments.draft(purpose),
                "body": body,
                "typed": typed,
            }
            today = local_day(database.clock())
            lang = language_of(request)
            status = status_of(error)
            return web.page(request, PAGE, status, lang=lang, wrong=wrong, today=today, **context)
        return web.see_other(f"{HERE}/assessments")
