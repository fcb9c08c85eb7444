"""Cases as JSON: the list, one case, the steps lawful now, and taking them."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response

from services.mediation.domain.case import State, Step
from services.mediation.forms import (
    CaseQuery,
    Listing,
    StepForm,
    cursor_of,
    listing_of,
    version_in,
)
from services.mediation.ports import Intake
from services.mediation.routes.answers import (
    API,
    TAGS,
    as_json,
    listed_json,
    offered_json,
    row_json,
    steps_json,
)
from services.mediation.use_cases.acting import Request as Wish
from services.mediation.use_cases.allowing import caller_of, seen_by
from services.mediation.use_cases.assigning import offered_to
from services.mediation.use_cases.cases import case_of
from services.mediation.use_cases.desk import Count
from services.mediation.use_cases.explaining import clocks_of
from services.mediation.use_cases.finding import find_cases
from services.mediation.use_cases.masking import (
    NOTHING,
    masked_copy,
    masked_values,
    secrets_in_copy,
)
from services.mediation.use_cases.privacy.standing import keeping_of
from services.mediation.use_cases.searches import Looked, let_search, note_search
from services.mediation.use_cases.taking import Wanted, take
from services.mediation.use_cases.timeline import timeline
from services.mediation.use_cases.viewing import pack_of
from services.mediation.use_cases.words import copy_in
from shared import web
from shared.bodies import Bodies
from shared.clock import local_day
from shared.rights import Action
from shared.web import OpenRead, TheDatabase, Who


@dataclass(frozen=True)
class CaseRoutes:
    """Cases and their steps."""

    intake: Intake
    bodies: Bodies

    @property
    def listing(self) -> Listing:
        return listing_of(self.bodies)

    def router(self) -> APIRouter:
        """All routes, each with its guard."""
        made = APIRouter(prefix=API, tags=list(TAGS))
        inside = [web.staff_or_token(Action.CASE_READ)]
        made.add_api_route(
            "/cases",
            self.get_cases,
            methods=["GET"],
            response_model=dict[str, Any],
            dependencies=[*inside, web.only(CaseQuery)],
        )
        one = "/cases/{case_id}"
        made.add_api_route(one, self.get_case, methods=["GET"], dependencies=inside)
        made.add_api_route(one + "/steps", self.get_steps, methods=["GET"], dependencies=inside)
        made.add_api_route(
            one + "/steps/{step}",
            self.post_step,
            methods=["POST"],
            response_model=dict[str, Any],
            dependencies=inside,
        )
        return made

    async def get_cases(
        self, query: Annotated[CaseQuery, Query()], who: Who, database: TheDatabase
    ) -> Response:
        """Cases by what is due first, or the newest that were searched; by default open ones."""
        filters = query.filters(self.listing, await seen_by(database, who))
        let_search(database, who, filters.q)
        page = await find_cases(database, filters, query.after(), query.limit)
        count = Count(len(page.cases), more=page.on is not None)
        note_search(database, who, Looked(filters.q, "api"), page, count)
        items = [listed_json(one) for one in page.cases]
        return as_json({"items": items, "next": cursor_of(page.on)})

    async def get_case(
        self, case_id: str, who: Who, response: Response, database: TheDatabase, session: OpenRead
    ) -> dict[str, Any]:
        """One case: facts, clocks with their sentences, log, lawful steps. By id or number."""
        caller, today = await caller_of(database, who), local_day(database.clock())
        case = await case_of(session, case_id, caller.sees)
        response.headers["ETag"] = f'"{case.version}"'
        words = await copy_in(session, database.vault, case.id)
        copy, secrets = masked_copy(words), secrets_in_copy(words)
        log = [
            {
                "seq": one.seq,
                "at": one.at,
                "kind": one.kind,
                "who": one.who,
                "behalf": one.behalf,
                "for_complainant": one.for_complainant,
                "actor": one.actor_kind,
                "source": one.source,
                "before": one.before,
                "after": one.after,
                "values": dict(masked_values(one.values, NOTHING, secrets)),
            }
            for one in await timeline(session, database.vault, case.id)
        ]
        return row_json(case) | {
            "subject": copy["matter"].get("subject"),
            "complainant": copy["complainant"],
            "respondent": copy["respondent"],
            "clocks": clocks_of(pack_of(case), State(case.state), case.clocks),
            "steps": steps_json(case, caller, await keeping_of(session, case.id, today)),
            "log": log,
        }

    async def get_steps(
        self, case_id: str, who: Who, database: TheDatabase, session: OpenRead
    ) -> dict[str, Any]:
        """The steps that are lawful now and that the caller may take, each with its article.

        `assign` says who can be given the case: `here` where it lies now, else in another unit.
        """
        caller = await caller_of(database, who)
        case = await case_of(session, case_id, caller.sees)
        today = local_day(database.clock())
        found = await offered_to(session, case, caller, today)
        keeping = await keeping_of(session, case.id, today)
        more = {Step.ASSIGN.value: offered_json(found)}
        items = [one | more.get(one["step"], {}) for one in steps_json(case, caller, keeping)]
        return {"items": items, "next": None, "version": case.version}

    async def post_step(  # noqa: PLR0913 - what a request brings
        self,
        case_id: str,
        step: Step,
        form: StepForm,
        *,
        request: Request,
        who: Who,
        database: TheDatabase,
        if_match: Annotated[str | None, Header()] = None,
    ) -> Response:
        """Take a step on the version named in `If-Match`; 409 names who was faster."""
        wish = Wish(step, form.facts(step), version_in(if_match))
        wanted = Wanted(
            case_id,
            await caller_of(database, who),
            wish,
            lambda complaint: web.log_ids(request, complaint_id=complaint),
            self.bodies.with_letters_code,
        )
        done = await take(database, wanted, self.intake)
        return as_json(row_json(done), {"ETag": f'"{done.version}"'})
