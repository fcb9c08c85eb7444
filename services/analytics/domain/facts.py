"""How events become facts: a wide row per complaint, a row per letter and per unit.

The same in any order.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from services.analytics.domain.columns import (
    COMPLAINTS,
    LETTERS,
    OF_COMPLAINT,
    OF_LETTER,
    OF_SOURCE,
    OF_UNIT,
    OUTCOMES,
    RENAMED,
    RESULTS,
    UNITS,
)
from services.analytics.domain.registers import Register, Row


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
