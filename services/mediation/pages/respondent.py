"""What a respondent sees of the case they were invited to."""

from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Request
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from services.mediation.domain.case import State
from services.mediation.pages.words import text_in, words_for
from services.mediation.ports import Intake, Record
from services.mediation.tables import CaseRow, ForwardingRow, StaffRow
from services.mediation.use_cases.explaining import clocks_of
from services.mediation.use_cases.inviting import enter, opened
from services.mediation.use_cases.masking import Part, masked_record
from services.mediation.use_cases.viewing import corrected, pack_of
from services.mediation.use_cases.words import copy_in, record_of, waiting_changes
from shared import web
from shared.bodies import Bodies
from shared.clock import local_day
from shared.kernel import RuleError
from shared.net import Unanswered
from shared.terms import Claim, label_of
from shared.web import CheckedForm, OpenRead, TheDatabase
from shared.web.requests import language_of
from shared.web.statuses import status_of
from shared.work import Database

HERE = "/mediation/respondent"
ENTERED = "respondent"
OPEN_SECONDS = 1800
OWN = frozenset({Part.RESPONDENT.value})
"""A respondent sees their own phone; nobody else's."""


@dataclass(frozen=True)
class RespondentPages:
    """The pages of whoever is complained of; open to all, shown only to who has link and code."""

    intake: Intake
    bodies: Bodies

    def router(self) -> APIRouter:
        """The routes, each with its guard."""
        made = APIRouter(include_in_schema=False, dependencies=[web.public()])
        made.add_api_route(HERE, self.show, methods=["GET"])
        made.add_api_route(HERE + "/leave", self.leave, methods=["POST"])
        made.add_api_route(HERE + "/{key}", self.ask, methods=["GET"])
        guessing = [web.guessing()]
        made.add_api_route(HERE + "/{key}", self.enter, methods=["POST"], dependencies=guessing)
        return made

    async def ask(self, key: str, request: Request) -> Response:
        """The code is asked for; whether there is such an invitation is not said."""
        return web.page(request, "mediation/respondent_code.html", key=key[:40])

    async def enter(
        self, key: str, request: Request, form: CheckedForm, database: TheDatabase
    ) -> Response:
        """Link and code; from then on a short sealed cookie."""
        try:
            row = await enter(database, key, text_in(form, "code") or "")
        except RuleError as error:
            wrong, status = web.wrongs(request, error), status_of(error)
            context = {"key": key[:40], "wrong": wrong}
            return web.page(request, "mediation/respondent_code.html", status, **context)
        response = web.see_other(HERE)
        web.remember(request, response, ENTERED, {"id": str(row.id)}, max_age=OPEN_SECONDS)
        return response

    async def leave(self, request: Request, form: CheckedForm) -> Response:
        """Look no longer: on a borrowed computer."""
        response = web.see_other("/")
        web.forget(request, response, ENTERED)
        return response

    async def show(self, request: Request, database: TheDatabase, session: OpenRead) -> Response:
        """What is complained of, what is asked for, by when an answer is due."""
        known = web.recall(request, ENTERED)
        now = database.clock()
        found = await opened(session, UUID(known["id"]), now) if known else None
        if found is None:
            return web.page(request, "mediation/respondent_code.html", key=None)
        _, case = found
        web.log_ids(request, complaint_id=case.complaint_id)
        record = masked_record(await self.record_of(case, database, session), OWN)
        forwarding, mediator = await last_forwarding(session, case)
        clocks = clocks_of(pack_of(case), State(case.state), case.clocks)
        language = language_of(request)
        context = {
            "case": case,
            "record": record,
            "forwarding": forwarding,
            "mediator": mediator,
            "clock": next((one for one in clocks if one["clock"] == "reply"), None),
            "today": local_day(now),
            "body": self.bodies.of(case.body),
            "claim_label": lambda code: label_of(Claim, code, language),
            **words_for(request),
        }
        return web.page(request, "mediation/respondent.html", demo=case.demo, **context)

    async def record_of(self, case: CaseRow, database: Database, session: AsyncSession) -> Record:
        """The record, corrections on it; our own copy while intake is away."""
        copy = await copy_in(session, database.vault, case.id)
        own = record_of(case.complaint_id, copy)
        try:
            found = await self.intake.words([case.complaint_id])
        except Unanswered:
            found = {}
        changes = await waiting_changes(session, database.vault, case.id)
        return corrected(found.get(case.complaint_id, own), changes)


async def last_forwarding(
    session: AsyncSession, case: CaseRow
) -> tuple[ForwardingRow | None, StaffRow | None]:
    """The newest forwarding of a case, and who mediates."""
    statement = (
        select(ForwardingRow, StaffRow)
        .outerjoin(StaffRow, StaffRow.id == ForwardingRow.mediator)
        .where(ForwardingRow.case_id == case.id)
        .order_by(ForwardingRow.serial.desc())
        .limit(1)
    )
    found = (await session.execute(statement)).one_or_none()
    return (found[0], found[1]) if found else (None, None)
