"""The letters about a complaint; where the body wants it, behind a second code."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.intake.pages.draft import text_in
from services.intake.pages.opened import HERE, LETTERS, letters_open, open_here, opened_here
from services.intake.ports import Means
from services.intake.tables import ComplaintRow
from services.intake.use_cases import letters, letters_codes
from shared.kernel import RuleError
from shared.web import (
    CheckedForm,
    TheDatabase,
    guessing,
    page,
    public,
    see_other,
    wrongs,
)
from shared.web.statuses import status_of
from shared.work import Database

LIST, CODE = f"{HERE}/letters", f"{HERE}/letters/code"
SENT, HAVE_ONE = f"{LIST}?sent=true", f"{LIST}?ready=true"
"""The field for a code: after one was asked for, and for who has one already."""


class Letters:
    """The list, the second code, and one letter."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self.router = APIRouter(include_in_schema=False, dependencies=[public()])
        add = self.router.add_api_route
        add(LIST, self.get_letters, methods=["GET"])
        add(LIST, self.post_letters, methods=["POST"], dependencies=[guessing()])
        add(CODE, self.post_code, methods=["POST"], dependencies=[guessing()])
        add(LIST + "/{letter_id}.pdf", self.get_letter, methods=["GET"])

    async def get_letters(
        self, request: Request, database: TheDatabase, *, sent: bool = False, ready: bool = False
    ) -> Response:
        """The letters, or what opens them."""
        row = await opened_here(request, database)
        if row is None:
            return see_other(HERE)
        if self._closed(request, row):
            return await self._ask(request, database, row, sent=sent, ready=ready)
        found = await self._means.office.letters(row.id)
        return page(request, "intake/letters.html", **self._of(row), letters=found)

    async def post_code(
        self, request: Request, form: CheckedForm, database: TheDatabase
    ) -> Response:
        """Have a code sent; the same answer whether one goes out or enough did."""
        row = await opened_here(request, database)
        if row is None:
            return see_other(HERE)
        if not self._closed(request, row):
            return see_other(LIST)
        await letters.ask_for_code(database, self._means.office, row)
        return see_other(SENT)

    async def post_letters(
        self, request: Request, form: CheckedForm, database: TheDatabase
    ) -> Response:
        """Use the code that came; then the letters stay open for a while."""
        row = await opened_here(request, database)
        if row is None:
            return see_other(HERE)
        response = see_other(LIST)
        if self._closed(request, row):
            try:
                await letters_codes.redeem(database, row.id, text_in(form, "letters_code"))
            except RuleError as error:
                wrong, status = wrongs(request, error), status_of(error)
                return await self._ask(request, database, row, status, ready=True, wrong=wrong)
            open_here(request, response, row, LETTERS)
        return response

    async def get_letter(
        self, request: Request, letter_id: UUID, database: TheDatabase
    ) -> Response:
        """One letter, to be saved. Raises NoSuchLetterError."""
        row = await opened_here(request, database)
        if row is None or self._closed(request, row):
            return see_other(LIST if row else HERE)
        content = await letters.open_letter(database, self._means.office, row, letter_id)
        return as_pdf(content, letter_id)

    def _closed(self, request: Request, row: ComplaintRow) -> bool:
        """Whether a second code is asked for, and was not used yet."""
        return letters.needs_code(self._means.bodies, row) and not letters_open(request, row)

    async def _ask(  # noqa: PLR0913 - what was asked, and what to say of it
        self,
        request: Request,
        database: Database,
        row: ComplaintRow,
        status: int = 200,
        *,
        sent: bool = False,
        ready: bool = False,
        wrong: dict[str, str] | None = None,
    ) -> Response:
        """The page that asks for the code, or says which way is left."""
        to = await letters.where_to(database, self._means.office, row)
        context = self._of(row) | {
            "to": to.masked if to else None,
            "by": to.by if to else None,
            "sent": sent,
            "ready": ready or sent,
            "have_one": HAVE_ONE,
            "wrong": wrong or {},
        }
        return page(request, "intake/letters_code.html", status, **context)

    def _of(self, row: ComplaintRow) -> dict[str, Any]:
        return {
            "number": row.number,
            "demo": row.demo,
            "body": self._means.bodies.of(row.body),
            "kinds": letters.KINDS,
        }


def as_pdf(content: bytes, letter_id: UUID) -> Response:
    """A letter that the browser saves and nobody keeps on the way."""
    headers = {
        "Content-Disposition": f'attachment; filename="{letter_id}.pdf"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return Response(content, headers=headers, media_type="application/pdf")
