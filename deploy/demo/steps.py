"""What services would note of a story if they heard it: rows of timelines and status pages."""

from datetime import date
from typing import Any

from deploy.demo.said import Said
from services.intake.consumers import HEARD as STEPS_OF_INTAKE
from services.intake.use_cases.hearing import SHOWN
from shared.events import CaseAssigned, CaseOpened, Event

STEPS: frozenset[type[Event]] = frozenset((*STEPS_OF_INTAKE, CaseOpened))
"""What a citizen's status page shows."""
HEARD: frozenset[type[Event]] = STEPS | {CaseAssigned}
"""What intake would hear of a story, and finds done."""
NAMES = {kind: kind.TYPE.split(".")[:2] for kind in STEPS}
SHOWN_OF = {kind: tuple(name for name in SHOWN if name in kind.model_fields) for kind in STEPS}
OF_EVERY_LETTER = frozenset({"version", "case_id"})


def shown(said: Said) -> dict[str, Any]:
    """A step on the citizen's status page, as `services.intake.use_cases.hearing` notes it."""
    speaker, step = NAMES[said.kind]
    given = {name: said.facts.get(name) for name in SHOWN_OF[said.kind]}
    return {
        "complaint_id": said.complaint_id,
        "speaker": speaker,
        "version": said.version,
        "step": step,
        "at": said.occurred_at,
        "facts": {name: plain(value) for name, value in given.items() if value is not None},
    }


def noted(said: Said) -> dict[str, Any]:
    """A line in the timeline of the case, as `services.mediation.use_cases.hearing` notes it."""
    facts = {
        name: plain(value) for name, value in said.facts.items() if name not in OF_EVERY_LETTER
    }
    return {
        "event_id": said.id,
        "case_id": said.facts["case_id"],
        "at": said.occurred_at,
        "kind": said.kind.TYPE.split(".")[1],
        "facts": facts | {"letter_id": str(said.facts["letter_id"])},
    }


def plain(value: Any) -> Any:
    """As JSON has it."""
    return value.isoformat() if isinstance(value, date) else value
