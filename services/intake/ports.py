"""What intake needs from outside, in its own words."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from services.intake.domain.scanning import Scan
from services.intake.domain.second_code import Ways
from services.intake.domain.waiting import Room
from shared.bodies import Bodies
from shared.limits.challenge import Flood


@dataclass(frozen=True)
class Mail:
    """One e-mail to the one who complained."""

    id: UUID
    """The same for every repetition."""
    body: str
    """The organisation that writes."""
    to: str = field(repr=False)
    subject: str
    text: str = field(repr=False)


@dataclass(frozen=True)
class TextMessage:
    """One short text message (短信) to the one who complained."""

    id: UUID
    """The same for every repetition."""
    body: str
    """The organisation that writes."""
    to: str = field(repr=False)
    text: str = field(repr=False)


@dataclass(frozen=True)
class Letter:
    """A letter about a complaint that is out of the house (函件)."""

    id: UUID
    kind: str
    number: str
    """Its document number (文号)."""
    issued_on: date
    sent_at: datetime | None


class Post(Protocol):
    """Takes mail to people."""

    async def send(self, mail: Mail) -> bool:
        """Whether the mail server took it; False where there is none. Raises Unanswered."""
        ...


class Office(Post, Protocol):
    """Notification: takes mail and text messages to people, and keeps the letters."""

    async def text(self, message: TextMessage) -> bool:
        """Whether the gateway took it; False where there is none. Raises Unanswered."""
        ...

    async def ways(self, body: str) -> Ways:
        """By what this organisation can send at the moment. Raises Unanswered."""
        ...

    async def letters(self, complaint_id: UUID) -> Sequence[Letter]:
        """The letters that whoever complained may read, the oldest first. Raises Unanswered."""
        ...

    async def letter(self, complaint_id: UUID, letter_id: UUID) -> bytes | None:
        """One of them as PDF; None where it is none of them. Raises Unanswered."""
        ...


class ScannerAwayError(Exception):
    """The scanner did not answer, or said nothing that can be relied on."""


class Scanner(Protocol):
    """Looks for malware in a file."""

    async def scan(self, data: bytes) -> Scan:
        """CLEAN or INFECTED. Raises ScannerAwayError."""
        ...


class Storage(Protocol):
    """A place for sealed files. The content under a key never changes; its seal may."""

    async def put(self, key: str, data: bytes) -> None:
        """Keep it, durably; the same key is put again only where its seal is renewed."""
        ...

    async def get(self, key: str) -> bytes:
        """What was kept. Raises KeyError where there is nothing."""
        ...

    async def begin(self, key: str, most: int) -> bytes:
        """How it begins, at most so many bytes. Raises KeyError where there is nothing."""
        ...

    async def delete(self, key: str) -> None:
        """Forget it; harmless where there is nothing."""
        ...

    async def has_room(self, size: int) -> bool:
        """Whether so many bytes more may be put without filling the disk."""
        ...

    def older(self, than: datetime) -> AsyncIterator[Sequence[str]]:
        """The keys that were last put before an instant, lot by lot."""
        ...


class Ledger(Protocol):
    """Knows what was erased, outside the data that a backup brings back."""

    async def add(self, marks: Mapping[bytes, str], day: str) -> None:
        """Note these marks, each with why it went (a code); durable when this returns."""
        ...

    async def marks(self) -> Mapping[bytes, str]:
        """All marks, each with why it went."""
        ...


@dataclass(frozen=True)
class Means:
    """What the edges of intake need besides the database."""

    bodies: Bodies
    storage: Storage
    office: Office
    flood: Flood = field(default_factory=Flood)
    """How many strangers came in the last minute."""
    room: Room = field(default_factory=Room)
    """How much may wait for forms that came back with errors."""
