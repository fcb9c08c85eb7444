"""How events become facts: a wide row per complaint, a row per letter and per unit.

The same in any order.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from services.analytics.domain.registers import Register, Row, Table


class Told(NamedTuple):
    """One event, as far as the facts are concerned."""

    type: str
    """As on the wire, `mediation.case_accepted.v1`."""
    subject: UUID
    """The complaint it is about, or the unit."""
    version: int
    """Counted from 1 per subject and speaking service."""
    facts: Mapping[str, Any]
    """What the event states, and `occurred_on`, its legal day."""


INTAKE = Register("intake_version")
RECEIVED = Register(
    "received_version",
    {
        "body": str, "demo": bool, "kind": str, "channel": str, "received_at": datetime,
        "received_on": date, "source": str,
    },
)  # fmt: skip
RECORD = Register(
    "record_version",
    {"region": str, "category": str, "nature": str, "amount_fen": int, "respondent_known": bool},
)
EVIDENCE = Register("evidence_version", {"files": int})
MEDIATION = Register(
    "mediation_version", {"case_body": str, "state": str, "due_on": date, "due_for": str}
)
OPENED = Register("opened_version", {"opened_on": date})
PLACED = Register("placed_version", {"unit": str, "assignee": str})
"""The unit (承办部门) it lies with, and who works on it."""
ACCEPTED = Register(
    "accepted_version", {"accepted_on": date, "forward_due": date, "mediate_due": date}, first=True
)
REFUSED = Register("refused_version", {"refused_on": date, "refused_reason": str})
FIRST_FORWARDED = Register("first_forwarded_version", {"first_forwarded_on": date}, first=True)
FORWARDED = Register("forwarded_version", {"serial": int, "forwarded_on": date, "reply_due": date})
REPLIED = Register("replied_version", {"replied_on": date, "in_time": bool}, first=True)
SETTLED = Register("settled_version", {"result": str, "settled_on": date, "failed_reason": str})
CLOSED = Register("closed_version", {"closed_on": date, "outcome": str, "recovered_fen": int})
REOPENED = Register("reopened_version", {"reopened_on": date})
NOTIFICATION = Register("notification_version")
REMOVED = Register("removed_version")
"""Stated of a fictitious complaint that was taken out again: it is in no figure any more."""

COMPLAINTS = Table(
    "complaints",
    "complaint_id",
    {},
    (
        INTAKE, RECEIVED, RECORD, EVIDENCE, MEDIATION, OPENED, PLACED, ACCEPTED, REFUSED,
        FIRST_FORWARDED, FORWARDED, REPLIED, SETTLED, CLOSED, REOPENED, NOTIFICATION, REMOVED,
    ),
)  # fmt: skip

PREPARED = Register("prepared_version", {"prepared_on": date}, first=True)
SENT = Register("sent_version", {"sent_on": date, "way": str}, first=True)
GIVEN_UP = Register("failed_version", {"failed_on": date, "reason": str})

LETTERS = Table(
    "letters", "letter_id", {"complaint_id": UUID, "kind": str}, (PREPARED, SENT, GIVEN_UP)
)

TOLD = Register(
    "unit_version",
    {"unit_body": str, "parent": UUID, "path": str, "code": str, "unit_name": str, "ended": bool},
)
UNITS = Table("units", "unit_id", {}, (TOLD,))
"""The tree of units (部门), as mediation tells it."""

OF_SOURCE = {"intake": INTAKE, "mediation": MEDIATION, "notification": NOTIFICATION}
"""What every event of a service states, whatever else it says."""

OF_COMPLAINT: dict[str, tuple[Register, ...]] = {
    "intake.complaint_received.v1": (RECEIVED, RECORD),
    "intake.complaint_amended.v1": (RECORD,),
    "intake.evidence_added.v1": (EVIDENCE,),
    "intake.complaint_removed.v1": (REMOVED,),
    "mediation.case_opened.v1": (OPENED, PLACED),
    "mediation.case_assigned.v1": (PLACED,),
    "mediation.case_accepted.v1": (ACCEPTED,),
    "mediation.case_refused.v1": (REFUSED, CLOSED),
    "mediation.case_forwarded.v1": (FIRST_FORWARDED, FORWARDED),
    "mediation.reply_recorded.v1": (REPLIED,),
    "mediation.case_agreed.v1": (SETTLED,),
    "mediation.case_failed.v1": (SETTLED,),
    "mediation.case_withdrawn.v1": (SETTLED,),
    "mediation.case_closed.v1": (CLOSED,),
    "mediation.case_reopened.v1": (REOPENED,),
}
OF_LETTER: dict[str, Register] = {
    "notification.letter_prepared.v1": PREPARED,
    "notification.letter_sent.v1": SENT,
    "notification.letter_failed.v1": GIVEN_UP,
}

OF_UNIT: dict[str, Register] = {"mediation.unit_changed.v1": TOLD}

RENAMED: dict[str, dict[str, str]] = {
    "mediation.case_opened.v1": {"opened_on": "occurred_on"},
    "mediation.case_refused.v1": {
        "refused_on": "occurred_on",
        "refused_reason": "reason",
        "closed_on": "occurred_on",
    },
    "mediation.case_forwarded.v1": {"first_forwarded_on": "forwarded_on"},
    "mediation.case_agreed.v1": {"settled_on": "occurred_on"},
    "mediation.case_failed.v1": {"settled_on": "occurred_on", "failed_reason": "reason"},
    "mediation.case_withdrawn.v1": {"settled_on": "occurred_on"},
    "mediation.case_reopened.v1": {"reopened_on": "occurred_on"},
    "mediation.unit_changed.v1": {"unit_body": "body"},
    "notification.letter_sent.v1": {"sent_on": "occurred_on"},
    "notification.letter_failed.v1": {"failed_on": "occurred_on"},
}
"""Column -> the event's own word for it, where they differ. A refusal closes on its day."""
RESULTS = {
    "mediation.case_agreed.v1": "agreed",
    "mediation.case_failed.v1": "failed",
    "mediation.case_withdrawn.v1": "withdrawn",
}

OUTCOMES = {"mediation.case_refused.v1": "refused"}
"""What a case was closed as by an event that does not say it: `case_closed` does."""


@dataclass(frozen=True)
class Facts:
    """What a list of events states, by complaint, by letter and by unit."""

    complaints: dict[UUID, Row] = field(default_factory=dict)
    letters: dict[UUID, Row] = field(default_factory=dict)
    units: dict[UUID, Row] = field(default_factory=dict)


def fold(events: Iterable[Told]) -> Facts:
    """Return the facts of these events: the same for any order and any repetition of them."""
    facts = Facts()
    for event in events:
        stated = stated_by(event)
        if event.type in OF_UNIT:
            note_unit(facts, event, stated)
            continue
        note_complaint(facts, event, stated)
        if event.type in OF_LETTER:
            note_letter(facts, event, stated)
    return facts


def note_complaint(facts: Facts, event: Told, stated: Row) -> None:
    """Add what one event says of its complaint."""
    row = facts.complaints.setdefault(event.subject, {COMPLAINTS.key: event.subject})
    for register in registers_of(event.type):
        register.take(row, event.version, stated)


@lru_cache(maxsize=128)
def registers_of(kind: str) -> tuple[Register, ...]:
    """What an event of this type states of its complaint."""
    return (OF_SOURCE[kind.partition(".")[0]], *OF_COMPLAINT.get(kind, ()))


def note_letter(facts: Facts, event: Told, stated: Row) -> None:
    """Add what one event says of its letter."""
    letter = stated[LETTERS.key]
    known = {LETTERS.key: letter, "complaint_id": event.subject, "kind": stated["kind"]}
    row = facts.letters.setdefault(letter, known)
    OF_LETTER[event.type].take(row, event.version, stated)


def note_unit(facts: Facts, event: Told, stated: Row) -> None:
    """Add what one event says of its unit."""
    row = facts.units.setdefault(event.subject, {UNITS.key: event.subject})
    OF_UNIT[event.type].take(row, event.version, stated)


def stated_by(event: Told) -> Row:
    """The event's facts under the names of our columns."""
    told = event.facts
    stated = {**told, "case_body": told.get("body"), "result": RESULTS.get(event.type)}
    if event.type in OUTCOMES:
        stated["outcome"] = OUTCOMES[event.type]
    for name in ("unit", "assignee"):
        if told.get(name) is not None:
            stated[name] = str(told[name])
    for column, word in RENAMED.get(event.type, {}).items():
        stated[column] = told[word]
    return stated
