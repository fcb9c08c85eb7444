"""What a forwarding letter (投诉转送函) is made of, and what must not be missing."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shared.masks import HIDDEN, Secrets, is_company

KIND = "forwarding"
COMPLAINT = "complaint"
"""The kind of matter (投诉) that a respondent is asked to answer."""


@dataclass(frozen=True)
class Sender:
    """The organisation that forwards."""

    name: str
    phone: str = ""
    address: str = ""


@dataclass(frozen=True)
class Respondent:
    """Who must answer (被投诉人)."""

    name: str = ""
    address: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Claim:
    """One request of the complainant (诉求)."""

    what: str
    """In Chinese, as the law names it (消费者权益保护法第五十二条)."""
    amount_fen: int | None = None


@dataclass(frozen=True)
class Enclosure:
    """A file that the complainant handed in: a copy of it can be enclosed (附件)."""

    id: UUID
    """Of the file, at intake."""
    name: str


@dataclass(frozen=True)
class Facts:
    """What a letter is made of, as it was when it was made; empty where it is not known."""

    case_number: str
    serial: int
    """1 for the first forwarding of the case, 2 for the next."""
    forwarded_on: date
    reply_due: date
    sender: Sender
    respondent: Respondent
    text: str
    kind: str = COMPLAINT
    """The kind of matter (事项性质)."""
    subject: str = ""
    complainant: str = ""
    names: tuple[str, ...] | None = None
    """Everybody who speaks beside the complainant: agent, companions; former names, too.

    None: the letter was made before they were kept with it.
    """
    streets: tuple[str, ...] = ()
    """Where they all live, as people write it."""
    may_be_named: bool = False
    """The complainant agreed that the complaint is passed on with the name."""
    happened_on: date | None = None
    place: str = ""
    goods: str = ""
    order_no: str = ""
    amount_fen: int | None = None
    claims: tuple[Claim, ...] = ()
    evidence: tuple[str, ...] = ()
    """What the complainant says to have; nobody here has seen it."""
    files: tuple[Enclosure, ...] = ()
    contact: str = ""
    """Name of the mediator (调解员)."""
    contact_phone: str = ""

    @property
    def secrets(self) -> Secrets:
        """What is hidden in running text from whom it does not concern."""
        own = () if self.is_firm else (self.complainant,)
        return Secrets((*own, *(self.names or ())), self.streets)

    @property
    def is_firm(self) -> bool:
        """Whether a firm complains, which is called by its name: nobody who is hidden is."""
        return self.complainant not in (self.names or ()) and is_company(self.complainant)

    @property
    def knows_whom_to_hide(self) -> bool:
        """Whether everybody who may stand in the text is known by name."""
        return self.names is not None

    def hidden_in(self, text: str) -> str:
        """Running text without them; all of it is hidden where not all of them are known."""
        return self.secrets.hidden_in(text) if self.knows_whom_to_hide else text and HIDDEN

    @property
    def is_complaint(self) -> bool:
        """Whether a forwarding letter (投诉转送函) may be written of it.

        The associations pass on complaints (消费者权益保护法第三十七条第一款第五项); no rule has
        them pass on an inquiry, a suggestion, praise or a call for help as one, and a report (举报)
        goes to the authority, never to whom it is about.
        """
        return self.kind == COMPLAINT


def missing(facts: Facts) -> tuple[str, ...]:
    """The facts without which no letter may go out, by name; a person must supply them."""
    needed = {
        "被投诉人名称": facts.respondent.name,
        "投诉内容": facts.text.strip(),
        "转送单位名称": facts.sender.name,
    }
    return tuple(name for name, value in needed.items() if not value)


def left_blank(facts: Facts) -> tuple[str, ...]:
    """The facts for which the letter leaves a line that a person fills in by hand."""
    known = facts.contact_phone or facts.sender.phone
    return () if known else ("联系电话",)
