"""Who looked at which case behind the mask, for the privacy officer (个人信息保护负责人)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.responses import Response

from services.mediation.domain.looks import Pattern, Unusual
from services.mediation.pages.audit import filters_in, lines_of, of_filters
from services.mediation.settings import MediationSettings
from services.mediation.use_cases.trail.about import subject
from services.mediation.use_cases.trail.asking import AuditQuery
from services.mediation.use_cases.trail.labels import SERVICES as SERVICE_WORDS
from services.mediation.use_cases.trail.listing import Installation, Listed
from services.mediation.use_cases.trail.reviewing import MOST, Reviewed, review
from services.mediation.use_cases.trail.telling import Telling
from shared import web
from shared.bodies import Bodies
from shared.i18n import N_, Language, filled, translated
from shared.kernel import RuleError
from shared.rights import Action
from shared.web import TheDatabase, Who
from shared.web.charts import bar_chart
from shared.web.requests import language_of

HERE = "/mediation/looks"
TITLE, ABOUT = N_("每个人看了多少"), N_("次数，看得最多的在上面")
MOST_DRAWN = 12
"""So many people have a bar; the table has all."""
PATTERNS = {
    Pattern.MANY: N_("一小时之内看了{count}次"),
    Pattern.NIGHT: N_("夜里或者休息日看了{count}次"),
    Pattern.FOREIGN: N_("不在自己手里的案件，看了{count}次"),
    Pattern.AGAIN: N_("一天之内对同一件看了{count}次"),
}


@dataclass(frozen=True)
class ReviewPages:
    """The page of looks behind masks."""

    here: Installation
    settings: MediationSettings

    def router(self) -> APIRouter:
        """The route, with its guard."""
        guard = [web.staff(Action.LOOKS_REVIEW)]
        made = APIRouter(include_in_schema=False, dependencies=guard)
        made.add_api_route(HERE, self.show, methods=["GET"])
        return made

    async def show(self, request: Request, who: Who, database: TheDatabase) -> Response:
        """The looks of the last thirty days, or those that the filters let through."""
        asked, typed, wrong = filters_in(request)
        query = AuditQuery(**asked.model_dump(include={"since", "until", "person", "case"}))
        reviewed: Reviewed | None = None
        if not wrong:
            try:
                reviewed = await review(database, self.here, self.settings, query, who)
            except RuleError as error:
                wrong = of_filters(web.wrongs(request, error))
        context = shown(reviewed, language_of(request), self.here.bodies)
        context |= {"typed": typed, "wrong": wrong}
        return web.page(request, "mediation/looks.html", **context)


def shown(reviewed: Reviewed | None, language: Language, bodies: Bodies) -> dict[str, Any]:
    """What the page shows."""
    if reviewed is None:
        return {"lines": [], "unusual": [], "people": [], "most": None, "silent": []}
    listed = reviewed.listed
    people = by_person(listed)
    return {
        "chart": drawn(people, language),
        "lines": lines_of(listed, Telling(listed.names, language, bodies)),
        "unusual": [said(one, listed, language) for one in reviewed.unusual],
        "people": people,
        "most": MOST if listed.next else None,
        "silent": [translated(SERVICE_WORDS[one], language) for one in listed.silent],
    }


def drawn(people: Sequence[dict[str, Any]], language: Language) -> Markup:
    """How often those looked who looked most."""
    title, about = translated(TITLE, language), translated(ABOUT, language)
    bars = [(one["who"], one["looks"]) for one in people[:MOST_DRAWN]]
    return bar_chart("looks", title, about, bars)


def said(one: Unusual, listed: Listed, language: Language) -> dict[str, Any]:
    """Something unusual, in words."""
    names = listed.names
    return {
        "who": called(one.who, listed),
        "what": filled(PATTERNS[one.pattern], {"count": one.count}, language),
        "first": one.first,
        "last": one.last,
        "thing": one.subject if one.subject in names.numbers.values() else "",
    }


def called(who: UUID, listed: Listed) -> str:
    """The name of somebody who looked, as it is now or as it was then."""
    then = (line.doer_name for line in listed.lines if line.doer == who and line.doer_name)
    return listed.names.people.get(who) or next(then, str(who))


def by_person(listed: Listed) -> Sequence[dict[str, Any]]:
    """How often each person looked, and at how many cases; most looks first."""
    looks = Counter(line.doer for line in listed.lines if line.doer)
    seen = {(line.doer, subject(line, listed.names)) for line in listed.lines}
    cases = Counter(who for who, _ in seen)
    return [
        {"who": called(who, listed), "looks": count, "cases": cases[who]}
        for who, count in looks.most_common()
    ]
