"""Logging in and out, for scripts and tests."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.mediation.routes.answers import API, TAGS
from services.mediation.settings import MediationSettings
from services.mediation.use_cases import sessions
from shared import web
from shared.web import TheDatabase
from shared.web.requests import SESSION_COOKIE, options_of


class LoginForm(BaseModel):
    """Who wants to log in. `new_password` is needed the first time."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=100)
    password: str = Field(max_length=200)
    new_password: str | None = Field(default=None, max_length=200)


@dataclass(frozen=True)
class DoorRoutes:
    """Logging in and out as JSON."""

    settings: MediationSettings

    def router(self) -> APIRouter:
        """Both routes, each with its guard."""
        made = APIRouter(prefix=API, tags=list(TAGS))
        door = [web.public(), web.guessing()]
        made.add_api_route("/login", self.post_login, methods=["POST"], dependencies=door)
        made.add_api_route(
            "/logout",
            self.post_logout,
            methods=["POST"],
            dependencies=[web.staff()],
            status_code=204,
        )
        return made

    async def post_login(
        self, form: LoginForm, request: Request, response: Response, database: TheDatabase
    ) -> dict[str, Any]:
        """Log in: a session cookie, and the header `X-CSRF-Token` for unsafe requests."""
        login = sessions.Login(form.name, form.password, address_of(request), form.new_password)
        session = await sessions.log_in(database, login, self.settings)
        web.set_session_cookie(request, response, session.cookie, session.seconds)
        token = web.csrf_token(request, session.cookie)
        response.headers["X-CSRF-Token"] = token
        mine = session.staff
        return {
            "id": str(mine.id),
            "name": mine.name,
            "display": mine.display,
            "role": mine.role,
            "body": mine.body,
            "csrf_token": token,
            "seconds": session.seconds,
        }

    async def post_logout(
        self, request: Request, response: Response, database: TheDatabase
    ) -> None:
        """Log out: the session is over here at once, everywhere within half a minute."""
        if cookie := request.cookies.get(SESSION_COOKIE):
            await sessions.log_out(database, cookie)
            options_of(request).sessions.forget(cookie)
        web.clear_session_cookie(request, response)


def address_of(request: Request) -> str:
    """Where a stranger calls from."""
    return str(request.scope.get("redress.caller", "-"))
