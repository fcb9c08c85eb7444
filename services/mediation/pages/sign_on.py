"""Logging in by way of another system: there, and back."""

from dataclasses import asdict, dataclass

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.mediation.pages.door import halfway, inside, login_in
from services.mediation.pages.words import START
from services.mediation.ports import IdentityProvider
from services.mediation.settings import MediationSettings
from services.mediation.use_cases import oidc, sessions
from services.mediation.use_cases.people.last import LastAdministratorError
from shared import web
from shared.kernel import RuleError
from shared.net import Unanswered
from shared.web import TheDatabase
from shared.web.requests import options_of
from shared.web.statuses import status_of

ADDRESS = "/mediation/login/oidc"
ASKED = "asked"
TEN_MINUTES = 600


@dataclass(frozen=True)
class SignOnPages:
    """The way to the provider and back."""

    provider: IdentityProvider
    settings: MediationSettings

    def router(self) -> APIRouter:
        """Both routes, each with its guard."""
        door = [web.public(), web.guessing()]
        made = APIRouter(include_in_schema=False, dependencies=door)
        made.add_api_route(ADDRESS, self.leave, methods=["GET"])
        made.add_api_route(f"{ADDRESS}/back", self.back, methods=["GET"])
        return made

    async def leave(
        self,
        request: Request,
        database: TheDatabase,
        next: str | None = None,
        again: bool = False,  # noqa: FBT001, FBT002 - a parameter of the address
    ) -> Response:
        """On to the provider, with a question that is kept until the answer comes.

        `again`: the person shows the provider anew who they are, for something important.
        """
        onward = web.safe_next(next, START)
        since = database.clock().timestamp() if again else None
        try:
            question, address = await oidc.ask(self.provider, self.settings, here(request), since)
        except Unanswered:
            return self.wrong(request, away(), 503)
        response = RedirectResponse(address, 303)
        kept = asdict(question) | {"next": onward if len(onward) < len(START) + 500 else START}
        web.remember(request, response, ASKED, kept, max_age=TEN_MINUTES)
        return response

    async def back(
        self,
        request: Request,
        database: TheDatabase,
        state: str = "",
        code: str = "",
        iss: str | None = None,
    ) -> Response:
        """Back from the provider; each question is answered once.

        Where the provider took what an account held, its open sessions end here at once.
        """
        kept = web.recall(request, ASKED)
        if kept is None:
            return web.see_other("/mediation/login")
        onward = web.safe_next(kept.pop("next"), START)
        came = (oidc.Back(state, code, iss), here(request))
        typed = login_in(request, {}, name="")
        try:
            question = oidc.Question(**kept)
            proof, name = await oidc.arrive(database, self.provider, self.settings, question, came)
            if proof.needs_code:
                response = halfway(request, proof, name, onward)
            else:
                session = await sessions.finish(database, proof, typed, self.settings)
                response = inside(request, session, onward)
        except RuleError as error:
            if isinstance(error, (oidc.NoRoleHereError, LastAdministratorError)):
                options_of(request).sessions.forget_all()
            response = self.wrong(request, error, status_of(error))
        except Unanswered:
            response = self.wrong(request, away(), 503)
        web.forget(request, response, ASKED)
        return response

    def wrong(self, request: Request, error: RuleError, status: int) -> Response:
        """The log-in page, which says why."""
        wrong = web.wrongs(request, error)
        context = {"onward": START, "change": False, "wrong": wrong, "sign_on": self.settings}
        return web.page(request, "mediation/login.html", status, **context)


def here(request: Request) -> str:
    """The address that the provider sends people back to; it must know it beforehand."""
    return options_of(request).public_url.rstrip("/") + f"{ADDRESS}/back"


def away() -> RuleError:
    return RuleError("统一登录暂时没有应答，请稍后再试，或者用本地账号登录。")
