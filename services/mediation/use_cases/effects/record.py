"""Steps that change the record: the respondent is named, what is wrong is corrected."""

from collections.abc import Callable, Mapping
from typing import Any

from services.mediation.domain.corrections import (
    RESPONDENT,
    WrongValueError,
    check_changes,
    check_respondent,
)
from services.mediation.use_cases.effects.act import Act, Effect
from services.mediation.use_cases.words import tidied, tidy
from shared.kernel import RuleError, RuleErrors
from shared.terms import CATEGORIES, Nature, is_region

CODES: Mapping[str, Callable[[str], bool]] = {
    "/matter/region": is_region,
    "/matter/category": CATEGORIES.__contains__,
    "/matter/nature": {one.value for one in Nature}.__contains__,
}


def name_respondent(act: Act) -> Effect:
    """Say who the respondent (被投诉人) is."""
    changes = check_respondent(respondent_in(act.facts))
    return Effect({"respondent_known": True}, said={"fields": tuple(changes)}, changes=changes)


def amend(act: Act) -> Effect:
    """Correct the record (更正); intake is told, the log keeps what was given."""
    changes = check_changes(tidied(act.facts.get("changes") or {}), act.today)
    check_codes(changes)
    known = bool(changes.get("/respondent/name", act.case.respondent_known))
    return Effect({"respondent_known": known}, said={"fields": tuple(changes)}, changes=changes)


def respondent_in(facts: Mapping[str, Any]) -> dict[str, str | None]:
    """What was given of the respondent, tidied."""
    return {name: tidy(f"/respondent/{name}", facts.get(name)) for name in RESPONDENT}


def check_codes(changes: Mapping[str, Any]) -> None:
    """Codes must be on their lists. Raises RuleErrors."""
    faults: list[RuleError] = [
        WrongValueError("没有「{code}」这个代码。", pointer=pointer, code=changes[pointer])
        for pointer, known in CODES.items()
        if changes.get(pointer) and not known(changes[pointer])
    ]
    if faults:
        raise RuleErrors(faults)
