"""Setting up the second factor: a picture for the telephone, a code back, ten codes on paper."""

from dataclasses import dataclass
from typing import Any

import segno
from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.datastructures import FormData
from starlette.responses import Response

from services.mediation.domain.devices import device_of
from services.mediation.pages.door import typed_again
from services.mediation.pages.words import text_in
from services.mediation.settings import MediationSettings
from services.mediation.use_cases import second_factor, sessions
from shared import web
from shared.acting import Staff
from shared.i18n import N_, translated
from shared.kernel import RuleError
from shared.web import CheckedForm, TheDatabase, Who
from shared.web.requests import SESSION_COOKIE, caller_address, language_of, options_of
from shared.web.statuses import status_of

HERE = "/mediation/me/second-factor"
PAPER = "paper"
FIVE_MINUTES = 300
PICTURE = N_("给手机扫的二维码")


@dataclass(frozen=True)
class SecondFactorPages:
    """The page of one's own second factor."""

    settings: MediationSettings

    def router(self) -> APIRouter:
        """The routes, each with its guard: also for who may do nothing else yet."""
        made = APIRouter(include_in_schema=False, dependencies=[web.enrolling()])
        add, guess = made.add_api_route, [web.guessing()]
        add(HERE, self.look, methods=["GET"])
        add(HERE, self.begin, methods=["POST"], dependencies=guess)
        add(f"{HERE}/confirm", self.confirm, methods=["POST"], dependencies=guess)
        add(f"{HERE}/paper", self.paper, methods=["POST"], dependencies=guess)
        add(f"{HERE}/off", self.off, methods=["POST"], dependencies=guess)
        return made

    async def look(self, request: Request, who: Who, database: TheDatabase) -> Response:
        """How it stands; codes on paper that were just made are shown this once."""
        new = web.recall(request, PAPER)
        response = await self.show(request, who, database, paper=new["codes"] if new else None)
        if new:
            web.forget(request, response, PAPER)
        return response

    async def begin(
        self, request: Request, form: CheckedForm, who: Who, database: TheDatabase
    ) -> Response:
        """A secret for my telephone."""
        try:
            await self.prove(request, form, database)
            async with database.work() as work:
                await second_factor.begin_enrolling(work, who)
        except RuleError as error:
            return await self.wrong(request, who, database, error)
        return web.see_other(HERE)

    async def confirm(
        self, request: Request, form: CheckedForm, who: Who, database: TheDatabase
    ) -> Response:
        """Turn it on, with a code of my telephone."""
        code = text_in(form, "code") or ""
        try:
            await self.prove(request, form, database)
            here = here_of(request, who)
            codes, fresh = await sessions.confirm_factor(database, here, code, self.settings)
        except RuleError as error:
            return await self.wrong(request, who, database, error)
        options_of(request).sessions.forget_all()
        return remembered(request, codes, fresh)

    async def paper(
        self, request: Request, form: CheckedForm, who: Who, database: TheDatabase
    ) -> Response:
        """Ten new codes on paper."""
        code = text_in(form, "code") or ""
        try:
            await self.prove(request, form, database)
            codes = await second_factor.renew_paper(database, who, code, self.settings)
        except RuleError as error:
            return await self.wrong(request, who, database, error)
        return remembered(request, codes)

    async def off(
        self, request: Request, form: CheckedForm, who: Who, database: TheDatabase
    ) -> Response:
        """Turn it off."""
        code = text_in(form, "code") or ""
        try:
            await self.prove(request, form, database)
            here = here_of(request, who)
            fresh = await sessions.drop_factor(database, here, code, self.settings)
        except RuleError as error:
            return await self.wrong(request, who, database, error)
        options_of(request).sessions.forget_all()
        response = web.see_other(HERE)
        web.set_session_cookie(request, response, fresh.cookie, fresh.seconds)
        return response

    async def prove(self, request: Request, form: FormData, database: TheDatabase) -> None:
        """A stolen session is not enough. Raises what `sessions.prove_again` raises."""
        typed, cookie = typed_again(request, form), request.cookies[SESSION_COOKIE]
        await sessions.prove_again(database, cookie, typed, self.settings)

    async def wrong(
        self, request: Request, who: Staff, database: TheDatabase, error: RuleError
    ) -> Response:
        """The page again, with what is wrong."""
        wrong = web.wrongs(request, error)
        return await self.show(request, who, database, status_of(error), wrong=wrong)

    async def show(
        self,
        request: Request,
        who: Staff,
        database: TheDatabase,
        status: int = 200,
        **context: Any,
    ) -> Response:
        """The page; with the secret, while it waits for whoever has just proved who they are."""
        cookie, now = request.cookies[SESSION_COOKIE], database.clock()
        async with database.reading() as session:
            state = await second_factor.state_of(session, who.id)
            proving = await sessions.proving(session, cookie, now)
        known: dict[str, Any] = {"factor": state, "paper": None, "must": who.enrolling}
        known |= {"proving": proving.value, "secret": None}
        if state.begun and proving is sessions.Proving.NOTHING:
            async with database.work() as work:
                enrolment = await second_factor.begin_enrolling(work, who)
            name = translated(PICTURE, language_of(request))
            known |= {"picture": picture(enrolment.uri, name), "secret": enrolment.secret}
        return web.page(request, "mediation/second_factor.html", status, **(known | context))


def here_of(request: Request, who: Staff) -> sessions.Here:
    """The session that this request comes with."""
    device = device_of(request.headers.get("user-agent", ""))
    caller = sessions.Caller(caller_address(request), device)
    return sessions.Here(who, request.cookies[SESSION_COOKIE], caller)


def picture(uri: str, name: str) -> Markup:
    """A QR code (ISO/IEC 18004) as SVG: dark on light in every colour scheme."""
    drawn = segno.make(uri, error="m", micro=False).svg_inline(
        scale=5, border=4, dark="#000", light="#fff", title=name, svgclass="qr", lineclass=None
    )
    return Markup(drawn)  # noqa: S704 - segno draws it; nothing of it was typed by anybody


def remembered(
    request: Request, codes: list[str], fresh: sessions.Session | None = None
) -> Response:
    """On to the page that shows the codes, this once."""
    response = web.see_other(HERE)
    web.remember(request, response, PAPER, {"codes": codes}, max_age=FIVE_MINUTES)
    if fresh:
        web.set_session_cookie(request, response, fresh.cookie, fresh.seconds)
    return response
