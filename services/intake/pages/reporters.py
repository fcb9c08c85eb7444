"""The page on which a privacy officer looks at who reported (举报人)."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.intake.domain.errors import ReasonMissingError
from services.intake.tables import ComplaintRow
from services.intake.use_cases.looking_up import seen_by_number
from services.intake.use_cases.reporters import open_reporter
from shared.acting import Caller, Staff
from shared.rights import Action
from shared.trail import Doer
from shared.units import NO_UNITS, sight_of
from shared.web import CheckedForm, TheDatabase, Who, log_ids, page, staff, wrongs
from shared.web.statuses import status_of
from shared.work import Database

TEMPLATE = "intake/reporter.html"


class Reporters:
    """Asked by number; the reason is asked in place, each time."""

    def __init__(self) -> None:
        self.router = APIRouter(include_in_schema=False, dependencies=[staff(Action.REPORTER_OPEN)])
        add = self.router.add_api_route
        add("/intake/reporters/{number}", self.get_reporter, methods=["GET"])
        add("/intake/reporters/{number}", self.post_reporter, methods=["POST"])

    async def get_reporter(
        self, request: Request, number: str, who: Who, database: TheDatabase
    ) -> Response:
        """Ask why."""
        row = await self._report(database, number, who)
        return page(request, TEMPLATE, **shown(row.number))

    async def post_reporter(
        self, request: Request, number: str, form: CheckedForm, who: Who, database: TheDatabase
    ) -> Response:
        """Show who reported, once it is noted who looked and why."""
        row = await self._report(database, number, who)
        log_ids(request, complaint_id=row.id)
        given = form.get("reason")
        reason = given if isinstance(given, str) else ""
        try:
            async with database.work() as work:
                found = await open_reporter(work, row.id, reason, Caller(Doer.of(who), who.rights))
        except ReasonMissingError as error:
            wrong = wrongs(request, error)
            return page(request, TEMPLATE, status_of(error), **shown(row.number, wrong=wrong))
        return page(request, TEMPLATE, **shown(row.number, identity=found))

    async def _report(self, database: Database, number: str, who: Staff) -> ComplaintRow:
        async with database.reading() as session:
            sees = sight_of(who.rights, Action.REPORTER_OPEN, NO_UNITS)
            return await seen_by_number(session, number, sees)


def shown(number: str, **others: Any) -> dict[str, Any]:
    """What the page needs."""
    return {"number": number, "identity": None, "typed": {}, "wrong": {}} | others
