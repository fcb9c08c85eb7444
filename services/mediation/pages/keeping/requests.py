"""What a person asks for: taken down, looked at, decided, and the copy fetched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from services.mediation.domain.keeping.staying import Remains, Stays
from services.mediation.pages.keeping.within import HERE, bodies_of, officer_of
from services.mediation.pages.words import text_in
from services.mediation.ports import Privacy
from services.mediation.tables import CaseRow
from services.mediation.use_cases.privacy import attempts, deciding, giving, persons, requests
from services.mediation.use_cases.privacy.erasures import carried_out, why_stays
from services.mediation.use_cases.privacy.errors import SubjectNeededError
from services.mediation.use_cases.privacy.requests import COPY, ERASURE, MAKING, Subject
from services.mediation.use_cases.staff import displays
from shared import web
from shared.acting import Staff, doers_of
from shared.bodies import Bodies
from shared.clock import local_day
from shared.i18n import Language
from shared.kernel import ForbiddenError, RuleError, UnknownError
from shared.net import Unanswered
from shared.rights import Action
from shared.terms import label_of
from shared.text import normal_number
from shared.trail.searches import Outcome, searches_of
from shared.web import CheckedForm, OpenRead, TheDatabase, Who
from shared.web.requests import language_of
from shared.web.statuses import status_of
from shared.work import Database

NEW, ONE = "mediation/keeping/request_new.html", "mediation/keeping/request.html"
AWAY = 503
CHOICES = {"true": True, "false": False}
"""What the two buttons of a decision send; anything else decides nothing."""


@dataclass(frozen=True)
class RequestPages:
    """The pages of requests."""

    privacy: Privacy
    bodies: Bodies

    def router(self) -> APIRouter:
        """The routes, each with its guard."""
        guard = [web.staff(Action.PRIVACY_ANSWER)]
        made = APIRouter(include_in_schema=False, dependencies=guard, prefix=HERE)
        made.add_api_route("/requests/new", self.ask, methods=["GET"])
        made.add_api_route("/requests", self.take_down, methods=["POST"])
        made.add_api_route("/requests/{request_id}", self.show, methods=["GET"])
        made.add_api_route("/requests/{request_id}/decision", self.decide, methods=["POST"])
        made.add_api_route("/requests/{request_id}/copy.zip", self.fetch, methods=["POST"])
        return made

    async def ask(self, request: Request, who: Who) -> Response:
        """The form."""
        return web.page(request, NEW, typed={}, wrong={})

    async def take_down(
        self, request: Request, form: CheckedForm, who: Who, database: TheDatabase
    ) -> Response:
        """Find what it is about, and take it down."""
        typed = {name: text_in(form, name) or "" for name in form}
        try:
            made = await self._taken(database, who, typed)
        except RuleError as error:
            wrong, status = web.wrongs(request, error), status_of(error)
        except Unanswered:
            away = RuleError("登记服务暂时没有应答，请求还没有登记。请稍后再试。")
            wrong, status = web.wrongs(request, away), AWAY
        else:
            return web.see_other(f"{HERE}/requests/{made[0]}" if len(made) == 1 else HERE)
        return web.page(request, NEW, status, typed=typed, wrong=wrong)

    async def _taken(
        self, database: Database, who: Staff, typed: Mapping[str, str]
    ) -> Sequence[UUID]:
        names = ("name", "phone", "id_number", "checked", "said", "language")
        subject = Subject(**{name: typed.get(name, "") for name in names}).tidy()
        mine = bodies_of(who, Action.PRIVACY_ANSWER, self.bodies)
        numbers = typed.get("numbers", "")
        cases = await self._cases(database, subject, numbers, mine)
        if not numbers:
            doers = doers_of(who, Action.PRIVACY_ANSWER)
            for one in (subject.phone, subject.id_number):
                searches_of(database).add(doers, one, Outcome("request", len(cases)))
        kind = typed.get("kind", "")
        if kind not in {COPY, ERASURE}:
            raise SubjectNeededError("请选择要办什么：提供副本，还是删除。", pointer="/kind")
        async with database.work() as work:
            return await requests.take_down_each(work, kind, subject, cases, officer_of(who))

    async def _cases(
        self, database: Database, subject: Subject, numbers: str, mine: Sequence[str]
    ) -> Sequence[CaseRow]:
        """The cases that were named; else all of the person's."""
        named = [normal_number(one) or one for one in numbers.split()]
        if named:
            return await persons.cases_named_by(database, self.privacy, subject, named, mine)
        found = await persons.cases_of(database, self.privacy, subject, mine)
        return [one.case for one in found]

    async def show(
        self, request: Request, request_id: UUID, who: Who, database: TheDatabase, session: OpenRead
    ) -> Response:
        """One request: who asks, about which cases, what must stay and why, what became of it."""
        return await self._shown(request, request_id, who, (database, session))

    async def _shown(
        self,
        request: Request,
        request_id: UUID,
        who: Staff,
        reading: tuple[Database, AsyncSession],
        status: int = 200,
        **decided: Any,
    ) -> Response:
        database, session = reading
        reach = who.rights.reach(Action.PRIVACY_ANSWER)
        row = await requests.request_of(session, request_id, reach)
        cases = await requests.cases_named(session, row.cases)
        reasons = await why_stays(session, cases, local_day(database.clock()))
        doer = officer_of(who).doing(Action.PRIVACY_ANSWER, row.body)
        language = language_of(request)
        context: dict[str, Any] = {
            "one": row,
            "named": await displays(session, {row.asked_by, row.decided_by or row.asked_by}),
            "subject": requests.subject_of(database.vault, row),
            "decision": requests.decision_of(database.vault, row),
            "cases": cases,
            "becomes": {one.id: becomes(row.outcome, one, reasons, language) for one in cases},
            "gone": await carried_out(session, [one.id for one in cases]),
            "remains": [label_of(Remains, one.value, language) for one in Remains],
            "mine": not await deciding.may_decide(session, row, doer),
            "making": row.state == MAKING,
            "failures": attempts.failures_of(row),
            "fetchable": giving.is_fetchable(row, database.clock()),
            "wrong": {},
            "typed": {},
        }
        return web.page(request, ONE, status, **(context | decided))

    async def decide(
        self,
        request: Request,
        request_id: UUID,
        form: CheckedForm,
        who: Who,
        database: TheDatabase,
    ) -> Response:
        """Erase what may go, or refuse."""
        erase = CHOICES.get(text_in(form, "erase") or "")
        reason = text_in(form, "reason") or ""
        try:
            async with database.work() as work:
                await deciding.decide(work, request_id, reason, officer_of(who), erase=erase)
        except (UnknownError, ForbiddenError):
            raise
        except RuleError as error:
            decided = {"wrong": web.wrongs(request, error), "typed": {"reason": reason}}
            async with database.reading() as session:
                reading = (database, session)
                return await self._shown(
                    request, request_id, who, reading, status_of(error), **decided
                )
        return web.see_other(f"{HERE}/requests/{request_id}")

    async def fetch(
        self, request_id: UUID, form: CheckedForm, who: Who, database: TheDatabase
    ) -> Response:
        """The copy, to be saved; that it was given is noted."""
        content = await giving.fetch(database, request_id, officer_of(who))
        headers = {
            "Content-Disposition": 'attachment; filename="copy.zip"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        }
        return Response(content, headers=headers, media_type="application/zip")


def becomes(
    outcome: Mapping[str, Any],
    case: CaseRow,
    reasons: Mapping[UUID, Stays | None],
    language: Language,
) -> str:
    """Why a case stays or stayed; empty where it goes or went."""
    code = outcome.get(str(case.id))
    stay = code if isinstance(code, str) else reasons[case.id]
    known = {one.value for one in Stays}
    return label_of(Stays, stay, language) if stay in known else ""
