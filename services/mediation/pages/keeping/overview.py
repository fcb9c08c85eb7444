"""The page of keeping: what is due, holds, requests, periods, assessments, at one look."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from services.mediation.pages.keeping.typed import day_in, ids_in, months_in
from services.mediation.pages.keeping.within import HERE, bodies_of, officer_of, told
from services.mediation.pages.words import text_in
from services.mediation.use_cases.allowing import seen_by
from services.mediation.use_cases.cases import case_of
from services.mediation.use_cases.privacy import assessments, holds, listed, requests, retention
from services.mediation.use_cases.privacy.erasures import approve_due
from services.mediation.use_cases.privacy.errors import NoSuchThingError
from services.mediation.use_cases.privacy.lifting import lift_hold
from shared import web
from shared.acting import Staff
from shared.bodies import Bodies
from shared.clock import local_day
from shared.kernel import RuleError
from shared.rights import Action
from shared.web import CheckedForm, OpenRead, TheDatabase, Who
from shared.web.requests import language_of
from shared.web.statuses import status_of

RETENTION = [web.staff(Action.RETENTION_MANAGE)]


@dataclass(frozen=True)
class KeepingPages:
    """The overview, and what is done from it."""

    bodies: Bodies

    def router(self) -> APIRouter:
        """The routes, each with its guard."""
        made = APIRouter(include_in_schema=False, dependencies=RETENTION)
        made.add_api_route(HERE, self.show, methods=["GET"])
        made.add_api_route(HERE + "/due", self.approve, methods=["POST"])
        made.add_api_route(HERE + "/holds", self.hold, methods=["POST"])
        made.add_api_route(HERE + "/holds/{hold_id}/lift", self.lift, methods=["POST"])
        made.add_api_route(HERE + "/periods", self.period, methods=["POST"])
        return made

    async def show(
        self,
        request: Request,
        who: Who,
        database: TheDatabase,
        session: OpenRead,
        before: UUID | None = None,
    ) -> Response:
        """Everything at one look; of the holds those laid before one, if it is given."""
        today = local_day(database.clock())
        return await self._page(request, who, session, today, before=before)

    async def approve(
        self, request: Request, form: CheckedForm, who: Who, database: TheDatabase
    ) -> Response:
        """Let cases go whose period is over."""
        ids = ids_in(form.getlist("cases"))

        async def act() -> None:
            async with database.work() as work:
                await approve_due(work, ids, officer_of(who))

        return await self._done(request, who, database, act, ("due", "due"))

    async def hold(
        self, request: Request, form: CheckedForm, who: Who, database: TheDatabase
    ) -> Response:
        """Stop the erasure of a case."""

        async def act() -> None:
            until = day_in(text_in(form, "until"))
            mine = await seen_by(database, who, Action.RETENTION_MANAGE)
            async with database.work() as work:
                case = await case_of(work.session, text_in(form, "number") or "", mine)
                officer = officer_of(who)
                await holds.set_hold(work, case, text_in(form, "reason") or "", until, officer)

        return await self._done(request, who, database, act, ("holds", "held"), form)

    async def lift(
        self, request: Request, hold_id: UUID, form: CheckedForm, who: Who, database: TheDatabase
    ) -> Response:
        """Let a case go on."""

        async def act() -> None:
            async with database.work() as work:
                await lift_hold(work, hold_id, officer_of(who))

        return await self._done(request, who, database, act, ("holds", "lifted"))

    async def period(
        self, request: Request, form: CheckedForm, who: Who, database: TheDatabase
    ) -> Response:
        """Keep files of a class longer or shorter."""

        async def act() -> None:
            body = text_in(form, "body") or self.bodies.default.code
            if body not in self.bodies.codes:
                raise NoSuchThingError("没有这个机构。")
            for_ever = text_in(form, "for_ever") == "true"
            months = months_in(text_in(form, "months"), for_ever=for_ever)
            async with database.work() as work:
                code = text_in(form, "code") or ""
                await retention.change_period(work, body, code, months, officer_of(who))

        return await self._done(request, who, database, act, ("periods", "periods"), form)

    async def _done(  # noqa: PLR0913, PLR0917 - what a request brings
        self,
        request: Request,
        who: Staff,
        database: Any,
        act: Any,
        part: tuple[str, str],
        form: Any = None,
    ) -> Response:
        """Do it and show the page again; with what was wrong, where something was.

        `part` is the part of the page it belongs to, and the word for that it is done.
        """
        at, said = part
        try:
            await act()
        except RuleError as error:
            wrong = web.wrongs(request, error)
            today = local_day(database.clock())
            async with database.reading() as session:
                typed = {"at": at} | {name: text_in(form or {}, name) for name in form or {}}
                return await self._page(
                    request, who, session, today, status=status_of(error), wrong=wrong, typed=typed
                )
        return web.see_other(f"{HERE}?done={said}#{at}")

    async def _page(
        self,
        request: Request,
        who: Staff,
        session: AsyncSession,
        today: date,
        status: int = 200,
        **context: Any,
    ) -> Response:
        mine = bodies_of(who, Action.RETENTION_MANAGE, self.bodies)
        asked = bodies_of(who, Action.PRIVACY_ANSWER, self.bodies)
        own = await retention.schedules(session)
        standing, older = await holds.standing_holds(session, mine, today, context.get("before"))
        newest = await requests.newest(session, asked)
        shown: dict[str, Any] = {
            "lang": language_of(request),
            "bodies": [one for one in self.bodies.known if one.code in mine],
            "due": await listed.due_list(session, mine),
            "due_count": await listed.due_count(session, mine),
            "holds": standing,
            "older_holds": older,
            "before": None,
            "reason_of": lambda hold: holds.reason_of(request.app.state.database.vault, hold),
            "requests": newest,
            "first_number": await requests.first_numbers(session, newest),
            "reviews": await assessments.reviews_due(session, asked, today),
            "classes": retention.shipped().classes,
            "class_name": {one.code: one.name for one in retention.shipped().classes},
            "schedules": {one: retention.schedule_for(own, one) for one in mine},
            "valid_from": retention.shipped().valid_from,
            "today": today,
            "may_answer": bool(asked),
            "keys": request.app.state.database.vault.ring,
            "said": told(request),
            "wrong": {},
            "typed": {},
        }
        return web.page(request, "mediation/keeping/overview.html", status, **(shown | context))
