"""What mediation answers to programs: cases and their lawful steps, in JSON."""

from collections.abc import Mapping
from typing import Any

from fastapi import Response
from pydantic_core import to_json

from services.mediation.domain.case import Step
from services.mediation.forms import FIELDS
from services.mediation.tables import CaseRow
from services.mediation.use_cases import desk
from services.mediation.use_cases.allowing import Caller
from services.mediation.use_cases.assigning import BODY, Offered
from services.mediation.use_cases.labels import STEPS
from services.mediation.use_cases.privacy.standing import Keeping
from services.mediation.use_cases.viewing import pack_of, possible_steps
from shared.i18n import translated

API = "/mediation/api/v1"
TAGS = ("cases",)


def listed_json(one: desk.Listed) -> dict[str, Any]:
    """One line of the list."""
    words = one.shown
    return plain(one.case) | {
        "subject": words["matter"].get("subject"),
        "respondent": words["respondent"].get("name"),
        "complainant": words["complainant"].get("name"),
    }


def plain(case: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in case.items() if name not in {"queue_on", "opened_at"}}


def row_json(case: CaseRow) -> dict[str, Any]:
    """One case's facts."""
    return plain({name: getattr(case, name) for name in desk.SHOWN})


def steps_json(case: CaseRow, caller: Caller, keeping: Keeping) -> list[dict[str, Any]]:
    """The steps that are lawful and allowed, each with its article, its fields and its reasons."""
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
        for one in possible_steps(case, caller, keeping)
    ]


def offered_json(found: Offered) -> dict[str, Any]:
    """To whom and to which unit a case can be given; a unit without an id is the body itself."""
    people = [(one, True) for one in found.here] + [(one, False) for one, _ in found.elsewhere]
    return {
        "units": [
            {"id": one.id, "code": one.code, "name": one.name}
            if one
            else {"id": None, "code": "", "name": translated(BODY)}
            for one in found.units
        ],
        "assignees": [{"id": one.id, "name": one.display, "here": here} for one, here in people],
    }


def as_json(document: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    """A document we made ourselves: nothing in it needs a second look."""
    return Response(to_json(document), headers=headers, media_type="application/json")
