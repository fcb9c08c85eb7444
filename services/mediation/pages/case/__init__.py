"""One case: its page, and the forms of its steps."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import Response

from services.mediation.domain.case import Step
from services.mediation.forms import StepForm, version_in
from services.mediation.pages.case.showing import Showing
from services.mediation.pages.case.typed import away, by_field, step_fields, written_in
from services.mediation.pages.looks import remember_look
from services.mediation.pages.words import HOME, text_in
from services.mediation.ports import Intake
from services.mediation.use_cases.acting import Request as Wish
from services.mediation.use_cases.allowing import caller_of
from services.mediation.use_cases.cases import case_of
from services.mediation.use_cases.looking import Look, look
from services.mediation.use_cases.taking import Wanted, take
from shared import web
from shared.bodies import Bodies
from shared.kernel import RuleError, UnknownError
from shared.net import Unanswered
from shared.rights import Action
from shared.web import CheckedForm, OpenRead, TheDatabase, Who
from shared.web.statuses import status_of


@dataclass(frozen=True)
class CasePages:
    """The pages of one case."""

    intake: Intake
    bodies: Bodies

    def router(self) -> APIRouter:
        """The routes, each with its guard."""
        made = APIRouter(include_in_schema=False)
        reading, opening = [web.staff(Action.CASE_READ)], [web.staff(Action.MASK_OPEN)]
        one = HOME + "/{number}"
        made.add_api_route(one, self.case, methods=["GET"], dependencies=reading)
        step = one + "/steps/{step}"
        made.add_api_route(step, self.post_step, methods=["POST"], dependencies=reading)
        look = one + "/look"
        made.add_api_route(look, self.post_look, methods=["POST"], dependencies=opening)
        return made

    @property
    def showing(self) -> Showing:
        return Showing(self.intake, self.bodies)

    async def case(
        self, number: str, request: Request, who: Who, database: TheDatabase, session: OpenRead
    ) -> Response:
        """One case: the record, the clocks, what happened, and what may be done now."""
        caller = await caller_of(database, who)
        case = await case_of(session, number, caller.sees)
        return await self.showing.page(request, case, caller, (database, session))

    async def post_step(  # noqa: PLR0913 - what a request brings
        self,
        number: str,
        step: Step,
        *,
        request: Request,
        form: CheckedForm,
        who: Who,
        database: TheDatabase,
    ) -> Response:
        """Take a step; what is wrong stands beside its field, and what was typed is still there."""
        caller = await caller_of(database, who)
        try:
            typed = StepForm.model_validate(step_fields(form, step))
            wish = Wish(step, typed.facts(step), version_in(text_in(form, "version")))
            wanted = Wanted(
                number,
                caller,
                wish,
                lambda complaint: web.log_ids(request, complaint_id=complaint),
                self.bodies.with_letters_code,
            )
            done = await take(database, wanted, self.intake)
            return web.see_other(f"{HOME}/{done.number}")
        except (RuleError, ValidationError) as error:
            wrong, status = by_field(step, web.wrongs(request, error)), 422
        except Unanswered:
            wrong, status = web.wrongs(request, away()), 503
        async with database.reading() as session:
            case = await case_of(session, number, caller.sees)
            context = {
                "at_step": step,
                "typed": form,
                "written": written_in(form, step),
                "wrong": wrong,
            }
            reading = (database, session)
            return await self.showing.page(request, case, caller, reading, status=status, **context)

    async def post_look(
        self, number: str, *, request: Request, form: CheckedForm, who: Who, database: TheDatabase
    ) -> Response:
        """Look behind the mask: noted first, then shown on this case's page for ten minutes."""
        caller = await caller_of(database, who)
        parts = [str(one) for one in form.getlist("parts")]
        wanted = Look(parts, text_in(form, "reason") or "", text_in(form, "note") or "")
        try:
            case = await look(database, number, caller, wanted)
        except UnknownError:
            raise
        except RuleError as error:
            context = {"look_wrong": web.wrongs(request, error), "looking": wanted}
            async with database.reading() as session:
                case = await case_of(session, number, caller.sees)
                reading = (database, session)
                status = status_of(error)
                return await self.showing.page(
                    request, case, caller, reading, status=status, **context
                )
        response = web.see_other(f"{HOME}/{case.number}")
        remember_look(request, response, case, wanted.parts)
        return response
