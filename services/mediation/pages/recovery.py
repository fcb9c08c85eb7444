"""A way back in for a colleague: asked by one administrator, approved by another."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.mediation.pages.words import text_in
from services.mediation.use_cases import recovery
from shared import web
from shared.acting import Staff
from shared.kernel import RuleError
from shared.rights import Action
from shared.web import CheckedForm, TheDatabase, Who
from shared.web.requests import options_of
from shared.web.statuses import status_of

HERE = "/mediation/recoveries"
RECOVERED = "recovered"
A_MINUTE = 60


class RecoveryPages:
    """The page of those who manage accounts."""

    def router(self) -> APIRouter:
        """The routes, each with its guard."""
        inside = [web.staff(Action.STAFF_MANAGE)]
        made = APIRouter(include_in_schema=False, dependencies=inside)
        made.add_api_route(HERE, self.look, methods=["GET"])
        made.add_api_route(HERE, self.ask, methods=["POST"])
        made.add_api_route(f"{HERE}/{{recovery_id}}", self.approve, methods=["POST"])
        return made

    async def look(self, request: Request, who: Who, database: TheDatabase) -> Response:
        """What waits; and, this once, the password that was just made."""
        new, name = web.recall(request, RECOVERED), request.query_params.get("name", "")[:40]
        response = await show(request, who, database, new=new, typed={"name": name})
        if new:
            web.forget(request, response, RECOVERED)
        return response

    async def ask(
        self, request: Request, form: CheckedForm, who: Who, database: TheDatabase
    ) -> Response:
        """Ask for somebody."""
        name, reason = text_in(form, "name") or "", text_in(form, "reason") or ""
        try:
            async with database.work() as work:
                await recovery.ask(work, who, name, reason)
        except RuleError as error:
            wrong = web.wrongs(request, error)
            status = status_of(error)
            return await show(request, who, database, status, wrong=wrong, typed=form)
        return web.see_other(HERE)

    async def approve(
        self,
        recovery_id: UUID,
        request: Request,
        form: CheckedForm,
        who: Who,
        database: TheDatabase,
    ) -> Response:
        """Approve what another one asked for."""
        try:
            done = await recovery.approve(database, who, recovery_id)
        except RuleError as error:
            wrong = web.wrongs(request, error)
            return await show(request, who, database, status_of(error), wrong=wrong)
        options_of(request).sessions.forget_all()
        response = web.see_other(HERE)
        known = {"name": done.name, "password": done.password}
        web.remember(request, response, RECOVERED, known, max_age=A_MINUTE)
        return response


async def show(
    request: Request, who: Staff, database: TheDatabase, status: int = 200, **context: Any
) -> Response:
    async with database.reading() as session:
        found = await recovery.waiting(session, database.vault, who, database.clock())
    known = {"waiting": found, "new": None} | context
    return web.page(request, "mediation/recoveries.html", status, **known)
