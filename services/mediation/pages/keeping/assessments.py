"""Impact assessments (个人信息保护影响评估): looked at, and recorded."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from services.mediation.pages.keeping.within import HERE, bodies_of, officer_of, told
from services.mediation.pages.words import text_in
from services.mediation.use_cases.privacy import assessments
from services.mediation.use_cases.privacy.assessments import PARTS
from services.mediation.use_cases.privacy.errors import NoSuchThingError
from shared import web
from shared.acting import Staff
from shared.bodies import Bodies
from shared.clock import local_day
from shared.kernel import RuleError, UnknownError
from shared.rights import Action, Thing
from shared.web import CheckedForm, OpenRead, TheDatabase, Who
from shared.web.requests import language_of
from shared.web.statuses import status_of
from shared.work import Database

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
        said = told(request)
        return web.page(request, PAGE, lang=language_of(request), wrong={}, said=said, **context)

    async def show(  # noqa: PLR0913, PLR0917 - what a request brings
        self,
        request: Request,
        body: str,
        purpose: str,
        who: Who,
        session: OpenRead,
        database: TheDatabase,
    ) -> Response:
        """One purpose, to be looked at and recorded anew, with what was recorded before."""
        self._check(who, body)
        return await self._page(request, body, purpose, (database, session), typed={}, wrong={})

    async def record(  # noqa: PLR0913, PLR0917 - as above
        self,
        request: Request,
        body: str,
        purpose: str,
        form: CheckedForm,
        who: Who,
        database: TheDatabase,
    ) -> Response:
        """Record it; the older ones stay. What was wrong stands on the page it was sent from."""
        self._check(who, body)
        typed = {name: text_in(form, name) or "" for name in PARTS}
        try:
            async with database.work() as work:
                await assessments.record(work, body, purpose, typed, officer_of(who))
        except UnknownError:
            raise
        except RuleError as error:
            wrong, status = web.wrongs(request, error), status_of(error)
            async with database.reading() as session:
                reading = (database, session)
                return await self._page(
                    request, body, purpose, reading, status, typed=typed, wrong=wrong
                )
        return web.see_other(f"{HERE}/assessments?done=assessed")

    def _check(self, who: Staff, body: str) -> None:
        """Nothing is read of a body beyond reach. Raises NotAllowedError, NoSuchThingError."""
        who.rights.check(Action.PRIVACY_ANSWER, Thing(body))
        if body not in self.bodies.codes:
            raise NoSuchThingError("没有这个机构。")

    async def _page(
        self,
        request: Request,
        body: str,
        purpose: str,
        reading: tuple[Database, AsyncSession],
        status: int = 200,
        **sent: Any,
    ) -> Response:
        """A purpose: what stands for it to be changed, and every version that was recorded."""
        database, session = reading
        made = await assessments.versions(session, database.vault, body, purpose)
        context: dict[str, Any] = {
            "one": made[0] if made else assessments.draft(purpose),
            "versions": made,
            "body": self.bodies.of(body),
            "today": local_day(database.clock()),
            "said": None,
        }
        return web.page(request, PAGE, status, lang=language_of(request), **context, **sent)
