"""Who acts for me while I am away: everybody arranges that for themselves."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.datastructures import FormData
from starlette.responses import Response

from services.mediation.pages.door import PROOF, typed_again
from services.mediation.pages.people.units import status_for
from services.mediation.pages.people.words import done, told
from services.mediation.settings import MediationSettings
from services.mediation.use_cases import sessions
from services.mediation.use_cases.people import standing_in
from services.mediation.use_cases.people.doing import by_of
from services.mediation.use_cases.people.forms import StandInForm
from services.mediation.use_cases.people.standing_in import WishedStandIn
from services.mediation.use_cases.staff import colleagues, displays
from shared import web
from shared.acting import Staff
from shared.clock import local_day
from shared.kernel import RuleError
from shared.web import CheckedForm, TheDatabase, Who
from shared.web.requests import SESSION_COOKIE, options_of

MINE = "/mediation/me/stand-in"


@dataclass(frozen=True)
class StandInPages:
    """My page of stand-ins."""

    settings: MediationSettings

    def router(self) -> APIRouter:
        """The routes, each with its guard."""
        made = APIRouter(include_in_schema=False, dependencies=[web.staff()])
        made.add_api_route(MINE, self.look, methods=["GET"])
        guess = [web.guessing()]
        made.add_api_route(MINE, self.arrange, methods=["POST"], dependencies=guess)
        made.add_api_route(MINE + "/{stand_in_id}/end", self.end, methods=["POST"])
        return made

    async def look(self, request: Request, who: Who, database: TheDatabase) -> Response:
        """Who acts for me, and for whom I act."""
        return await self.show(request, who, database)

    async def show(
        self, request: Request, who: Staff, database: TheDatabase, **context: Any
    ) -> Response:
        now, cookie = database.clock(), request.cookies[SESSION_COOKIE]
        async with database.reading() as session:
            found = await standing_in.arranged(session, who.id, local_day(now))
            proving = await sessions.proving(session, cookie, now)
            others = await colleagues(session, who.body)
            people = {one for row in found for one in (row.absent, row.stand_in)}
            names = await displays(session, people)
        usual = {
            "found": found,
            "names": names,
            "colleagues": [(one.id, one.display) for one in others if one.id != who.id],
            "proving": proving.value,
            "said": told(request),
        }
        status = context.pop("status", 200)
        return web.page(request, "mediation/people/stand_in.html", status, **(usual | context))

    async def arrange(
        self, request: Request, form: CheckedForm, who: Who, database: TheDatabase
    ) -> Response:
        """Let a colleague act for me."""
        try:
            wished = wished_in(form, who.id)
            await prove(request, form, database, self.settings)
            async with database.work() as work:
                await standing_in.arrange(work, wished, by_of(who))
        except (RuleError, ValidationError) as error:
            wrong = {
                "typed": form,
                "wrong": web.wrongs(request, error),
                "status": status_for(error),
            }
            return await self.show(request, who, database, **wrong)
        options_of(request).sessions.forget_all()
        return done(MINE, "arranged")

    async def end(
        self,
        stand_in_id: UUID,
        request: Request,
        form: CheckedForm,
        who: Who,
        database: TheDatabase,
    ) -> Response:
        """I am back, or do not act for them any more."""
        async with database.work() as work:
            await standing_in.end(work, stand_in_id, by_of(who))
        options_of(request).sessions.forget_all()
        return done(MINE, "back")


def wished_in(form: FormData, absent: UUID) -> WishedStandIn:
    """What a form wants for whom its page is about. Raises ValidationError."""
    typed = {name: said for name, said in web.nested(form).items() if name != PROOF}
    return StandInForm.model_validate(typed).wished(absent)._replace(absent=absent)


async def prove(
    request: Request, form: FormData, database: TheDatabase, settings: MediationSettings
) -> None:
    """A stolen session lends nobody's rights. Raises what `sessions.prove_again` raises."""
    typed, cookie = typed_again(request, form), request.cookies[SESSION_COOKIE]
    await sessions.prove_again(database, cookie, typed, settings)
