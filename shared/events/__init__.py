"""The catalogue: every event any service may publish or hear."""

import json

from shared.events.base import ComplaintEvent, Event, encode, facts_of, topic_of
from shared.events.intake import (
    ComplaintAmended,
    ComplaintErased,
    ComplaintReceived,
    ComplaintRemoved,
    ComplaintWithdrawn,
    EvidenceAdded,
)
from shared.events.mediation import (
    ALL_OF_MEDIATION,
    CaseAccepted,
    CaseAgreed,
    CaseAmended,
    CaseAssigned,
    CaseClosed,
    CaseEvent,
    CaseFailed,
    CaseForwarded,
    CaseOpened,
    CaseRefused,
    CaseReopened,
    CaseWithdrawn,
    ReplyRecorded,
)
from shared.events.mediation_units import UnitChanged
from shared.events.notification import LetterEvent, LetterFailed, LetterPrepared, LetterSent

ALL: tuple[type[Event], ...] = (
    ComplaintReceived,
    ComplaintAmended,
    EvidenceAdded,
    ComplaintWithdrawn,
    ComplaintErased,
    ComplaintRemoved,
    *ALL_OF_MEDIATION,
    UnitChanged,
    LetterPrepared,
    LetterSent,
    LetterFailed,
)
BY_TYPE = {event.TYPE: event for event in ALL}
TOPICS = ("intake-events", "mediation-events", "notification-events")

__all__ = [
    "ALL",
    "BY_TYPE",
    "TOPICS",
    "CaseAccepted",
    "CaseAgreed",
    "CaseAmended",
    "CaseAssigned",
    "CaseClosed",
    "CaseEvent",
    "CaseFailed",
    "CaseForwarded",
    "CaseOpened",
    "CaseRefused",
    "CaseReopened",
    "CaseWithdrawn",
    "ComplaintAmended",
    "ComplaintErased",
    "ComplaintEvent",
    "ComplaintReceived",
    "ComplaintRemoved",
    "ComplaintWithdrawn",
    "Event",
    "EvidenceAdded",
    "LetterEvent",
    "LetterFailed",
    "LetterPrepared",
    "LetterSent",
    "ReplyRecorded",
    "UnitChanged",
    "decode",
    "encode",
    "topic_of",
]


def decode(body: bytes) -> Event | None:
    """Read one event; None for a type this version of the code does not know.

    Raises ValueError (json, pydantic) or KeyError for what is no event at all.
    """
    message = json.loads(body)
    known = BY_TYPE.get(message["type"])
    return known.model_validate(facts_of(known, message)) if known else None
