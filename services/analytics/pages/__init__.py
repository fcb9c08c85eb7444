"""The dashboard, and the tables behind it to keep."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from services.analytics import answering
from services.analytics.asking import TableQuery
from services.analytics.following import Following
from services.analytics.labels import Names
from services.analytics.pages.drawing import Drawing
from services.analytics.pages.filtering import read_filters
from services.analytics.use_cases import Asked, figures, overview
from shared import web
from shared.bodies import Bodies
from shared.clock import local_day
from shared.i18n import speaking
from shared.rights import Action
from shared.web import TheDatabase, Who
from shared.web.requests import language_of

HOME = "/analytics/"


@dataclass(frozen=True)
class Pages:
    """What staff see of the figures."""

    following: Following
    bodies: Bodies

    def router(self) -> APIRouter:
        """The dashboard and its tables, for staff."""
        made = APIRouter(include_in_schema=False, dependencies=[web.staff(Action.FIGURES_READ)])
        made.add_api_route(HOME, self.dashboard, methods=["GET"])
        made.add_api_route("/analytics/figures.csv", self.table, methods=["GET"])
        return made

    async def dashboard(
        self,
        request: Request,
        who: Who,
        database: TheDatabase,
    ) -> Response:
        """How many complaints came in, how far they got, what is late."""
        asking = read_filters(request, who)
        query = asking.query
        today = local_day(database.clock())
        shown = await overview(self.following.store, query.filters(who), query.grain, today)
        called = Names(self.bodies, await self.following.store.units())
        with speaking(language_of(request)):
            drawing = Drawing(shown, called)
            context: dict[str, Any] = {
                "shown": shown,
                "drawing": drawing,
                "query": query,
                "asking": asking,
                "fresh": await answering.freshness(self.following),
                "demo": shown.demo,
            }
            status = 422 if asking.wrong else 200
            return web.page(request, "analytics/dashboard.html", status, **context)

    async def table(
        self,
        request: Request,
        query: Annotated[TableQuery, Query()],
        who: Who,
        database: TheDatabase,
    ) -> Response:
        """The table behind a chart, as CSV."""
        asked = Asked(query.measure, query.by, query.filters(who))
        found = await figures(self.following.store, asked, local_day(database.clock()))
        called = Names(self.bodies, await self.following.store.units())
        with speaking(language_of(request)):
            return answering.csv_response(asked, found, called)
