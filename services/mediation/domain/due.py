"""Which legal day of a case runs now, and where the case stands in the queue."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.mediation.domain.case import RUNNING, State
from services.mediation.domain.legal_clock import Status

ENDED_QUEUE = date(9999, 12, 30)
"""Where a case queues that is ended but not closed yet: after everything with a day."""
CLOSED_QUEUE = date(9999, 12, 31)
"""Where closed cases queue: after everything open."""


@dataclass(frozen=True)
class Due:
    """The earliest day that runs, its clock and how sure it is; and the place in the queue."""

    on: date | None
    clock: str | None
    status: str | None
    queue_on: date


def due(state: State, clocks: Mapping[str, Mapping[str, Any]]) -> Due:
    """What is due first in this state. A paused clock alarms nobody."""
    if state is State.CLOSED:
        return Due(None, None, None, CLOSED_QUEUE)
    running = [
        (day_of(clocks[name]), name)
        for name in RUNNING.get(state, ())
        if name in clocks and clocks[name]["status"] != Status.PAUSED
    ]
    if not running:
        return Due(None, None, None, ENDED_QUEUE)
    day, name = min(running)
    return Due(day, name, clocks[name]["status"], day)


def day_of(derivation: Mapping[str, Any]) -> date:
    """The day to work by: a named one, the legal one, or while that is open where it would roll to.

    Nobody is late on a rest day only because its year's notice is not published yet.
    """
    open_yet = derivation.get("estimate") or derivation["target_due"]
    return date.fromisoformat(derivation.get("designated") or derivation["legal_due"] or open_yet)


def designated(derivation: Mapping[str, Any], named: date | None) -> dict[str, Any]:
    """The reply's clock with the day that the letter prints: it stands as printed (reading X).

    A day that a person named depends on no calendar. Where nobody named one and the roll is open,
    it is the day to work by, and stays provisional.
    """
    if named:
        return {**derivation, "designated": named.isoformat(), "status": Status.FINAL.value}
    if derivation["legal_due"] is None:
        return {**derivation, "designated": day_of(derivation).isoformat()}
    return dict(derivation)
