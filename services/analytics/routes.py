"""Figures as JSON, or as CSV for those who ask for it."""

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from services.analytics import answering
from services.analytics.asking import FigureQuery
from services.analytics.following import Following
from services.analytics.labels import Names
from services.analytics.use_cases import Asked, figures
from shared import web
from shared.bodies import Bodies
from shared.clock import local_day
from shared.i18n import speaking
from shared.rights import Action
from shared.web import TheDatabase, Who
from shared.web.requests import language_of


@dataclass(frozen=True)
class FigureApi:
    """The JSON interface."""

    following: Following
    bodies: Bodies

    def router(self) -> APIRouter:
        """`GET /analytics/api/v1/figures`, for staff and tokens."""
        made = APIRouter(
            prefix="/analytics/api/v1",
            tags=["figures"],
            dependencies=[web.staff_or_token(Action.FIGURES_READ)],
        )
        made.add_api_route(
            "/figures",
            self.figures,
            methods=["GET"],
            dependencies=[web.only(FigureQuery)],
            response_model=answering.Figure,
            responses={200: {"content": {answering.CSV: {"schema": {"type": "string"}}}}},
        )
        return made

    async def figures(
        self,
        request: Request,
        query: Annotated[FigureQuery, Query()],
        who: Who,
        database: TheDatabase,
    ) -> Response | answering.Figure:
        """One figure: in all, and told apart by a dimension. `Accept: text/csv` gives a table."""
        today = local_day(database.clock())
        asked = Asked([query.measure], query.by, query.filters(who))
        found = await figures(self.following.store, asked, today)
        called = Names(self.bodies, await self.following.store.units())
        with speaking(language_of(request)):
            if wants_csv(request):
                return answering.csv_response(asked, found, called)
            total = await figures(self.following.store, replace(asked, by=None), today)
            fresh = await answering.freshness(self.following)
            return answering.figure(asked, total, found, fresh, called)


def wants_csv(request: Request) -> bool:
    """Whether the reader names CSV and no JSON before it."""
    wanted = [one.partition(";")[0].strip() for one in request.headers.get("accept", "").split(",")]
    first = [one for one in wanted if one in (answering.CSV, "application/json")]
    return first[:1] == [answering.CSV]
