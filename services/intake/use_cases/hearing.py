"""Noting what the citizen may know of what the sisters did."""

from collections.abc import Sequence
from typing import Any

from services.intake.tables import PublicStepRow
from shared.events import ComplaintEvent
from shared.work import Work

SHOWN = (
    "state", "due_on", "due_for", "outcome", "reason", "accepted_on", "forward_due", "mediate_due",
    "forwarded_on", "reply_due", "replied_on", "in_time", "closed_on", "recovered_fen", "way",
    "due_status",
)  # fmt: skip
"""Facts of events that the status page may show."""


async def note_steps(work: Work, events: Sequence[ComplaintEvent]) -> None:
    """Keep each step once. Versions put them in order, however they arrive."""
    rows = [row_of(event) for event in events]
    await work.insert_new(PublicStepRow, rows, ["version"])


def row_of(event: ComplaintEvent) -> dict[str, Any]:
    speaker, step, _ = event.TYPE.split(".")
    facts = event.model_dump(mode="json", include=set(SHOWN), exclude_none=True)
    return {
        "complaint_id": event.complaint_id,
        "speaker": speaker,
        "version": event.version,
        "step": step,
        "at": event.occurred_at,
        "facts": facts,
    }
