"""Where everybody begins: the first page that their rights open."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.mediation.pages.people.words import STAFF
from services.mediation.pages.words import HOME, START
from services.mediation.use_cases.people.listing import administrators
from shared import web
from shared.clock import local_day
from shared.rights import Action
from shared.web import TheDatabase, Who

FIRST = (
    (Action.CASE_READ, HOME),
    (Action.FIGURES_READ, "/analytics/"),
    (Action.AUDIT_READ, "/mediation/audit"),
    (Action.STAFF_READ, STAFF),
    (Action.CASE_REGISTER, "/mediation/register"),
)
"""In the order in which people need them."""


@dataclass(frozen=True)
class StartPages:
    """The way in."""

    def router(self) -> APIRouter:
        """The route, with its guard."""
        made = APIRouter(include_in_schema=False, dependencies=[web.staff()])
        made.add_api_route(START, self.start, methods=["GET"])
        return made

    async def start(self, request: Request, who: Who, database: TheDatabase) -> Response:
        """On to the first page; who has no right at all reads so, and whom to ask."""
        for action, address in FIRST:
            if who.rights.at_desk if action is Action.CASE_READ else who.rights.may(action):
                return web.see_other(address)
        async with database.reading() as session:
            today = local_day(database.clock())
            names = await administrators(session, who.body, today)
        return web.page(request, "mediation/people/nothing.html", names=names)
