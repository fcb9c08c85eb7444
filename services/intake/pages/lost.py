"""The way back for whoever lost their query code: ask, then redeem what came by mail."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.intake.domain.query_code import grouped
from services.intake.pages.beside import SEEN, beside, seen_in
from services.intake.pages.draft import text_in
from services.intake.pages.opened import HERE, open_here
from services.intake.ports import Means
from services.intake.use_cases import lost_codes
from shared.i18n import N_, translated
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
from shared.web.requests import language_of

LOST, CODE = f"{HERE}/lost", f"{HERE}/lost/code"


NEEDED = {"number": N_("请填写投诉编号。"), "contact": N_("请填写投诉时留的电话或者电子邮箱。")}


def missing(request: Request, number: str, contact: str) -> dict[str, str]:
    """What was left empty, by field; of what was typed nothing is told."""
    typed, language = {"number": number, "contact": contact}, language_of(request)
    return {
        name: translated(words, language)
        for name, words in NEEDED.items()
        if not typed[name].strip()
    }


class Lost:
    """The pages of the way back."""

    def __init__(self, means: Means) -> None:
        self._bodies = means.bodies
        self.router = APIRouter(include_in_schema=False, dependencies=[public()])
        add = self.router.add_api_route
        add(LOST, self.get_lost, methods=["GET"])
        add(LOST, self.post_lost, methods=["POST"], dependencies=[guessing()])
        add(CODE, self.get_code, methods=["GET"])
        add(CODE, self.post_code, methods=["POST"], dependencies=[guessing()])

    async def get_lost(self, request: Request, database: TheDatabase) -> Response:
        """Which complaint, and how we know the person; beside it the notice of our own body.

        Whose complaint it is nobody knows here, and a page that knew would tell it to strangers.
        """
        notice = beside(self._bodies.default, request, database)
        return page(request, "intake/lost.html", typed={}, wrong={}, asked=False, **notice)

    async def post_lost(
        self, request: Request, form: CheckedForm, database: TheDatabase
    ) -> Response:
        """The same answer after the same work, whatever was typed; but both must be."""
        typed = text_in(form, "number"), text_in(form, "contact", 200)
        if wrong := missing(request, *typed):
            notice = beside(self._bodies.default, request, database)
            kept = {"number": typed[0], "contact": typed[1]}
            return page(
                request, "intake/lost.html", 422, typed=kept, wrong=wrong, asked=False, **notice
            )
        seen = seen_in(text_in(form, SEEN), self._bodies.default)
        async with database.work() as work:
            await lost_codes.ask(work, lost_codes.Asked(*typed, seen))
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
