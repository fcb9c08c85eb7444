"""Where a complaint stands for the one who sent it: what was done, what comes next, by when."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from shared.terms.cases import State

OVER = frozenset({State.AGREED, State.FAILED, State.WITHDRAWN, State.CLOSED})
"""States in which nothing is left to withdraw."""
ENDED = frozenset({State.WITHDRAWN, State.CLOSED})
"""States in which nobody looks at new evidence any more."""
STAGES = {
    State.REGISTERED: 0,
    State.ACCEPTED: 1,
    State.FORWARDED: 2,
    State.REPLIED: 3,
    State.AGREED: 3,
    State.FAILED: 3,
    State.WITHDRAWN: 4,
    State.CLOSED: 4,
}
"""How far along the five stages each state is."""
REOPENED = "case_reopened"
REACHED_BY = (None, "case_accepted", "case_forwarded", "reply_recorded", "case_closed")
"""The step that reaches each stage; the first is reached by complaining."""
FAILED = "case_failed"
CLOSED, REFUSED = "case_closed", "case_refused"
"""The two steps that close; a refusal says no outcome, it is one."""
MEDIATION = "mediation"
PROVISIONAL = "PROVISIONAL"


class Heard(NamedTuple):
    """One step that a service told us of."""

    speaker: str
    version: int
    step: str
    at: datetime
    facts: Mapping[str, Any]


class Stage(NamedTuple):
    """One of the five stages and the instant it was reached, if it was."""

    reached_at: datetime | None
    past: bool
    now: bool


class Standing(NamedTuple):
    """What the status page says."""

    state: State
    outcome: str | None
    """How it was closed: agreed, failed, withdrawn, refused."""
    refused_for: str | None
    """The code of the reason, where it was refused."""
    failed_for: str | None
    """The code of the reason, where the mediation failed."""
    due_on: date | None
    """The legal day of what comes next."""
    due_for: str | None
    provisional: bool
    """That day may still move: the calendar of its year is not published."""
    stages: tuple[Stage, ...]
    steps: tuple[Heard, ...]
    """Newest first."""
    withdrawable: bool
    takes_evidence: bool
    """Whether the one who complained may still add evidence; staff always may."""


def standing(
    received_at: datetime, withdrawn_at: datetime | None, heard: Sequence[Heard]
) -> Standing:
    """Put together what was heard, in whatever order it came: the newest version counts."""
    own = sorted((one for one in heard if one.speaker == MEDIATION), key=lambda one: one.version)
    state = State(own[-1].facts["state"]) if own else State.REGISTERED
    if withdrawn_at and state not in OVER and not taken_up_again(withdrawn_at, own):
        state = State.WITHDRAWN
    facts = own[-1].facts if own else {}
    due = facts.get("due_on")
    refused = state is State.CLOSED and own[-1].step == REFUSED
    outcome = "refused" if refused else facts.get("outcome")
    return Standing(
        state=state,
        outcome=outcome if state is State.CLOSED else None,
        refused_for=facts.get("reason") if refused else None,
        failed_for=failed_for(own) if State.FAILED in {state, outcome} else None,
        due_on=date.fromisoformat(due) if due and state not in OVER else None,
        due_for=facts.get("due_for") if state not in OVER else None,
        provisional=facts.get("due_status") == PROVISIONAL and state not in OVER,
        stages=stages(state, received_at, own),
        steps=tuple(sorted(heard, key=lambda one: (one.at, one.version), reverse=True)),
        withdrawable=state not in OVER,
        takes_evidence=state not in ENDED,
    )


def failed_for(own: Sequence[Heard]) -> str | None:
    """Why the mediation failed the last time; closing the case afterwards does not say it again."""
    reasons = [one.facts.get("reason") for one in own if one.step == FAILED]
    return reasons[-1] if reasons else None


def taken_up_again(withdrawn_at: datetime, own: Sequence[Heard]) -> bool:
    """Whether the case was reopened after its withdrawal, which is over thereby (重新办理)."""
    return any(one.step == REOPENED and one.at > withdrawn_at for one in own)


def stages(state: State, received_at: datetime, own: Sequence[Heard]) -> tuple[Stage, ...]:
    """The five stages and when each was last reached; one that was skipped is not past."""
    reached = {CLOSED if one.step == REFUSED else one.step: one.at for one in own}
    here = STAGES[state]
    made = []
    for place, step in enumerate(REACHED_BY):
        at = reached.get(step) if step else received_at
        made.append(Stage(at, place < here and at is not None, place == here))
    return tuple(made)
