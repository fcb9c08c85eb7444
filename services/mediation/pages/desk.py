"""The desk and its ledger."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from services.mediation.pages.words import HOME, text_in, words_for
from services.mediation.settings import MediationSettings
from services.mediation.use_cases import desk, ledger, staff
from services.mediation.use_cases.allowing import doers_of, seen_by
from services.mediation.use_cases.finding import Page, TooShortError, counted_page
from services.mediation.use_cases.forms import CaseQuery, cursor_of, listing_of
from services.mediation.use_cases.searching.noting import note_search
from shared import web
from shared.bodies import Bodies
from shared.clock import local_day
from shared.rights import Action
from shared.web import CheckedForm, OpenRead, TheDatabase, Who
from shared.web.requests import language_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class DeskPages:
    """The pages of the desk."""

    bodies: Bodies
    settings: MediationSettings

    def router(self) -> APIRouter:
        """The routes, each with its guard."""
        made = APIRouter(include_in_schema=False)
        reading, exporting = [web.staff(Action.CASE_READ)], [web.staff(Action.CASE_EXPORT)]
        made.add_api_route(HOME, self.desk, methods=["GET"], dependencies=reading)
        made.add_api_route(HOME, self.search, methods=["POST"], dependencies=reading)
        ledger = "/mediation/cases.xlsx"
        made.add_api_route(ledger, self.ledger, methods=["GET"], dependencies=exporting)
        return made

    async def desk(
        self,
        request: Request,
        query: Annotated[CaseQuery, Query()],
        who: Who,
        database: TheDatabase,
        session: OpenRead,
    ) -> Response:
        """Open cases by what is due first."""
        return await self.show_desk(request, query, who, (database, session))

    async def search(
        self,
        request: Request,
        form: CheckedForm,
        who: Who,
        database: TheDatabase,
        session: OpenRead,
    ) -> Response:
        """Cases by number, phone, name or words; what was searched never stands in an address."""
        query = CaseQuery(q=(text_in(form, "q") or "")[:100], cursor=text_in(form, "cursor"))
        return await self.show_desk(request, query, who, (database, session))

    async def show_desk(
        self, request: Request, query: CaseQuery, who: web.Staff, reading: tuple[Any, Any]
    ) -> Response:
        database, session = reading
        listing, today = listing_of(self.bodies), local_day(database.clock())
        seen = await seen_by(database, who)
        filters = query.filters(listing, seen)
        page, total, wrong = await searched(request, filters, query, reading)
        note_search(database, who, filters.q, page, total)
        context = {
            "found": page.cases,
            "wrong": wrong,
            "next": cursor_of(page.on),
            "query": query,
            "today": today,
            "tabs": await desk.tabs(session, database.vault, filters, today),
            "total": total,
            "most": desk.MOST_COUNTED,
            "colleagues": await staff.colleagues(session, who.body),
            "several": len(listing.within(seen, None)) > 1,
            "bodies": self.bodies,
            **words_for(request),
        }
        return web.page(request, "mediation/desk.html", **context)

    async def ledger(
        self,
        request: Request,
        query: Annotated[CaseQuery, Query()],
        who: Who,
        database: TheDatabase,
    ) -> Response:
        """The list as an Excel file."""
        seen = await seen_by(database, who, Action.CASE_EXPORT)
        filters = query.filters(listing_of(self.bodies), seen)
        order = ledger.Order(
            filters=filters,
            language=language_of(request),
            bodies=self.bodies,
            most=self.settings.ledger_rows,
            doers=doers_of(who, Action.CASE_EXPORT, filters.bodies),
        )
        path = await ledger.write_ledger(database, order)
        name = f"ledger-{local_day(database.clock()).isoformat()}.xlsx"
        gone = BackgroundTask(path.unlink, missing_ok=True)
        return FileResponse(path, media_type=XLSX, filename=name, background=gone)


async def searched(
    request: Request, filters: desk.Filters, query: CaseQuery, reading: tuple[Any, Any]
) -> tuple[Page, desk.Count, dict[str, str]]:
    """A page, how many there are in all, and what is wrong with what was searched, if so."""
    database, session = reading
    after = query.after()
    try:
        page, total = await counted_page(session, database.vault, filters, after, desk.PAGE)
    except TooShortError as error:
        (sentence,) = web.wrongs(request, error).values()
        return Page([], None), desk.Count(0, more=False), {"q": sentence}
    return page, total, {}
