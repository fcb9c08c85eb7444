"""One's own second factor, for scripts. No token opens these."""

from dataclasses import asdict, dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import Field

from services.mediation.routes.answers import API
from services.mediation.routes.door import device_in
from services.mediation.routes.proving import ProofForm, handed_over, prove
from services.mediation.settings import MediationSettings
from services.mediation.use_cases import second_factor, sessions
from shared import web
from shared.acting import Staff
from shared.web import OpenRead, TheDatabase, Who
from shared.web.requests import SESSION_COOKIE, caller_address


class CodeForm(ProofForm):
    """A code of the second factor, or one on paper."""

    code: str = Field(max_length=20)


@dataclass(frozen=True)
class FactorRoutes:
    """Setting it up, and turning it off."""

    settings: MediationSettings

    def router(self) -> APIRouter:
        """The routes, each with its guard: also for who may do nothing else yet."""
        made = APIRouter(prefix=f"{API}/me/second-factor", tags=["mine"])
        add, always = made.add_api_route, [web.enrolling()]
        guess = [web.enrolling(), web.guessing()]
        add("", self.factor, methods=["GET"], dependencies=always)
        add("", self.begin_factor, methods=["POST"], dependencies=guess)
        add("/confirm", self.confirm_factor, methods=["POST"], dependencies=guess)
        add("/paper", self.paper, methods=["POST"], dependencies=guess)
        add("/off", self.factor_off, methods=["POST"], dependencies=guess)
        return made

    async def factor(self, who: Who, session: OpenRead) -> dict[str, Any]:
        """Since when I have a second factor, and how many codes on paper are left."""
        return asdict(await second_factor.state_of(session, who.id))

    async def begin_factor(
        self, request: Request, who: Who, database: TheDatabase, form: ProofForm | None = None
    ) -> dict[str, Any]:
        """A secret for my telephone, to be confirmed with a code of it."""
        await prove(request, form or ProofForm(), database, self.settings)
        async with database.work() as work:
            return asdict(await second_factor.begin_enrolling(work, who))

    async def confirm_factor(
        self,
        form: CodeForm,
        request: Request,
        response: Response,
        who: Who,
        database: TheDatabase,
    ) -> dict[str, Any]:
        """Turn it on. The codes on paper are shown this once; all other sessions end."""
        await prove(request, form, database, self.settings)
        here = here_of(request, who)
        paper, fresh = await sessions.confirm_factor(database, here, form.code, self.settings)
        return {"paper": paper} | handed_over(request, response, fresh)

    async def paper(
        self, form: CodeForm, request: Request, who: Who, database: TheDatabase
    ) -> dict[str, Any]:
        """Ten new codes on paper; the ones before are worth nothing."""
        await prove(request, form, database, self.settings)
        return {"paper": await second_factor.renew_paper(database, who, form.code, self.settings)}

    async def factor_off(
        self,
        form: CodeForm,
        request: Request,
        response: Response,
        who: Who,
        database: TheDatabase,
    ) -> dict[str, Any]:
        """Turn it off. All other sessions end."""
        await prove(request, form, database, self.settings)
        here = here_of(request, who)
        fresh = await sessions.drop_factor(database, here, form.code, self.settings)
        return handed_over(request, response, fresh)


def here_of(request: Request, who: Staff) -> sessions.Here:
    """The session that this request comes with."""
    caller = sessions.Caller(caller_address(request), device_in(request))
    return sessions.Here(who, request.cookies[SESSION_COOKIE], caller)
