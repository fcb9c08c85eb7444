"""Inviting the respondent of a case: made, shown once, taken back."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.mediation.pages.words import HOME
from services.mediation.settings import MediationSettings
from services.mediation.use_cases.allowing import caller_of, seen_by
from services.mediation.use_cases.cases import case_of
from services.mediation.use_cases.inviting import current, end, invite, may_invite
from shared import web
from shared.kernel import ConflictError
from shared.rights import Action
from shared.web import CheckedForm, OpenRead, TheDatabase, Who
from shared.web.requests import options_of

INVITED = "invited"
A_MINUTE = 60


@dataclass(frozen=True)
class InvitationPages:
    """The page on which a respondent is invited."""

    settings: MediationSettings

    def router(self) -> APIRouter:
        """The routes, each with its guard."""
        handling = [web.staff(Action.CASE_HANDLE)]
        made = APIRouter(include_in_schema=False, dependencies=handling)
        address = HOME + "/{number}/invitation"
        made.add_api_route(address, self.show, methods=["GET"])
        made.add_api_route(address, self.make, methods=["POST"])
        made.add_api_route(address + "/end", self.end, methods=["POST"])
        return made

    async def show(
        self, number: str, request: Request, who: Who, database: TheDatabase, session: OpenRead
    ) -> Response:
        """Whether somebody is invited; link and code where they were just made."""
        case = await case_of(session, number, await seen_by(database, who))
        web.log_ids(request, complaint_id=case.complaint_id)
        fresh = web.recall(request, INVITED)
        context: dict[str, Any] = {
            "case": case,
            "standing": await current(session, case.id, database.clock()),
            "fresh": fresh if fresh and fresh["number"] == case.number else None,
            "can_invite": may_invite(case),
            "public_url": options_of(request).public_url,
            "wrong": {},
        }
        response = web.page(request, "mediation/invitation.html", demo=case.demo, **context)
        if fresh:
            web.forget(request, response, INVITED)
        return response

    async def make(
        self, number: str, request: Request, form: CheckedForm, who: Who, database: TheDatabase
    ) -> Response:
        """Invite the respondent; link and code are shown once, on the page that follows."""
        caller = await caller_of(database, who)
        address = f"{HOME}/{number}/invitation"
        try:
            made = await invite(database, number, caller, self.settings.invitation_days)
        except ConflictError:
            return web.see_other(address)  # the page says why nobody can be invited now
        response = web.see_other(f"{HOME}/{made.number}/invitation")
        known = {"number": made.number, "key": made.key, "code": made.code}
        web.remember(request, response, INVITED, known, max_age=A_MINUTE)
        return response

    async def end(
        self, number: str, request: Request, form: CheckedForm, who: Who, database: TheDatabase
    ) -> Response:
        """Take the invitation back."""
        case = await end(database, number, await caller_of(database, who))
        return web.see_other(f"{HOME}/{case.number}/invitation")
