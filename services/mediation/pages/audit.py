"""What was done, by whom, in every service: a list with filters, for auditors (审计记录)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import Response

from services.mediation.forms import AuditAsked, cursor_of_trail
from services.mediation.settings import MediationSettings
from services.mediation.use_cases.labels import HAPPENINGS
from services.mediation.use_cases.trail.about import case_number
from services.mediation.use_cases.trail.asking import SERVICES, sees_nobodys
from services.mediation.use_cases.trail.labels import KINDS, action_words
from services.mediation.use_cases.trail.labels import SERVICES as SERVICE_WORDS
from services.mediation.use_cases.trail.listing import Installation, Listed, list_trail
from services.mediation.use_cases.trail.naming import as_id
from services.mediation.use_cases.trail.sources import STEP
from services.mediation.use_cases.trail.telling import Telling
from shared import web
from shared.i18n import N_, Language, translated
from shared.kernel import RuleError
from shared.rights import Action, Role
from shared.terms import label_of
from shared.trail.deeds import DEEDS
from shared.trail.reading import Line
from shared.trail.searches import KIND as SEARCH
from shared.web import TheDatabase, Who
from shared.web.requests import language_of

HERE = "/mediation/audit"
RETENTION = "retention"
NO_ROWS: Mapping[str, Any] = {"lines": [], "next": None, "silent": []}


@dataclass(frozen=True)
class AuditPages:
    """The auditors' page; its files come from the API."""

    here: Installation
    settings: MediationSettings

    def router(self) -> APIRouter:
        """The routes, each with its guard."""
        guard = [web.staff(Action.AUDIT_READ)]
        made = APIRouter(include_in_schema=False, dependencies=guard)
        made.add_api_route(HERE, self.show, methods=["GET"])
        return made

    async def show(self, request: Request, who: Who, database: TheDatabase) -> Response:
        """The newest rows that the filters let through."""
        asked, typed, wrong = filters_in(request)
        listed: Listed | None = None
        if not wrong:
            try:
                listed = await list_trail(database, self.here, asked.query(), who)
            except RuleError as error:
                wrong = of_filters(web.wrongs(request, error))
        told = Telling(listed.names, language_of(request), self.here.bodies) if listed else None
        context = shown(request, typed, wrong)
        context |= rows_of(listed, told) if listed and told else NO_ROWS
        context["short"] = context["next"] is not None and len(context["lines"]) < asked.limit
        reach = who.rights.reach(Action.AUDIT_READ)
        context["everything"] = reach.whole("")
        context["nobodys"] = sees_nobodys(reach, self.here.bodies)
        context["most"] = self.settings.audit_rows
        context["may_review"] = who.rights.may(Action.LOOKS_REVIEW)
        return web.page(request, "mediation/audit.html", **context)


def typed_in(request: Request) -> dict[str, str]:
    """What was typed into the filters; other parameters are overlooked."""
    given = request.query_params.items()
    return {name: text for name, text in given if name in AuditAsked.model_fields and text}


def filters_in(request: Request) -> tuple[AuditAsked, dict[str, str], dict[str, str]]:
    """The filters, as they were typed, and what is wrong with them by field."""
    typed = typed_in(request)
    try:
        return AuditAsked.model_validate(typed), typed, {}
    except ValidationError as error:
        return AuditAsked(), typed, of_filters(web.wrongs(request, error))


def of_filters(wrong: Mapping[str, str]) -> dict[str, str]:
    """What is wrong by the names that the fields have on the page."""
    return {name.removeprefix("query."): words for name, words in wrong.items()}


def shown(request: Request, typed: Mapping[str, str], wrong: Mapping[str, str]) -> dict[str, Any]:
    """The filters, what they can be, and what is wrong with them."""
    language = language_of(request)
    return {
        "typed": typed,
        "wrong": wrong,
        "kinds": [(code, translated(words, language)) for code, words in KINDS.items()],
        "actions": actions(language),
        "services": [(one, translated(SERVICE_WORDS[one], language)) for one in SERVICES],
    }


def actions(language: Language) -> list[tuple[str, str]]:
    """Everything that can be done, the steps of cases first."""
    steps = [STEP + one for one in HAPPENINGS]
    return [(one, action_words(one, language)) for one in [*steps, *DEEDS]]


def rows_of(listed: Listed, told: Telling) -> dict[str, Any]:
    """The rows, where the next ones begin, and which services did not answer."""
    return {
        "lines": lines_of(listed, told),
        "next": cursor_of_trail(listed),
        "silent": [translated(SERVICE_WORDS[one], told.language) for one in listed.silent],
    }


def is_nameless(line: Line) -> bool:
    """Whether a thing has a key and no name, so that its kind says what it is.

    Searches are kept under a hash; requests of persons under an id, beside the bodies' periods.
    """
    return line.kind == SEARCH or (line.kind == RETENTION and as_id(line.key) is not None)


def kind_words(line: Line, language: Language) -> str:
    """What sort of thing it was done to."""
    if line.kind == RETENTION and is_nameless(line):
        return translated(N_("个人信息请求"), language)
    return translated(KINDS.get(line.kind, line.kind), language)


def lines_of(listed: Listed, told: Telling) -> Sequence[dict[str, Any]]:
    """The rows in words."""
    names, language = told.names, told.language
    return [
        {
            "id": one.id,
            "at": one.at,
            "who": names.doer(one, language),
            "behalf": names.behalf(one),
            "role": label_of(Role, one.role, language),
            "what": action_words(one.action, language),
            "code": one.action,
            "kind": kind_words(one, language),
            "thing": "" if is_nameless(one) else told.thing(one),
            "number": case_number(one, names),
            "facts": told.facts(one),
            "gone": told.gone(one),
            "service": translated(SERVICE_WORDS[one.service], language),
            "seq": one.seq,
        }
        for one in listed.lines
    ]
