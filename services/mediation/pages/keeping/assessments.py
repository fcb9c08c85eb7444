"""Impact assessments (个人信息保护影响评估): as a page, and as JSON."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from services.mediation.pages.keeping.within import HERE, bodies_of, officer_of
from services.mediation.pages.words import text_in
from services.mediation.use_cases.privacy import assessments
from services.mediation.use_cases.privacy.assessments import PARTS, Assessment
from shared import web
from shared.bodies import Bodies
from shared.clock import local_day
from shared.kernel import RuleError
from shared.rights import Action, Thing
from shared.web import CheckedForm, OpenRead, TheDatabase, Who
from shared.web.requests import language_of
from shared.web.statuses import status_of

PAGE = "mediation/keeping/assessment.html"


class AssessmentOut(BaseModel):
    """What stands for one purpose (影响评估)."""

    purpose: str
    state: str = Field(
        description="draft (随软件提供的草稿), recorded (已记录), due (到了复评的日子)."
    )
    version: int
    kinds: str
    necessity: str
    impact: str
    measures: str
    assessed_on: date | None
    review_on: date | None


class AssessmentsOut(BaseModel):
    """All purposes of a body."""

    items: list[AssessmentOut]


@dataclass(frozen=True)
class AssessmentPages:
    """The page of one purpose, and the list as JSON."""

    bodies: Bodies

    def router(self) -> APIRouter:
        """The routes, each with its guard."""
        made = APIRouter(dependencies=[web.staff_or_token(Action.PRIVACY_ANSWER)])
        made.add_api_route(
            "/mediation/api/v1/assessments",
            self.listed,
            methods=["GET"],
            response_model=AssessmentsOut,
            tags=["privacy"],
        )
        address = HERE + "/assessments/{body}/{purpose}"
        hidden: dict[str, Any] = {"include_in_schema": False}
        made.add_api_route(HERE + "/assessments", self.all, methods=["GET"], **hidden)
        made.add_api_route(address, self.show, methods=["GET"], **hidden)
        made.add_api_route(address, self.record, methods=["POST"], **hidden)
        return made

    async def listed(
        self,
        who: Who,
        session: OpenRead,
        database: TheDatabase,
        body: str | None = Query(None, description="Code of the body (机构); default: the first."),
    ) -> dict[str, Any]:
        """What stands for each purpose of a body (影响评估清单)."""
        code = body or self.bodies.default.code
        who.rights.check(Action.PRIVACY_ANSWER, Thing(code))
        today = local_day(database.clock())
        standing = await assessments.standing(session, database.vault, code)
        return {"items": [as_json(one, today) for one in standing]}

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


def as_json(one: Assessment, today: date) -> dict[str, Any]:
    return {
        "purpose": one.purpose,
        "state": one.state(today),
        "version": one.version,
        **one.parts,
        "assessed_on": one.assessed_on,
        "review_on": one.review_on,
    }
