"""One's own sessions, password and tokens, for scripts. No token opens these."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field

from services.mediation.routes.answers import API
from services.mediation.routes.door import KNOWN, device_in
from services.mediation.routes.proving import ProofForm, Strict, handed_over, prove
from services.mediation.settings import MediationSettings
from services.mediation.tables import ApiTokenRow
from services.mediation.use_cases import api_tokens, sessions
from shared import web
from shared.rights import Action
from shared.web import OpenRead, OpenWork, TheDatabase, Who
from shared.web.requests import SESSION_COOKIE, caller_address, options_of

TAGS = ("mine",)


class PasswordForm(Strict):
    """The present password and the next one."""

    password: str = Field(max_length=200)
    new_password: str = Field(max_length=200)


class TokenForm(ProofForm):
    """A token as its owner wants it; `days` from now."""

    name: str = Field(max_length=100)
    scopes: list[Action] = Field(max_length=100)
    days: int = Field(strict=True)


@dataclass(frozen=True)
class MyRoutes:
    """What belongs to whoever is logged in."""

    settings: MediationSettings

    def router(self) -> APIRouter:
        """The routes, each with its guard."""
        made = APIRouter(prefix=f"{API}/me", tags=list(TAGS))
        add, mine, always = made.add_api_route, [web.staff()], [web.enrolling()]
        guess = [web.enrolling(), web.guessing()]
        add("/sessions", self.list_sessions, methods=["GET"], dependencies=always)
        ended: dict[str, Any] = {"dependencies": always, "status_code": 204}
        add("/sessions/{session_id}", self.end_session, methods=["DELETE"], **ended)
        add("/sessions/end-others", self.end_others, methods=["POST"], dependencies=always)
        add("/password", self.password, methods=["POST"], dependencies=guess)
        add("/tokens", self.list_tokens, methods=["GET"], dependencies=mine)
        makes: dict[str, Any] = {"dependencies": [*mine, web.guessing()], "status_code": 201}
        add("/tokens", self.make_token, methods=["POST"], **makes)
        gone: dict[str, Any] = {"dependencies": mine, "status_code": 204}
        add("/tokens/{token_id}", self.end_token, methods=["DELETE"], **gone)
        return made

    async def list_sessions(
        self, request: Request, who: Who, session: OpenRead, database: TheDatabase
    ) -> dict[str, Any]:
        """Where I am logged in; this session first."""
        cookie = request.cookies[SESSION_COOKIE]
        found = await sessions.my_sessions(
            session, who.id, cookie, (database.clock(), self.settings)
        )
        return {"items": [asdict(one) for one in found], "next": None}

    async def end_session(
        self, session_id: UUID, request: Request, who: Who, work: OpenWork
    ) -> None:
        """End one of my sessions: here at once, everywhere within half a minute."""
        await sessions.end_mine(work, who, session_id)
        options_of(request).sessions.forget_all()

    async def end_others(self, request: Request, who: Who, work: OpenWork) -> dict[str, int]:
        """End all my sessions but this one; how many."""
        ended = await sessions.end_others(work, who, request.cookies[SESSION_COOKIE])
        options_of(request).sessions.forget_all()
        return {"ended": ended}

    async def password(
        self,
        form: PasswordForm,
        request: Request,
        response: Response,
        who: Who,
        database: TheDatabase,
    ) -> dict[str, Any]:
        """Another password. All other sessions end; this one gets a new cookie and header."""
        typed = sessions.Login(
            name=who.name,
            password=form.password,
            address=caller_address(request),
            new_password=form.new_password,
            device=device_in(request),
            known=web.kept(request, KNOWN),
        )
        cookie = request.cookies[SESSION_COOKIE]
        fresh = await sessions.change_password(database, cookie, typed, self.settings)
        return handed_over(request, response, fresh)

    async def list_tokens(
        self, who: Who, session: OpenRead, database: TheDatabase
    ) -> dict[str, Any]:
        """My tokens that live, the newest first."""
        found = await api_tokens.my_tokens(session, who.id, database.clock())
        return {"items": [token_json(one) for one in found], "next": None}

    async def make_token(
        self, form: TokenForm, request: Request, who: Who, database: TheDatabase
    ) -> dict[str, Any]:
        """A token for a script. `token` is shown this once: `Authorization: Bearer <token>`."""
        await prove(request, form, database, self.settings)
        wish = api_tokens.Wish(form.name, [one.value for one in form.scopes], form.days)
        async with database.work() as work:
            row, token = await api_tokens.make(work, who, wish)
        return token_json(row) | {"token": token}

    async def end_token(self, token_id: UUID, request: Request, who: Who, work: OpenWork) -> None:
        """End one of my tokens: here at once, everywhere within half a minute."""
        await api_tokens.end(work, who, token_id)
        options_of(request).sessions.forget_all()


def token_json(row: ApiTokenRow) -> dict[str, Any]:
    """A token without what it is made of."""
    shown = ("id", "name", "scopes", "created_at", "expires_at", "seen_at")
    return {name: getattr(row, name) for name in shown}
