"""What notification needs from outside, in its own words."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from services.notification.domain.facts import COMPLAINT, Claim, Enclosure, Respondent
from services.notification.domain.letter import Letter
from services.notification.domain.paper import Paper
from services.notification.domain.way import Outcome
from shared.bodies import Bodies


class Forwarding(NamedTuple):
    """One forwarding of one case."""

    case_id: UUID
    serial: int


@dataclass(frozen=True)
class CaseFacts:
    """What mediation knows of a forwarding."""

    number: str
    respondent: Respondent
    contact: str
    contact_phone: str


@dataclass(frozen=True)
class Words:
    """What intake knows of a complaint, as far as a letter needs it; empty once erased."""

    kind: str = COMPLAINT
    complainant: str = ""
    names: tuple[str, ...] = ()
    streets: tuple[str, ...] = ()
    may_be_named: bool = False
    subject: str = ""
    text: str = ""
    happened_on: str = ""
    place: str = ""
    goods: str = ""
    order_no: str = ""
    amount_fen: int | None = None
    claims: tuple[Claim, ...] = ()
    evidence: tuple[str, ...] = ()
    files: tuple[Enclosure, ...] = ()


@dataclass(frozen=True)
class Mail:
    """One e-mail: everything a mail server is told."""

    message_id: str
    """Stable: the same for every repetition of one sending."""
    to: str
    to_name: str
    sender_name: str
    subject: str
    text: str
    date: datetime
    file_name: str
    pdf: bytes = field(repr=False)
    """The letter; empty: there is none."""


class Cases(Protocol):
    """Mediation: who must answer, and who is the contact."""

    async def of(self, forwardings: Sequence[Forwarding]) -> Mapping[Forwarding, CaseFacts]:
        """The facts of these forwardings (200 at most), as far as known. Raises Unanswered."""
        ...


class Complaints(Protocol):
    """Intake: the words of complaints."""

    async def words(self, ids: Sequence[UUID]) -> Mapping[UUID, Words]:
        """The words of these complaints (200 at most), as far as known. Raises Unanswered."""
        ...


class Printer(Protocol):
    """Puts letters on paper."""

    def has(self, character: str) -> bool:
        """Whether some font has this character."""
        ...

    async def pdf(self, letter: Letter) -> bytes: ...

    async def docx(self, letter: Letter) -> bytes: ...

    async def paper(self, paper: Paper) -> bytes: ...


class Mailer(Protocol):
    """Hands e-mail over."""

    def takes(self, *, demo: bool) -> bool:
        """Whether mail of a (fictitious) organisation can be handed over at all."""
        ...

    async def send(self, mail: Mail) -> Outcome:
        """Hand over one mail. What goes wrong is the outcome, not an exception."""
        ...


@dataclass(frozen=True)
class Office:
    """What the people who write letters have at hand."""

    bodies: Bodies
    address: str
    """The address people reach us at, without a slash at its end."""
    cases: Cases
    complaints: Complaints
    printer: Printer
    mailer: Mailer
    draw: Callable[[], float] = random.random
    """A number from 0 to 1, for jitter."""
