"""Where is my complaint: number and code, then standing, evidence, withdrawal."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from services.intake.domain.attachment import MOST_BYTES, MOST_FILES
from services.intake.domain.errors import NoFileError
from services.intake.domain.scanning import Scan
from services.intake.pages.beside import SEEN, beside, seen_in
from services.intake.pages.draft import text_in
from services.intake.pages.opened import HERE, leave, open_here, opened_here
from services.intake.pages.steps import STEPS, Shown, shown_steps
from services.intake.ports import Means
from services.intake.tables import AttachmentRow, ComplaintRow
from services.intake.use_cases import evidence, looking_up, withdrawing
from services.intake.use_cases.answers import failed_for, refused_for
from services.intake.use_cases.files import name_of, refuse_without_room, store_all
from services.intake.use_cases.sealing import opened
from shared.clock import local_day
from shared.kernel import RuleError
from shared.web import (
    CheckedForm,
    TheDatabase,
    body_limit,
    guessing,
    log_ids,
    page,
    public,
    see_other,
    wrongs,
)
from shared.web.ahead import AheadOfBody, ahead
from shared.web.forms import uploads
from shared.web.incoming import announced
from shared.web.requests import language_of
from shared.web.statuses import status_of
from shared.work import Database

UPLOAD_BYTES = MOST_FILES * MOST_BYTES + 2**21


class Following:
    """The pages for whoever complained."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self.router = APIRouter(include_in_schema=False, dependencies=[public()])
        add = self.router.add_api_route
        add(HERE, self.get_status, methods=["GET"])
        add(HERE, self.post_status, methods=["POST"], dependencies=[guessing()])
        add(f"{HERE}/leave", self.post_leave, methods=["POST"])
        add(
            f"{HERE}/evidence",
            self.post_evidence,
            methods=["POST"],
            dependencies=[body_limit(UPLOAD_BYTES), ahead(self._may_add)],
            route_class_override=AheadOfBody,
        )
        add(f"{HERE}/withdraw", self.get_withdraw, methods=["GET"])
        add(f"{HERE}/withdraw", self.post_withdraw, methods=["POST"])

    async def get_status(self, request: Request, database: TheDatabase) -> Response:
        """Where it stands, for whoever has shown number and code; else the two fields."""
        row = await opened_here(request, database)
        if row is None:
            return page(request, "intake/find.html", typed={}, wrong={})
        return await self._show(request, database, row, {})

    async def post_status(
        self, request: Request, form: CheckedForm, database: TheDatabase
    ) -> Response:
        """Number and code, by POST; from then on a short sealed cookie."""
        number, code = text_in(form, "number"), text_in(form, "query_code")
        try:
            async with database.reading() as session:
                row = await looking_up.with_code(session, database.vault, number, code)
        except RuleError as error:
            wrong = wrongs(request, error)
            return page(request, "intake/find.html", 404, typed={"number": number}, wrong=wrong)
        log_ids(request, complaint_id=row.id)
        response = see_other(HERE)
        open_here(request, response, row)
        return response

    async def post_leave(self, request: Request, form: CheckedForm) -> Response:
        """Look no longer: on a borrowed computer."""
        response = see_other(HERE)
        leave(request, response)
        return response

    async def post_evidence(
        self, request: Request, form: CheckedForm, database: TheDatabase
    ) -> Response:
        """More evidence; all of the files or none."""
        row = await opened_here(request, database)
        if row is None:
            return see_other(HERE)
        try:
            await self._attach(database, row, form)
        except RuleError as error:
            wrong = wrongs(request, error)
            return await self._show(request, database, row, wrong, status_of(error))
        return see_other(f"{HERE}#evidence")

    async def get_withdraw(self, request: Request, database: TheDatabase) -> Response:
        """Ask once more before it is taken back."""
        row = await opened_here(request, database)
        if row is None:
            return see_other(HERE)
        return page(request, "intake/withdraw.html", number=row.number, demo=row.demo)

    async def post_withdraw(
        self, request: Request, form: CheckedForm, database: TheDatabase
    ) -> Response:
        """Take it back."""
        row = await opened_here(request, database)
        if row is not None:
            async with database.work() as work:
                await withdrawing.withdraw(work, row.id)
        return see_other(HERE)

    async def _may_add(self, request: Request) -> Response | None:
        """Before files are read: whether this browser has a complaint open, and room for them."""
        database = request.app.state.database
        row = await opened_here(request, database)
        if row is None:
            return see_other(HERE)
        try:
            await refuse_without_room(self._means.storage, announced(request))
        except RuleError as error:
            wrong = wrongs(request, error)
            return await self._show(request, database, row, wrong, status_of(error))
        return None

    async def _attach(self, database: Database, row: ComplaintRow, form: FormData) -> None:
        chosen = uploads(form, "files")
        if not chosen:
            raise NoFileError("还没有选择文件。", pointer="/files")
        stored = await store_all(self._means.storage, database.vault, row.id, chosen)
        seen = seen_in(text_in(form, SEEN), self._means.bodies.of(row.body))
        by = evidence.By(notice=seen)
        await evidence.add(database, self._means.storage, row.id, stored, by)

    async def _show(
        self,
        request: Request,
        database: Database,
        row: ComplaintRow,
        wrong: dict[str, str],
        status: int = 200,
    ) -> Response:
        async with database.reading() as session:
            found = await looking_up.where_it_stands(session, row)
            files = await looking_up.files_of(session, row.id)
        respondent = opened(row.respondent, row.id, database.vault) or {}
        words = opened(row.words, row.id, database.vault) or {}
        body = self._means.bodies.of(row.body)
        context: dict[str, Any] = {
            "number": row.number,
            "kind": row.kind,
            "subject": words.get("subject"),
            "respondent": respondent.get("name"),
            "received_at": row.received_at,
            "standing": found,
            "refused_for": refused_for(found.refused_for, language_of(request)),
            "failed_for": failed_for(found.failed_for, language_of(request)),
            "steps": shown_steps(found, row.received_at, row.withdrawn_at),
            "files": [shown_file(one, database) for one in files],
            "today": local_day(database.clock()),
            "body": body,
            "names": STEPS,
            "wrong": wrong,
            "demo": row.demo,
        }
        context |= beside(body, request, database)
        return page(request, "intake/status.html", status, **context)


def shown_file(file: AttachmentRow, database: Database) -> Shown:
    return Shown(name_of(file, database.vault), file.size, file.scan == Scan.INFECTED)
