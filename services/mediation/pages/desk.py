"""The desk and its ledger."""

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from services.mediation.forms import CaseQuery, cursor_of, listing_of
from services.mediation.pages.people.words import unit_choices
from services.mediation.pages.words import HOME, text_in, words_for
from services.mediation.settings import MediationSettings
from services.mediation.use_cases import desk, ledger, staff
from services.mediation.use_cases.allowing import Seen, seen_by
from services.mediation.use_cases.finding import Page, TooShortError, counted_page
from services.mediation.use_cases.searches import (
    Looked,
    SearchedTooOftenError,
    let_search,
    note_search,
)
from shared import web
from shared.acting import Staff, doers_of
from shared.bodies import Bodies
from shared.clock import local_day
from shared.rights import Action
from shared.units import Unit
from shared.web import CheckedForm, OpenRead, TheDatabase, Who
from shared.web.requests import language_of
from shared.web.searching import LONGEST, opened_search, sealed_search

MOST_TYPED = 100
Choices = list[tuple[str, str]]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class DeskQuery(CaseQuery):
    """The filters in the address of a page, where what is searched stands sealed."""

    q: str | None = Field(default=None, max_length=LONGEST)


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
        query: Annotated[DeskQuery, Query()],
        who: Who,
        database: TheDatabase,
        session: OpenRead,
    ) -> Response:
        """Open cases by what is due first, or those that a search finds.

        Raises SearchInAddressError, SearchExpiredError.
        """
        asked = opened(request, who, query)
        return await self.show_desk(request, asked, who, (database, session))

    async def search(self, request: Request, form: CheckedForm, who: Who) -> Response:
        """Lead on to cases by number, phone, name or words, none of which stands in the address.

        The unit that was chosen stays so.
        """
        typed, unit = (text_in(form, "q") or "")[:MOST_TYPED], text_in(form, "unit")
        asked = {"q": sealed_search(request, who.id, typed)} if typed.strip() else {}
        asked |= {"unit": unit} if unit else {}
        return web.see_other(f"{HOME}?{urlencode(asked)}" if asked else HOME)

    async def show_desk(
        self, request: Request, query: CaseQuery, who: Staff, reading: tuple[Any, Any]
    ) -> Response:
        database, session = reading
        listing, today = listing_of(self.bodies), local_day(database.clock())
        seen = await seen_by(database, who)
        filters = query.filters(listing, seen)
        page, total, wrong = await searched(request, filters, query, who, reading)
        if not wrong:
            note_search(database, who, Looked(filters.q, "desk"), page, total)
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
            "units": self.units(listing.within(seen, None), seen),
            "unit_names": {one.id: one.name for one in seen.tree.units},
            **words_for(request),
        }
        return web.page(request, "mediation/desk.html", **context)

    def units(self, bodies: tuple[str, ...], seen: Seen) -> list[tuple[str, Choices]]:
        """The units within reach to choose from, under the name of their body."""
        found = ((code, unit_choices(units_within(seen, code))) for code in bodies)
        names = {one.code: one.short for one in self.bodies.known}
        return [(names.get(code, code), choices) for code, choices in found if choices]

    async def ledger(
        self,
        request: Request,
        query: Annotated[DeskQuery, Query()],
        who: Who,
        database: TheDatabase,
    ) -> Response:
        """The list as an Excel file. Raises SearchInAddressError, SearchExpiredError."""
        asked = opened(request, who, query)
        seen = await seen_by(database, who, Action.CASE_EXPORT)
        filters = asked.filters(listing_of(self.bodies), seen)
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


def units_within(seen: Seen, body: str) -> list[Unit]:
    """The units of a body whose cases somebody sees as the unit's, parents first."""
    units = seen.tree.of(body)
    if seen.reach.whole(body):
        return units
    reached = seen.tree.reached(seen.reach, body)
    return [one for one in units if one.id in reached]


def opened(request: Request, who: Staff, query: DeskQuery) -> CaseQuery:
    """The filters, with what is searched as it was typed.

    Raises SearchInAddressError, SearchExpiredError.
    """
    return query.model_copy(update={"q": opened_search(request, who.id, query.q)})


async def searched(
    request: Request,
    filters: desk.Filters,
    query: CaseQuery,
    who: Staff,
    reading: tuple[Any, Any],
) -> tuple[Page, desk.Count, dict[str, str]]:
    """A page, how many there are in all, and what is wrong with what was searched, if so."""
    database, session = reading
    after = query.after()
    try:
        let_search(database, who, filters.q)
        page, total = await counted_page(session, database.vault, filters, after, desk.PAGE)
    except (TooShortError, SearchedTooOftenError) as error:
        (sentence,) = web.wrongs(request, error).values()
        return Page([], None), desk.Count(0, more=False), {"q": sentence}
    return page, total, {}
