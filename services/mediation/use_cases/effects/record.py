"""Steps that change the record: the respondent is named, what is wrong is corrected."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from services.mediation.domain.corrections import (
    HAPPENED,
    RESPONDENT,
    WrongValueError,
    check_changes,
    check_identity,
    check_respondent,
)
from services.mediation.use_cases.effects.act import Act, Effect
from services.mediation.use_cases.effects.unmasking import unmasked
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
    given = {f"/respondent/{name}": act.facts.get(name) for name in RESPONDENT}
    kept = unmasked(given, act.stood)
    named = {name: kept.get(f"/respondent/{name}") for name in RESPONDENT}
    return corrected(act, check_respondent(respondent_in(named)))


def amend(act: Act) -> Effect:
    """Correct the record (更正); intake is told."""
    given = unmasked(act.facts.get("changes") or {}, act.stood)
    changes = check_changes(tidied(given), act.today)
    check_codes(changes)
    checked = bool(act.facts.get("identity_checked"))
    if act.stood.guarded:
        check_identity(changes, checked=checked)
    done = corrected(act, changes)
    said = {"identity_checked": True} if checked else {}
    return replace(done, logged={**(done.logged or {}), **said})


def corrected(act: Act, changes: Mapping[str, Any]) -> Effect:
    """The record is corrected: the log keeps what stood there, and what stands there now.

    A respondent is known by its name or its credit code, as at intake.
    """
    now = {**act.stood.values, **changes}
    name, code = now.get("/respondent/name"), now.get("/respondent/uscc")
    columns: dict[str, Any] = {
        "respondent_known": bool(name or code),
        "respondent_named": bool(name),
    }
    if HAPPENED in changes:
        columns["happened_on"] = day_in(changes[HAPPENED])
    before = {pointer: act.stood.values.get(pointer) for pointer in changes}
    logged = {"changes": changes, "before": before}
    return Effect(columns, said={"fields": tuple(changes)}, changes=changes, logged=logged)


def day_in(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def respondent_in(facts: Mapping[str, Any]) -> dict[str, str | None]:
    """What was given of the respondent, tidied."""
    return {name: tidy(f"/respondent/{name}", facts.get(name)) for name in RESPONDENT}


def check_codes(changes: Mapping[str, Any]) -> None:
    """Codes must be on their lists. Raises RuleErrors."""
    faults: list[RuleError] = [
        WrongValueError("没有这个代码，请从列出的里面选一个。", pointer=pointer)
        for pointer, known in CODES.items()
        if changes.get(pointer) and not known(changes[pointer])
    ]
    if faults:
        raise RuleErrors(faults)
