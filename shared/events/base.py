"""What every event carries, and its form on the wire (CloudEvents 1.0, structured JSON)."""

from functools import cache
from typing import Any, ClassVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from pydantic_core import to_json

from shared.ids import uuid7
from shared.kernel import ComplaintId


class Event(BaseModel):
    """A fact one service states and any other may hear. Its TYPE never changes meaning.

    `version` counts the events of one subject by the service that speaks, from 1, so that a
    reader can put partial facts in order and ignore what it already knows. Ids, codes and facts
    only: no name, no number of a person, no free text (topics are kept for ever).
    """

    model_config = ConfigDict(frozen=True, extra="ignore")
    TYPE: ClassVar[str]
    SUBJECT: ClassVar[str]
    """The field that says what the event is about; the order of one subject's events is kept."""

    id: UUID = Field(default_factory=uuid7)
    occurred_at: AwareDatetime
    version: int = Field(ge=1)

    @property
    def subject(self) -> UUID:
        """What the event is about."""
        about: UUID = getattr(self, self.SUBJECT)
        return about


class ComplaintEvent(Event):
    """A fact about one complaint."""

    SUBJECT: ClassVar[str] = "complaint_id"

    complaint_id: ComplaintId


def envelope_of(event: type[Event]) -> dict[str, str]:
    """Which fields travel in the envelope, and what they are called there."""
    return {"id": "id", "occurred_at": "time", event.SUBJECT: "subject"}


def source_of(event: type[Event]) -> str:
    """`mediation.case_forwarded.v1` comes from `mediation`."""
    return event.TYPE.partition(".")[0]


@cache
def topic_of(event: type[Event]) -> str:
    """`mediation.case_forwarded.v1` travels on `mediation-events`."""
    return source_of(event) + "-events"


def encode(event: Event) -> bytes:
    """The event as one CloudEvents 1.0 JSON message; `partitionkey` is its subject's id."""
    facts = dict(vars(event))  # dict(event) would first look, slowly, for keys it does not have
    fixed, names = frame_of(type(event))
    outer = {there: facts.pop(here) for here, there in names.items()}
    key = {"partitionkey": outer["subject"]}
    return to_json(fixed | key | outer | {"data": facts})


@cache
def frame_of(event: type[Event]) -> tuple[dict[str, str], dict[str, str]]:
    """What all messages of one type say alike, and which fields their envelope takes."""
    fixed = {
        "specversion": "1.0",
        "type": event.TYPE,
        "source": "/" + source_of(event),
        "datacontenttype": "application/json",
    }
    return fixed, envelope_of(event)


def facts_of(event: type[Event], message: dict[str, Any]) -> dict[str, Any]:
    """The fields of the event class, from the message's envelope and data."""
    outer = {here: message[there] for here, there in frame_of(event)[1].items()}
    return dict(message["data"]) | outer
