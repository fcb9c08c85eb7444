"""The clocks of a case, for people: each with its day and its sentences."""

from collections.abc import Mapping
from typing import Any

from services.mediation.domain.case import RUNNING, State
from services.mediation.domain.due import day_of
from services.mediation.domain.explanation import explain
from services.mediation.domain.pack_file import LANGUAGES
from services.mediation.domain.rule_pack import Pack


def clocks_of(
    pack: Pack, state: State, clocks: Mapping[str, Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The clocks of a case, those that run first, each with its day and its sentences."""
    running = RUNNING.get(state, ())
    found = [
        {
            "clock": name,
            "label": {language: rule.label.said(language) for language in LANGUAGES},
            "due_on": day_of(clocks[name]),
            "status": clocks[name]["status"],
            "running": name in running,
            "derivation": dict(clocks[name]),
            "sentence": {one: explain(clocks[name], rule, one) for one in LANGUAGES},
        }
        for name, rule in pack.clocks.items()
        if name in clocks
    ]
    return sorted(found, key=lambda one: (not one["running"], one["due_on"]))
