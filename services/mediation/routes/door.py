"""Logging in and out, for scripts and tests."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.mediation.domain.devices import device_of
from services.mediation.routes.answers import API, TAGS
from services.mediation.settings import MediationSettings
from services.mediation.use_cases import recovery, sessions
from shared import web
from shared.web import TheDatabase
from shared.web.requests import SESSION_COOKIE, caller_address, options_of

KNOWN = "known"
"""The cookie by which accounts know this browser; the pages use the same."""


class LoginForm(BaseModel):
    """Who wants to log in. `new_password` is needed the first time, `code` with a second factor."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=100)
    password: str = Field(max_length=200)
    new_password: str | None = Field(default=None, max_length=200)
    code: str | None = Field(default=None, max_length=20)


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
            dependencies=[web.enrolling()],
            status_code=204,
        )
        return made

    async def post_login(
        self, form: LoginForm, request: Request, response: Response, database: TheDatabase
    ) -> dict[str, Any]:
        """Log in: a session cookie, and the header `X-CSRF-Token` for unsafe requests."""
        typed = form.model_dump(exclude_none=True)
        around = {"address": caller_address(request), "device": device_in(request)}
        login = sessions.Login(**typed, **around, known=web.kept(request, KNOWN))
        session = await sessions.log_in(database, login, self.settings)
        token = let_in(request, response, session)
        async with database.reading() as reading:
            now = database.clock()
            known = await sessions.facts_of(reading, session.staff, now, self.settings)
            recovered = await recovery.untold(reading, session.staff.id)
        mine = {name: known[name] for name in ("id", "name", "display", "role", "body")}
        more = {"csrf_token": token, "seconds": session.seconds}
        notices = {"enrolling": known.get("enrolling", False), "recovered_at": recovered}
        return mine | more | notices

    async def post_logout(
        self, request: Request, response: Response, database: TheDatabase
    ) -> None:
        """Log out: the session is over here at once, everywhere within half a minute."""
        if cookie := request.cookies.get(SESSION_COOKIE):
            await sessions.log_out(database, cookie)
            options_of(request).sessions.forget(cookie)
        web.clear_session_cookie(request, response)


def let_in(request: Request, response: Response, session: sessions.Session) -> str:
    """Hand a fresh session over: its cookies, and its header, which is given back."""
    web.set_session_cookie(request, response, session.cookie, session.seconds)
    if session.known:
        seconds = int(sessions.KNOWN_FOR.total_seconds())
        web.keep(request, response, KNOWN, session.known, max_age=seconds)
    token = web.csrf_token(request, session.cookie)
    response.headers["X-CSRF-Token"] = token
    return token


def device_in(request: Request) -> str:
    """What a request says it is made with, in words."""
    return device_of(request.headers.get("user-agent", ""))
