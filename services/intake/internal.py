"""What sister services may ask of intake, with a service token."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import to_json

from services.intake.ports import Means
from services.intake.use_cases import amending, renewing, words
from services.intake.use_cases.answers import ReceiptOut, next_of, receipt_json
from services.intake.use_cases.checking import Sender, submitted
from services.intake.use_cases.mistakes import Asked, Place, besides
from services.intake.use_cases.notices import filled, notices
from services.intake.use_cases.receiving import receive_complaints
from services.intake.use_cases.submission import RegisteredForm, StaffSaid
from shared.acting import Caller
from shared.bodies import Bodies
from shared.clock import local_day
from shared.i18n import translated
from shared.kernel import RuleError
from shared.trail import Doer
from shared.web import OpenRead, OpenWork, TheDatabase, Who, log_ids, service
from shared.web.mistakes import telling_all
from shared.web.requests import language_of, options_of

MOST_AT_ONCE = 200


class WordsAsked(BaseModel):
    """Whose words are wanted."""

    ids: list[UUID] = Field(max_length=MOST_AT_ONCE)


class AmendmentForm(BaseModel):
    """One correction: JSON pointers of the complaint and what stands there now."""

    id: UUID
    complaint_id: UUID
    changes: dict[str, Any]


class AmendmentsForm(BaseModel):
    """Corrections in their order."""

    items: list[AmendmentForm] = Field(max_length=MOST_AT_ONCE)


class CorrectionAsked(BaseModel):
    """A correction that somebody is about to make."""

    complaint_id: UUID
    changes: dict[str, Any]


class CodeAsked(BaseModel):
    """Whose query code was lost, and who of the staff saw their papers."""

    model_config = ConfigDict(extra="forbid")

    complaint_id: UUID
    staff: StaffSaid | None = None


class Internal:
    """The routes for sisters."""

    def __init__(self, means: Means) -> None:
        self._bodies = means.bodies
        self.router = APIRouter(
            prefix="/internal",
            include_in_schema=False,
            dependencies=[service()],
            route_class=telling_all(self._besides, "/complaints"),
        )
        add = self.router.add_api_route
        add("/words", self.post_words, methods=["POST"])
        add("/amendments", self.post_amendments, methods=["POST"])
        add("/amendments/check", self.post_check, methods=["POST"])
        add("/notice", self.get_notice, methods=["GET"])
        add("/query-code", self.post_query_code, methods=["POST"])
        add(
            "/complaints",
            self.post_complaint,
            methods=["POST"],
            status_code=201,
            response_model=ReceiptOut,
        )

    async def post_words(
        self, asked: WordsAsked, session: OpenRead, database: TheDatabase
    ) -> Response:
        """The words and facts of up to 200 complaints; unknown ids are left out."""
        found = await words.words_of(session, database.vault, asked.ids)
        return Response(to_json({"items": found}), media_type="application/json")

    async def post_amendments(self, form: AmendmentsForm, work: OpenWork) -> dict[str, int]:
        """Apply corrections that mediation decided; each once, however often it is sent."""
        amendments = [amending.Amendment(o.id, o.complaint_id, o.changes) for o in form.items]
        return {"applied": await amending.apply_amendments(work, amendments)}

    async def post_check(
        self, asked: CorrectionAsked, session: OpenRead, database: TheDatabase
    ) -> dict[str, Sequence[str]]:
        """Which fields of a correction would be left out, as nobody knows what their stars hide."""
        found = await amending.unclear_in(
            session, database.vault, asked.complaint_id, asked.changes
        )
        return {"unclear": found}

    async def get_notice(
        self, request: Request, database: TheDatabase, body: str = ""
    ) -> dict[str, str] | None:
        """The privacy notice in force at a body, to be read out; null: there is none."""
        where = self._bodies.of(body or None)
        found = notices().in_force(where.code, local_day(database.clock())) if where else None
        if where is None or found is None:
            return None
        language = language_of(request)
        text = filled(found.said(language), where, language)
        return {
            "version": found.version,
            "body": where.code,
            "title": text.title,
            "short": text.short,
        }

    async def post_query_code(
        self, request: Request, asked: CodeAsked, who: Who, work: OpenWork
    ) -> dict[str, str]:
        """A new query code in the place of the old one, for whoever mediation checked."""
        log_ids(request, complaint_id=asked.complaint_id)
        doer = asked.staff.doer() if asked.staff else Doer.of(who)
        return {"query_code": await renewing.renew_for(work, asked.complaint_id, doer)}

    async def _besides(
        self, request: Request, raw: Any, places: Sequence[Place]
    ) -> list[RuleError]:
        """What is wrong with a complaint besides what cannot be read of it."""
        now = request.app.state.database.clock()
        return besides(raw, places, Asked(Sender("service", trusted=True), self._bodies, now))

    async def post_complaint(  # noqa: PLR0913 - what a request brings
        self,
        request: Request,
        form: RegisteredForm,
        who: Who,
        database: TheDatabase,
        key: Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)] = None,
        *,
        dry_run: bool = False,
    ) -> Response:
        """Register what a clerk took down on the phone or at the counter; the usual checks.

        A dry run checks only, and answers 204 where nothing is wrong.
        """
        clerk = clerk_of(form)
        sender = Sender(f"service:{who.name}", trusted=True, registrar=form.registrar, staff=clerk)
        form = with_notice(form, self._bodies, database.clock())
        submission = submitted(form, sender, key, self._bodies, database.clock())
        if dry_run:
            return Response(status_code=204)
        receipt = await database.together(receive_complaints, submission)
        log_ids(request, complaint_id=receipt.id)
        following = translated(next_of(receipt.kind), language_of(request))
        status_url = options_of(request).public_url + "/intake/status"
        return JSONResponse(receipt_json(receipt, status_url, following), 201)


def clerk_of(form: RegisteredForm) -> Caller | None:
    """Who took it down; what they may do, mediation has seen to."""
    if form.staff is not None:
        return Caller(form.staff.doer())
    return Caller(Doer("staff", form.registrar)) if form.registrar else None


def with_notice(form: RegisteredForm, bodies: Bodies, now: datetime) -> RegisteredForm:
    """A clerk's entry with the version of the notice that was read out, if one was."""
    body = bodies.of(form.body)
    if not form.notice_read_out or form.privacy_notice or body is None:
        return form
    notice = notices().in_force(body.code, local_day(now))
    return form.model_copy(update={"privacy_notice": notice.version if notice else None})
