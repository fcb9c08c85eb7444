"""The way back for whoever lost their query code: ask, then redeem what came by mail."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.intake.domain.query_code import grouped
from services.intake.pages.draft import text_in
from services.intake.pages.opened import HERE, open_here
from services.intake.use_cases import lost_codes
from shared.kernel import RuleError
from shared.web import (
    CheckedForm,
    TheDatabase,
    guessing,
    log_ids,
    page,
    public,
    wrongs,
)

LOST, CODE = f"{HERE}/lost", f"{HERE}/lost/code"


class Lost:
    """The pages of the way back."""

    def __init__(self) -> None:
        self.router = APIRouter(include_in_schema=False, dependencies=[public()])
        add = self.router.add_api_route
        add(LOST, self.get_lost, methods=["GET"])
        add(LOST, self.post_lost, methods=["POST"], dependencies=[guessing()])
        add(CODE, self.get_code, methods=["GET"])
        add(CODE, self.post_code, methods=["POST"], dependencies=[guessing()])

    async def get_lost(self, request: Request) -> Response:
        """Which complaint, and how we know the person."""
        return page(request, "intake/lost.html", typed={}, wrong={}, asked=False)

    async def post_lost(
        self, request: Request, form: CheckedForm, database: TheDatabase
    ) -> Response:
        """The same answer after the same work, whatever was typed."""
        async with database.work() as work:
            await lost_codes.ask(work, text_in(form, "number"), text_in(form, "contact", 200))
        return page(request, "intake/lost.html", typed={}, wrong={}, asked=True)

    async def get_code(self, request: Request) -> Response:
        """Number and one-time code."""
        return page(request, "intake/redeem.html", typed={}, wrong={})

    async def post_code(
        self, request: Request, form: CheckedForm, database: TheDatabase
    ) -> Response:
        """The new query code; the old one stops working."""
        number, code = text_in(form, "number"), text_in(form, "one_time_code")
        try:
            async with database.work() as work:
                row, renewed = await lost_codes.redeem(work, number, code)
        except RuleError as error:
            wrong, typed = wrongs(request, error), {"number": number}
            return page(request, "intake/redeem.html", 404, typed=typed, wrong=wrong)
        log_ids(request, complaint_id=row.id)
        response = page(request, "intake/renewed.html", number=row.number, code=grouped(renewed))
        open_here(request, response, row)
        return response
