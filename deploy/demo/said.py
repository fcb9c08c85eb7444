"""What a story says in public: events, written without the cost of checking what we made."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from pydantic_core import to_json

from shared.events import ALL, ComplaintEvent, topic_of
from shared.events.base import envelope_of, source_of
from shared.kernel import ComplaintId
from shared.messaging.bus import Message


class Said(NamedTuple):
    """An event. A test holds that what is written is what the event's own class would write."""

    kind: type[ComplaintEvent]
    id: UUID
    occurred_at: datetime
    complaint_id: UUID
    facts: dict[str, Any]
    """Everything else of the event, its version included."""

    @property
    def version(self) -> int:
        """Counted per complaint and speaker."""
        version: int = self.facts["version"]
        return version


def beginning(kind: type[ComplaintEvent]) -> str:
    return (
        f'{{"specversion":"1.0","type":"{kind.TYPE}","source":"/{source_of(kind)}",'
        '"datacontenttype":"application/json","partitionkey":"'
    )


TOLD = tuple(kind for kind in ALL if issubclass(kind, ComplaintEvent))
BEGINNINGS = {kind: beginning(kind) for kind in TOLD}
TOPIC_OF = {kind: topic_of(kind) for kind in TOLD}
DEFAULTS: dict[type[ComplaintEvent], dict[str, Any]] = {
    kind: {
        name: None if field.is_required() else field.default
        for name, field in kind.model_fields.items()
        if name not in envelope_of(kind)
    }
    for kind in TOLD
}
"""Every fact of an event, in the order of its class."""


def message(said: Said) -> Message:
    """As it goes to the bus: CloudEvents 1.0, as `shared.events.encode` writes it."""
    complaint = str(said.complaint_id)
    head = (
        f'{BEGINNINGS[said.kind]}{complaint}","id":"{said.id}",'
        f'"time":"{said.occurred_at.isoformat()}","subject":"{complaint}","data":'
    )
    body = head.encode() + to_json(DEFAULTS[said.kind] | said.facts) + b"}"
    return Message(said.id, TOPIC_OF[said.kind], complaint, body)


def as_event(said: Said) -> ComplaintEvent:
    """The event itself, for those who want to read its fields."""
    return said.kind.model_construct(
        id=said.id,
        occurred_at=said.occurred_at,
        complaint_id=ComplaintId(said.complaint_id),
        **said.facts,
    )
