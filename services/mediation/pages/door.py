"""Logging in and out."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.mediation.pages.words import HOME, text_in
from services.mediation.settings import MediationSettings
from services.mediation.use_cases import sessions
from services.mediation.use_cases.sessions import PasswordMustChangeError
from shared import web
from shared.kernel import RuleError
from shared.web import CheckedForm, MaybeWho, TheDatabase
from shared.web.requests import SESSION_COOKIE, options_of


@dataclass(frozen=True)
class DoorPages:
    """The pages at the door."""

    settings: MediationSettings

    def router(self) -> APIRouter:
        """The routes, each with its guard."""
        made = APIRouter(include_in_schema=False)
        add = made.add_api_route
        path = "/mediation/login"
        add(path, self.login, methods=["GET"], dependencies=[web.public()])
        door = [web.public(), web.guessing()]
        add(path, self.post_login, methods=["POST"], dependencies=door)
        inside = [web.staff()]
        add("/mediation/logout", self.post_logout, methods=["POST"], dependencies=inside)
        add("/mediation/", self.home, methods=["GET"], dependencies=inside)
        return made

    async def login(
        self,
        request: Request,
        who: MaybeWho,
        next: str | None = None,
    ) -> Response:
        """The log-in page; whoever is logged in goes on."""
        onward = web.safe_next(next, HOME)
        if who is not None:
            return web.see_other(onward)
        return web.page(request, "mediation/login.html", onward=onward, change=False)

    async def post_login(
        self, request: Request, form: CheckedForm, database: TheDatabase
    ) -> Response:
        """Log in; the first time with a new password."""
        onward = web.safe_next(text_in(form, "next"), HOME)
        wanted = sessions.Login(
            name=text_in(form, "name") or "",
            password=text_in(form, "password") or "",
            address=str(request.scope.get("redress.caller", "-")),
            new_password=text_in(form, "new_password"),
        )
        try:
            session = await sessions.log_in(database, wanted, self.settings)
        except RuleError as error:
            change = isinstance(error, PasswordMustChangeError) or "new_password" in form
            wrong = web.wrongs(request, error)
            context = {"onward": onward, "change": change, "typed": form, "wrong": wrong}
            return web.page(request, "mediation/login.html", 422, **context)
        response = web.see_other(onward)
        web.set_session_cookie(request, response, session.cookie, session.seconds)
        return response

    async def post_logout(
        self, request: Request, form: CheckedForm, database: TheDatabase
    ) -> Response:
        """Log out."""
        response = web.see_other("/mediation/login")
        if cookie := request.cookies.get(SESSION_COOKIE):
            await sessions.log_out(database, cookie)
            options_of(request).sessions.forget(cookie)
        web.clear_session_cookie(request, response)
        return response

    async def home(self) -> Response:
        """There is no other start than the desk."""
        return web.see_other(HOME)
