"""What a step makes of a case, before anything is written: lawful, and all that is to be kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.mediation import announcements
from services.mediation.domain.calendar import Calendar
from services.mediation.domain.case import Standing, State, Step, advance
from services.mediation.domain.due import due
from services.mediation.tables import CaseLogRow, CaseRow
from services.mediation.use_cases.effects import EFFECTS, Act, Effect, as_values
from services.mediation.use_cases.effects.act import NOTHING_STOOD, Stood
from services.mediation.use_cases.keeping import Actor, Entry, log_row
from services.mediation.use_cases.rules import pack_of_case
from shared.clock import local_day
from shared.events import CaseEvent
from shared.terms import Kind
from shared.vault import Vault


@dataclass(frozen=True)
class Request:
    """A step that somebody wants to take."""

    step: Step
    facts: Mapping[str, Any]
    version: int | None = None
    """The version they saw; None: whatever it is now."""


@dataclass(frozen=True)
class Around:
    """What a decision needs besides the case."""

    vault: Vault
    now: datetime
    calendar: Calendar
    stood: Stood = NOTHING_STOOD
    """What the record holds, for a step that corrects it."""


@dataclass(frozen=True)
class Decided:
    """A step that is lawful: what it changes, keeps and says."""

    columns: Mapping[str, Any]
    kept: Mapping[type[Any], Sequence[Mapping[str, Any]]]
    """The log row, and rows of other tables."""
    event: CaseEvent
    changes: Mapping[str, Any]
    """Corrections of the record."""


def standing_of(case: CaseRow) -> Standing:
    """What the guards need to know."""
    accepted = case.accepted_on is not None
    return Standing(
        State(case.state),
        case.respondent_named,
        accepted,
        case.forwarding_consent,
        case.kind == Kind.COMPLAINT,
    )


def overrides(request: Request, actor: Actor) -> bool:
    """Whether a person, never a service, gives a reason to forward without consent."""
    return actor.kind == "staff" and bool(request.facts.get("consent_override"))


def decide(around: Around, case: CaseRow, request: Request, actor: Actor) -> Decided:
    """What the step makes of the case. Raises ImpossibleStepError, and what the step refuses."""
    step = request.step
    act = Act(
        case=case,
        pack=pack_of_case(case.pack, case.pack_version),
        calendar=around.calendar,
        today=local_day(around.now),
        actor=actor,
        facts=request.facts,
        to=advance(standing_of(case), step, overridden=overrides(request, actor)),
        stood=around.stood,
    )
    effect = EFFECTS[step](act)
    log = log_of(around, act, step, effect)
    columns = columns_of(act, effect) | {"chain": log["hash"], "changed_at": around.now}
    after = {"id": case.id, "complaint_id": case.complaint_id, "body": case.body, **columns}
    event = announcements.stepped(after, step, effect.said, around.now)
    return Decided(columns, {CaseLogRow: [log], **effect.kept}, event, effect.changes)


def columns_of(act: Act, effect: Effect) -> dict[str, Any]:
    """The columns of the case that change."""
    clocks = act.case.clocks if effect.clocks is None else effect.clocks
    first = due(act.to, clocks)
    return dict(effect.columns) | {
        "state": act.to.value,
        "version": act.case.version + 1,
        "clocks": clocks,
        "due_on": first.on,
        "due_for": first.clock,
        "due_status": first.status,
        "queue_on": first.queue_on,
    }


def log_of(around: Around, act: Act, step: Step, effect: Effect) -> dict[str, Any]:
    """The log row of the step, chained to the one before it."""
    case = act.case
    entry = Entry(
        step=step.value,
        rule=f"{act.pack.id}@{act.pack.version}",
        source=act.pack.steps[step].zh,
        before=case.state,
        after=act.to.value,
        values=as_values(act.facts if effect.logged is None else effect.logged, effect.said),
    )
    written = (around.now, act.actor, entry)
    return log_row(around.vault, case.id, case.version + 1, case.chain, written)
