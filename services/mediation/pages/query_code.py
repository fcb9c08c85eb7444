"""A new query code for somebody who lost theirs: asked once more, then shown once."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.mediation.forms import version_in
from services.mediation.pages.words import HOME, text_in
from services.mediation.ports import Intake
from services.mediation.use_cases.allowing import caller_of, seen_by
from services.mediation.use_cases.cases import case_of
from services.mediation.use_cases.renewing import Renewal, renew_code
from shared import web
from shared.kernel import RuleError
from shared.net import Unanswered
from shared.rights import Action
from shared.web import CheckedForm, OpenRead, TheDatabase, Who
from shared.web.statuses import status_of

RENEWED = "renewed"
A_MINUTE = 60


@dataclass(frozen=True)
class QueryCodePages:
    """The page on which a query code is replaced."""

    intake: Intake

    def router(self) -> APIRouter:
        """The routes, each with its guard."""
        made = APIRouter(include_in_schema=False, dependencies=[web.staff(Action.CODE_RENEW)])
        address = HOME + "/{number}/query-code"
        made.add_api_route(address, self.ask, methods=["GET"])
        made.add_api_route(address, self.renew, methods=["POST"])
        return made

    async def ask(
        self, number: str, request: Request, who: Who, database: TheDatabase, session: OpenRead
    ) -> Response:
        """Ask once more; or show, this once, the code that was just given out."""
        case = await case_of(session, number, await seen_by(database, who))
        web.log_ids(request, complaint_id=case.complaint_id)
        new = web.recall(request, RENEWED)
        code = new["code"] if new and new["number"] == case.number else None
        response = show(request, case, code=code)
        if new:
            web.forget(request, response, RENEWED)
        return response

    async def renew(
        self, number: str, request: Request, form: CheckedForm, who: Who, database: TheDatabase
    ) -> Response:
        """Give out a new code; the old one opens nothing from now on."""
        try:
            wanted = Renewal(
                case=number,
                caller=await caller_of(database, who),
                version=version_in(text_in(form, "version")),
                identity_checked=form.get("identity_checked") == "true",
                noticed=lambda complaint: web.log_ids(request, complaint_id=complaint),
            )
            new = await renew_code(database, wanted, self.intake)
        except RuleError as error:
            wrong, status = web.wrongs(request, error), status_of(error)
        except Unanswered:
            wrong, status = web.wrongs(request, away()), 503
        else:
            response = web.see_other(f"{HOME}/{new.number}/query-code")
            known = {"number": new.number, "code": new.query_code}
            web.remember(request, response, RENEWED, known, max_age=A_MINUTE)
            return response
        async with database.reading() as session:
            case = await case_of(session, number, await seen_by(database, who))
        return show(request, case, status, wrong=wrong)


def show(request: Request, case: Any, status: int = 200, **context: Any) -> Response:
    usual = {"number": case.number, "version": case.version, "demo": case.demo}
    usual |= {"wrong": {}, "code": None}
    return web.page(request, "mediation/query_code.html", status, **(usual | context))


def away() -> RuleError:
    return RuleError("登记服务暂时没有应答，没有拿到新的查询码。请稍后再试。")
