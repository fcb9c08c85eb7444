"""What every event carries, and its form on the wire (CloudEvents 1.0, structured JSON)."""

from functools import cache
from typing import Any, ClassVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from pydantic_core import to_json

from shared.ids import uuid7
from shared.kernel import ComplaintId

ENVELOPE = {"id": "id", "occurred_at": "time", "complaint_id": "subject"}


class Event(BaseModel):
    """A fact one service states and any other may hear. Its TYPE never changes meaning.

    `version` counts the events of one complaint by the service that speaks, from 1, so that a
    reader can put partial facts in order and ignore what it already knows. Ids, codes and facts
    only: no name, no number of a person, no free text (topics are kept for ever).
    """

    model_config = ConfigDict(frozen=True, extra="ignore")
    TYPE: ClassVar[str]

    id: UUID = Field(default_factory=uuid7)
    occurred_at: AwareDatetime
    complaint_id: ComplaintId
    version: int = Field(ge=1)


def source_of(event: type[Event]) -> str:
    """`mediation.case_forwarded.v1` comes from `mediation`."""
    return event.TYPE.partition(".")[0]


@cache
def topic_of(event: type[Event]) -> str:
    """`mediation.case_forwarded.v1` travels on `mediation-events`."""
    return source_of(event) + "-events"


def encode(event: Event) -> bytes:
    """The event as one CloudEvents 1.0 JSON message; `partitionkey` is the complaint's id."""
    facts = dict(vars(event))  # dict(event) would first look, slowly, for keys it does not have
    outer = {there: facts.pop(here) for here, there in ENVELOPE.items()}
    key = {"partitionkey": outer["subject"]}
    return to_json(fixed_of(type(event)) | key | outer | {"data": facts})


@cache
def fixed_of(event: type[Event]) -> dict[str, str]:
    """What all messages of one type say alike."""
    return {
        "specversion": "1.0",
        "type": event.TYPE,
        "source": "/" + source_of(event),
        "datacontenttype": "application/json",
    }


def facts_of(message: dict[str, Any]) -> dict[str, Any]:
    """The fields of the event class, from the message's envelope and data."""
    return dict(message["data"]) | {here: message[there] for here, there in ENVELOPE.items()}
