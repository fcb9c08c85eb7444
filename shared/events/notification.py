"""What notification states."""

from datetime import date
from uuid import UUID

from shared.events.base import ComplaintEvent


class LetterEvent(ComplaintEvent):
    """What every event of a letter carries."""

    letter_id: UUID
    case_id: UUID
    kind: str
    """forwarding (投诉转送函)."""


class LetterPrepared(LetterEvent):
    """A letter was made and has its document number (文号)."""

    TYPE = "notification.letter_prepared.v1"
    document_number: str
    prepared_on: date


class LetterSent(LetterEvent):
    """A letter left the house, by e-mail or as handed over on paper."""

    TYPE = "notification.letter_sent.v1"
    way: str
    """email or print."""
    attempts: int


class LetterFailed(LetterEvent):
    """We gave up sending; a person must choose another way."""

    TYPE = "notification.letter_failed.v1"
    reason: str
    """A code, such as refused, unreachable, address, late, missing, glyphs."""
    attempts: int
