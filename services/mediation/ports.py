"""What mediation needs from outside, in its own words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from shared.trail import Doer

FACTS = ("region", "category", "nature", "amount_fen", "happened_on")


@dataclass(frozen=True)
class Record:
    """The words of one complaint, as intake keeps them; empty where they were erased."""

    id: UUID
    complainant: Mapping[str, Any]
    respondent: Mapping[str, Any]
    words: Mapping[str, Any]
    files: Sequence[Mapping[str, Any]] = ()
    """Name, kind and size of each file of evidence."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Codes, sum and day of the matter: what `FACTS` names, as JSON writes them."""


@dataclass(frozen=True)
class Amendment:
    """A correction: JSON pointers of the complaint and their new values."""

    id: UUID
    complaint_id: UUID
    changes: Mapping[str, Any]


@dataclass(frozen=True)
class Registered:
    """A complaint that staff entered."""

    number: str
    query_code: str


@dataclass(frozen=True)
class Notice:
    """The privacy notice (隐私告知) in force at a body."""

    version: str
    body: str
    title: str
    short: str
    """What is read out to whoever calls; the whole of it is a page of intake's."""


class EntryRefusedError(Exception):
    """Intake refused what staff entered; `errors` are pairs of JSON pointer and sentence."""

    def __init__(self, errors: Sequence[tuple[str, str]]) -> None:
        super().__init__(", ".join(pointer for pointer, _ in errors))
        self.errors = errors


class Intake(Protocol):
    """The service that keeps the records of complaints."""

    async def words(self, ids: Sequence[UUID]) -> Mapping[UUID, Record]:
        """The records of these complaints (200 at most). Raises Unanswered."""
        ...

    async def amend(self, amendments: Sequence[Amendment]) -> None:
        """Correct records; harmless when repeated. Raises Unanswered."""
        ...

    async def unclear(self, complaint_id: UUID, changes: Mapping[str, Any]) -> Sequence[str]:
        """Which of these corrections it would leave out: JSON pointers. Raises Unanswered.

        In a report (举报) it hides who reported, and a star that hides nothing known is not kept.
        """
        ...

    async def renew_code(self, complaint_id: UUID, doer: Doer) -> str:
        """A new query code, which `doer` gives out; older ones are worthless. Raises Unanswered."""
        ...

    async def notice(self, body: str, language: str) -> Notice | None:
        """The privacy notice in force at a body; none: there is none. Raises Unanswered."""
        ...

    async def wrong_with(
        self, complaint: Mapping[str, Any], language: str
    ) -> Sequence[tuple[str, str]]:
        """What would be refused of it: JSON pointers and sentences. Raises Unanswered."""
        ...

    async def register(self, complaint: Mapping[str, Any], language: str, key: str) -> Registered:
        """Enter a complaint for somebody, once per `key`. Raises EntryRefusedError, Unanswered."""
        ...


class Eraser(Protocol):
    """Intake, as far as it erases words."""

    async def erase(self, wanted: Mapping[UUID, str]) -> None:
        """Erase the words of these complaints, each for a reason; harmless when repeated.

        Raises Unanswered.
        """
        ...


class IdentityProvider(Protocol):
    """Another system that knows who somebody is (OpenID Connect)."""

    async def address(self, asked: Mapping[str, str]) -> str:
        """Where somebody is sent to prove who they are. Raises Unanswered."""
        ...

    async def claims(self, code: str, verifier: str, back: str) -> Mapping[str, Any] | None:
        """What it says of who came back with this code; None where that cannot be believed.

        Only the signature was checked. Raises Unanswered.
        """
        ...


@dataclass(frozen=True)
class PersonAsked:
    """Who is looked for, and in which bodies; whatever is given must agree."""

    name: str | None
    phone: str | None
    id_number: str | None
    bodies: Sequence[str]


@dataclass(frozen=True)
class Origin:
    """How a complaint came in."""

    by_staff: bool = False
    """Somebody of the staff entered it."""
    notice: Mapping[str, Any] | None = None
    """`version`, `since`, `shown_at` and `title` of the privacy notice; None: none was shown."""


class Privacy(Protocol):
    """Intake, as far as it answers a person who asks what there is about them."""

    async def reported_by(self, asked: PersonAsked) -> Sequence[Mapping[str, Any]]:
        """Their reports: `complaint_id`, `identity` and `part` of each. Raises Unanswered."""
        ...

    async def origins(self, ids: Sequence[UUID]) -> Mapping[UUID, Origin]:
        """How these complaints came in (200 at most). Raises Unanswered."""
        ...

    async def words(self, ids: Sequence[UUID]) -> Mapping[UUID, Record]:
        """The records of these complaints (200 at most). Raises Unanswered."""
        ...

    async def file(self, complaint_id: UUID, file_id: UUID) -> bytes | None:
        """The content of one file of a complaint; None: kept no longer. Raises Unanswered."""
        ...


@dataclass(frozen=True)
class Letter:
    """A finished letter about a complaint."""

    number: str
    """Its document number (文号)."""
    kind: str
    issued_on: str
    to: str
    """Who was written to."""
    sent_at: str | None
    """None: it has not left."""
    way: str | None
    """email or print, once it is out."""
    pdf: bytes = field(repr=False)


class Letters(Protocol):
    """Notification, as far as it hands out what was written about a complaint, and prints."""

    async def letters(self, complaint_id: UUID) -> Sequence[Letter]:
        """The finished letters about a complaint. Raises Unanswered."""
        ...

    async def paper(self, document: Mapping[str, Any]) -> bytes:
        """A plain document (title, lead, sections of rows and lines) as PDF. Raises Unanswered."""
        ...
