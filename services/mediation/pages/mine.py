"""My page: where I am logged in, who acts for me, my password and second factor, my tokens."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.mediation.pages.door import ME, let_in, login_in, typed_again
from services.mediation.pages.words import text_in
from services.mediation.settings import MediationSettings
from services.mediation.use_cases import api_tokens, recovery, second_factor, sessions
from services.mediation.use_cases.people import standing_in
from services.mediation.use_cases.staff import displays
from shared import web
from shared.acting import Staff
from shared.api_tokens import SCOPES
from shared.clock import local_day
from shared.kernel import RuleError
from shared.rights import Action
from shared.web import CheckedForm, OpenWork, TheDatabase, Who
from shared.web.requests import SESSION_COOKIE, language_of, options_of
from shared.web.statuses import status_of

NEW_TOKEN = "token"  # noqa: S105 - the name of a cookie
A_MINUTE = 60
USUAL_DAYS = "90"


@dataclass(frozen=True)
class MyPages:
    """The page of whoever is logged in."""

    settings: MediationSettings

    def router(self) -> APIRouter:
        """The routes, each with its guard."""
        made = APIRouter(include_in_schema=False, dependencies=[web.staff()])
        add, guess = made.add_api_route, [web.guessing()]
        add(ME, self.look, methods=["GET"])
        add(f"{ME}/sessions", self.end_others, methods=["POST"])
        add(f"{ME}/sessions/{{session_id}}", self.end_session, methods=["POST"])
        add(f"{ME}/password", self.password, methods=["POST"], dependencies=guess)
        add(f"{ME}/tokens", self.make_token, methods=["POST"], dependencies=guess)
        add(f"{ME}/tokens/{{token_id}}", self.end_token, methods=["POST"])
        return made

    async def look(self, request: Request, who: Who, database: TheDatabase) -> Response:
        """All of it; a token that was just made is shown this once."""
        new = web.recall(request, NEW_TOKEN)
        response = await self.show(request, who, database, token=new["token"] if new else None)
        if new:
            web.forget(request, response, NEW_TOKEN)
        async with database.reading() as session:
            told = await recovery.untold(session, who.id)
        if told:
            async with database.work() as work:
                await recovery.tell(work, who.id)
        return response

    async def end_others(
        self, request: Request, form: CheckedForm, who: Who, work: OpenWork
    ) -> Response:
        """End all my sessions but this one."""
        await sessions.end_others(work, who, request.cookies[SESSION_COOKIE])
        options_of(request).sessions.forget_all()
        return web.see_other(f"{ME}#sessions")

    async def end_session(
        self, session_id: UUID, request: Request, form: CheckedForm, who: Who, work: OpenWork
    ) -> Response:
        """End one of my sessions."""
        await sessions.end_mine(work, who, session_id)
        options_of(request).sessions.forget_all()
        return web.see_other(f"{ME}#sessions")

    async def password(
        self, request: Request, form: CheckedForm, who: Who, database: TheDatabase
    ) -> Response:
        """Another password; all my other sessions end."""
        typed, cookie = login_in(request, form, name=who.name), request.cookies[SESSION_COOKIE]
        try:
            fresh = await sessions.change_password(database, cookie, typed, self.settings)
        except RuleError as error:
            return await self.wrong(request, who, database, error)
        options_of(request).sessions.forget_all()
        response = web.see_other(f"{ME}?changed=password")
        let_in(request, response, fresh)
        return response

    async def make_token(
        self, request: Request, form: CheckedForm, who: Who, database: TheDatabase
    ) -> Response:
        """A token for a script."""
        days = text_in(form, "days") or ""
        wish = api_tokens.Wish(
            name=text_in(form, "name") or "",
            scopes=[one for one in form.getlist("scopes") if isinstance(one, str)],
            days=int(days) if days.isascii() and days.isdigit() else 0,
        )
        typed, cookie = typed_again(request, form), request.cookies[SESSION_COOKIE]
        try:
            api_tokens.checked(wish, who)
            await sessions.prove_again(database, cookie, typed, self.settings)
            async with database.work() as work:
                _, token = await api_tokens.make(work, who, wish)
        except RuleError as error:
            return await self.wrong(request, who, database, error, typed=form)
        response = web.see_other(f"{ME}#tokens")
        web.remember(request, response, NEW_TOKEN, {"token": token}, max_age=A_MINUTE)
        return response

    async def end_token(
        self, token_id: UUID, request: Request, form: CheckedForm, who: Who, work: OpenWork
    ) -> Response:
        """End one of my tokens."""
        await api_tokens.end(work, who, token_id)
        options_of(request).sessions.forget_all()
        return web.see_other(f"{ME}#tokens")

    async def wrong(
        self,
        request: Request,
        who: Staff,
        database: TheDatabase,
        error: RuleError,
        **context: Any,
    ) -> Response:
        """The page again, with what is wrong."""
        wrong = web.wrongs(request, error)
        return await self.show(request, who, database, status_of(error), wrong=wrong, **context)

    async def show(
        self,
        request: Request,
        who: Staff,
        database: TheDatabase,
        status: int = 200,
        **context: Any,
    ) -> Response:
        """The page."""
        now, cookie = database.clock(), request.cookies[SESSION_COOKIE]
        async with database.reading() as session:
            lives, today = (now, self.settings), local_day(now)
            found = await standing_in.arranged(session, who.id, today)
            mine = [one for one in found if one.absent == who.id]
            known: dict[str, Any] = {
                "sessions": await sessions.my_sessions(session, who.id, cookie, lives),
                "factor": await second_factor.state_of(session, who.id),
                "tokens": await api_tokens.my_tokens(session, who.id, now),
                "stand_ins": mine,
                "names": await displays(session, {one.stand_in for one in mine}),
                "recovered": await recovery.untold(session, who.id),
                "proving": (await sessions.proving(session, cookie, now)).value,
            }
        language = language_of(request)
        allowed = [one for one in SCOPES.values() if who.rights.may(one)]
        known |= {
            "scopes": [(one.value, one.label(language)) for one in allowed],
            "actions": {code: one.label(language) for code, one in SCOPES.items()},
            "manages": who.rights.may(Action.STAFF_MANAGE),
            "changed": request.query_params.get("changed", ""),
            "days": USUAL_DAYS,
            "token": None,
            "fewest": self.settings.password_length,
        }
        return web.page(request, "mediation/me.html", status, **(known | context))
