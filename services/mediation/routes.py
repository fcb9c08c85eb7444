"""Cases as JSON: the list, one case, the steps lawful now, and taking them; logging in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import to_json

from services.mediation.domain.case import State, Step
from services.mediation.settings import MediationSettings
from services.mediation.tables import CaseRow
from services.mediation.use_cases import desk, sessions, staff
from services.mediation.use_cases.acting import Request as Wish
from services.mediation.use_cases.acting import case_of
from services.mediation.use_cases.explaining import clocks_of
from services.mediation.use_cases.finding import find_cases
from services.mediation.use_cases.forms import (
    FIELDS,
    CaseQuery,
    Listing,
    StepForm,
    actor_of,
    cursor_of,
    listing_of,
    masked,
    version_in,
)
from services.mediation.use_cases.labels import STEPS
from services.mediation.use_cases.taking import Wanted, take
from services.mediation.use_cases.viewing import pack_of, possible_steps, timeline
from services.mediation.use_cases.words import copy_in
from shared import web
from shared.bodies import Bodies
from shared.web import OpenRead, TheDatabase, Who
from shared.web.requests import SESSION_COOKIE, options_of
from shared.work import Database

TAGS: list[str] = ["cases"]


class LoginForm(BaseModel):
    """Who wants to log in. `new_password` is needed the first time."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=100)
    password: str = Field(max_length=200)
    new_password: str | None = Field(default=None, max_length=200)


def listed_json(one: desk.Listed) -> dict[str, Any]:
    """One line of the list."""
    words = one.words
    return plain(one.case) | {
        "subject": words["matter"].get("subject"),
        "respondent": words["respondent"].get("name"),
        "complainant": masked(words["complainant"].get("name")),
    }


def plain(case: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in case.items() if name not in {"queue_on", "opened_at"}}


def row_json(case: CaseRow) -> dict[str, Any]:
    """One case's facts."""
    return plain({name: getattr(case, name) for name in desk.SHOWN})


def steps_json(case: CaseRow) -> list[dict[str, Any]]:
    """The lawful steps, each with its article, its fields and its reasons."""
    pack = pack_of(case)
    reasons = {Step.REFUSE: pack.refuse, Step.FAIL: pack.fail}
    return [
        {
            "step": one.step.value,
            "label": STEPS[one.step.value],
            "to": one.to.value,
            "source": {"zh": one.source.zh, "en": one.source.en},
            "fields": sorted(FIELDS[one.step]),
            "reasons": [
                {"number": r.number, "code": r.code, "label": {"zh": r.label.zh, "en": r.label.en}}
                for r in reasons.get(one.step, ())
            ],
        }
        for one in possible_steps(case)
    ]


@dataclass(frozen=True)
class CaseRoutes:
    """The JSON interface of mediation."""

    bodies: Bodies
    settings: MediationSettings

    @property
    def listing(self) -> Listing:
        return listing_of(self.bodies)

    def router(self) -> APIRouter:
        """All routes, each with its guard."""
        made = APIRouter(prefix="/mediation/api/v1", tags=list(TAGS))
        door, inside = [web.public(), web.guessing()], [web.staff_or_token()]
        made.add_api_route("/login", self.post_login, methods=["POST"], dependencies=door)
        made.add_api_route(
            "/logout",
            self.post_logout,
            methods=["POST"],
            dependencies=[web.staff()],
            status_code=204,
        )
        made.add_api_route("/staff", self.get_staff, methods=["GET"], dependencies=inside)
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

    async def post_login(
        self, form: LoginForm, request: Request, response: Response, database: TheDatabase
    ) -> dict[str, Any]:
        """Log in: a session cookie, and the header `X-CSRF-Token` for unsafe requests."""
        login = sessions.Login(form.name, form.password, address_of(request), form.new_password)
        session = await sessions.log_in(database, login, self.settings)
        web.set_session_cookie(request, response, session.cookie, session.seconds)
        token = web.csrf_token(request, session.cookie)
        response.headers["X-CSRF-Token"] = token
        mine = session.staff
        return {
            "id": str(mine.id),
            "name": mine.name,
            "display": mine.display,
            "role": mine.role,
            "body": mine.body,
            "csrf_token": token,
            "seconds": session.seconds,
        }

    async def post_logout(
        self, request: Request, response: Response, database: TheDatabase
    ) -> None:
        """Log out: the session is over here at once, everywhere within half a minute."""
        await log_out(request, response, database)

    async def get_staff(self, who: Who, session: OpenRead) -> dict[str, Any]:
        """Who cases can be assigned to."""
        found = await staff.colleagues(session, who.body)
        items = [
            {"id": str(one.id), "name": one.name, "display": one.display, "role": one.role}
            for one in found
        ]
        return {"items": items, "next": None}

    async def get_cases(
        self, query: Annotated[CaseQuery, Query()], who: Who, database: TheDatabase
    ) -> Response:
        """Cases by what is due first; all open ones if nothing else is asked for."""
        filters = query.filters(self.listing, who)
        found, more = await find_cases(database, filters, query.after(), query.limit)
        return as_json({"items": [listed_json(one) for one in found], "next": cursor_of(more)})

    async def get_case(
        self, case_id: str, who: Who, response: Response, database: TheDatabase, session: OpenRead
    ) -> dict[str, Any]:
        """One case: facts, clocks with their sentences, log, lawful steps. By id or number."""
        case = await case_of(session, case_id, who.body)
        response.headers["ETag"] = f'"{case.version}"'
        copy = await copy_in(session, database.vault, case.id)
        log = [
            {
                "seq": one.seq,
                "at": one.at,
                "kind": one.kind,
                "who": one.who,
                "actor": one.actor_kind,
                "source": one.source,
                "before": one.before,
                "after": one.after,
                "values": dict(one.values),
            }
            for one in await timeline(session, database.vault, case.id)
        ]
        return row_json(case) | {
            "subject": copy["matter"].get("subject"),
            "complainant": copy["complainant"],
            "respondent": copy["respondent"],
            "clocks": clocks_of(pack_of(case), State(case.state), case.clocks),
            "steps": steps_json(case),
            "log": log,
        }

    async def get_steps(self, case_id: str, who: Who, session: OpenRead) -> dict[str, Any]:
        """The steps that are lawful now, each with its article."""
        case = await case_of(session, case_id, who.body)
        return {"items": steps_json(case), "next": None, "version": case.version}

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
            who.body,
            wish,
            actor_of(who),
            lambda complaint: web.log_ids(request, complaint_id=complaint),
        )
        done = await take(database, wanted)
        return as_json(row_json(done), {"ETag": f'"{done.version}"'})


def as_json(document: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    """A document we made ourselves: nothing in it needs a second look."""
    return Response(to_json(document), headers=headers, media_type="application/json")


async def log_out(request: Request, response: Response, database: Database) -> None:
    """End the session of this request; forgotten once that is committed."""
    if cookie := request.cookies.get(SESSION_COOKIE):
        await sessions.log_out(database, cookie)
        options_of(request).sessions.forget(cookie)
    web.clear_session_cookie(request, response)


def address_of(request: Request) -> str:
    """Where a stranger calls from."""
    return str(request.scope.get("redress.caller", "-"))
