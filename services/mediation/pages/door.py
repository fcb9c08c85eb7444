"""Logging in and out."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.mediation.domain.devices import device_of
from services.mediation.pages.words import START, text_in
from services.mediation.settings import MediationSettings
from services.mediation.use_cases import recovery, sessions
from services.mediation.use_cases.sessions import Login, PasswordMustChangeError, Proof
from shared import web
from shared.kernel import RuleError
from shared.web import CheckedForm, MaybeWho, TheDatabase
from shared.web.requests import SESSION_COOKIE, caller_address, options_of

ME = "/mediation/me"
HALFWAY = "halfway"
"""The cookie between the two parts of a log-in: sealed, and worth nothing without the code."""
KNOWN = "known"
"""The cookie by which accounts know this browser."""
PROOF = "proof"
"""The field for the present password where a page asks for it once more."""
FIVE_MINUTES = 300
MOST_NEXT = 500


@dataclass(frozen=True)
class DoorPages:
    """The pages at the door."""

    settings: MediationSettings

    def router(self) -> APIRouter:
        """The routes, each with its guard."""
        made = APIRouter(include_in_schema=False)
        add = made.add_api_route
        outside, door = [web.public()], [web.public(), web.guessing()]
        add("/mediation/login", self.login, methods=["GET"], dependencies=outside)
        add("/mediation/login", self.post_login, methods=["POST"], dependencies=door)
        add("/mediation/login/code", self.code, methods=["GET"], dependencies=outside)
        add("/mediation/login/code", self.post_code, methods=["POST"], dependencies=door)
        add("/mediation/logout", self.post_logout, methods=["POST"], dependencies=[web.enrolling()])
        return made

    async def login(
        self,
        request: Request,
        who: MaybeWho,
        next: str | None = None,
    ) -> Response:
        """The log-in page; whoever is logged in goes on."""
        onward = web.safe_next(next, START)
        if who is not None:
            return web.see_other(onward)
        context: dict[str, Any] = {"onward": onward, "change": False, "sign_on": self.settings}
        return web.page(request, "mediation/login.html", **context)

    async def post_login(
        self, request: Request, form: CheckedForm, database: TheDatabase
    ) -> Response:
        """Name and password; the first time a new one. Then the code, of who has one."""
        onward = web.safe_next(text_in(form, "next"), START)
        typed = login_in(request, form)
        try:
            proof = await sessions.prove(database, typed, self.settings)
            if proof.needs_code:
                return halfway(request, proof, typed.name, onward)
            session = await sessions.finish(database, proof, typed, self.settings)
        except RuleError as error:
            change = isinstance(error, PasswordMustChangeError) or "new_password" in form
            wrong = web.wrongs(request, error)
            context: dict[str, Any] = {"onward": onward, "change": change, "typed": form}
            context |= {"wrong": wrong, "sign_on": self.settings}
            return web.page(request, "mediation/login.html", 422, **context)
        return inside(request, session, await self.first(database, session, onward))

    async def code(self, request: Request) -> Response:
        """Ask for the code; whoever has not been through the first part goes back."""
        if web.recall(request, HALFWAY) is None:
            return web.see_other("/mediation/login")
        return web.page(request, "mediation/login_code.html")

    async def post_code(
        self, request: Request, form: CheckedForm, database: TheDatabase
    ) -> Response:
        """The second part."""
        begun = web.recall(request, HALFWAY)
        if begun is None:
            return web.see_other("/mediation/login")
        typed = login_in(request, form, name=begun["name"])
        proof = Proof(**begun["proof"] | {"staff": UUID(begun["proof"]["staff"])})
        try:
            session = await sessions.finish(database, proof, typed, self.settings)
        except sessions.TooLateError:
            response: Response = web.see_other("/mediation/login")
            web.forget(request, response, HALFWAY)
            return response
        except RuleError as error:
            wrong = web.wrongs(request, error)
            return web.page(request, "mediation/login_code.html", 422, wrong=wrong)
        onward = web.safe_next(begun["next"], START)
        response = inside(request, session, await self.first(database, session, onward))
        web.forget(request, response, HALFWAY)
        return response

    async def first(self, database: TheDatabase, session: sessions.Session, onward: str) -> str:
        """Where to go: whoever was let back in by others reads of it before anything else."""
        async with database.reading() as reading:
            told = await recovery.untold(reading, session.staff.id)
        return ME if told else onward

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


def login_in(request: Request, form: Mapping[str, Any], name: str | None = None) -> Login:
    """What was typed, and where and with what."""
    return Login(
        name=name or text_in(form, "name") or "",
        password=text_in(form, "password") or "",
        address=caller_address(request),
        new_password=text_in(form, "new_password"),
        code=text_in(form, "code"),
        device=device_of(request.headers.get("user-agent", "")),
        known=web.kept(request, KNOWN),
    )


def typed_again(request: Request, form: Mapping[str, Any]) -> sessions.Typed:
    """The present password, where a page asked for it within a session."""
    known = web.kept(request, KNOWN)
    return sessions.Typed(text_in(form, PROOF), caller_address(request), known, PROOF)


def halfway(request: Request, proof: Proof, name: str, onward: str) -> Response:
    """On to the code, with what is proved so far."""
    response = web.see_other("/mediation/login/code")
    kept: dict[str, Any] = asdict(proof) | {"staff": str(proof.staff)}
    known = {"proof": kept, "name": name, "next": onward if len(onward) < MOST_NEXT else START}
    web.remember(request, response, HALFWAY, known, max_age=FIVE_MINUTES)
    return response


def inside(request: Request, session: sessions.Session, onward: str) -> Response:
    """On into the house, with a session."""
    response = web.see_other(onward)
    let_in(request, response, session)
    return response


def let_in(request: Request, response: Response, session: sessions.Session) -> None:
    """Hand a fresh session over, and the mark by which the account knows this browser."""
    web.set_session_cookie(request, response, session.cookie, session.seconds)
    if session.known:
        seconds = int(sessions.KNOWN_FOR.total_seconds())
        web.keep(request, response, KNOWN, session.known, max_age=seconds)
