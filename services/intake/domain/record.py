"""The record of a complaint (domain: union of the forms of associations, 12315 and banks).

Texts are expected tidy already (`shared.text`); None and empty mean "not known".
"""

from datetime import date, datetime
from typing import NamedTuple


class Complainant(NamedTuple):
    """Who complains (投诉人)."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None
    id_type: str | None = None
    id_number: str | None = None
    address: str | None = None
    kind: str = "natural"


class Agent(NamedTuple):
    """Who acts for the complainant (代理人), with a written authority (授权委托书)."""

    name: str | None = None
    phone: str | None = None
    id_type: str | None = None
    id_number: str | None = None
    authority: str | None = None
    """What the authority covers: matters, powers, until when."""


class Companion(NamedTuple):
    """One of several who complain together (共同投诉人)."""

    name: str
    phone: str | None = None


class Joint(NamedTuple):
    """A complaint of several people, with those who speak for all (代表人)."""

    people: tuple[Companion, ...] = ()
    representatives: tuple[str, ...] = ()


class Respondent(NamedTuple):
    """Who is complained of (被投诉人)."""

    name: str | None = None
    uscc: str | None = None
    address: str | None = None
    phone: str | None = None
    email: str | None = None
    platform: str | None = None
    """The e-commerce platform and the shop's name there."""


class Matter(NamedTuple):
    """What happened (投诉事项)."""

    text: str = ""
    subject: str | None = None
    happened_on: date | None = None
    place: str | None = None
    region: str | None = None
    goods_or_service: str | None = None
    order_no: str | None = None
    amount_fen: int | None = None
    nature: str | None = None
    category: str | None = None
    rights_infringement_known_on: date | None = None


class ClaimedThing(NamedTuple):
    """One thing the complainant asks for (诉求)."""

    kind: str
    amount_fen: int | None = None


class Consents(NamedTuple):
    """What the complainant agreed to; nothing is presumed."""

    forwarding: bool | None = None
    """None: nothing was stated, neither yes nor no."""
    mediation: bool | None = None
    """The same."""
    entrusted_mediation: bool = False
    publication: bool = False
    sensitive: bool | None = None
    """To the use of sensitive personal data (敏感个人信息, PIPL art. 29); None: not stated."""


class External(NamedTuple):
    """Where an imported or transferred complaint comes from."""

    source: str | None = None
    id: str | None = None
    received_at: datetime | None = None


class Complaint(NamedTuple):
    """Everything that is said in one complaint."""

    kind: str = "complaint"
    channel: str = "web"
    body: str | None = None
    complainant: Complainant = Complainant()
    agent: Agent | None = None
    joint: Joint | None = None
    respondent: Respondent = Respondent()
    matter: Matter = Matter()
    claims: tuple[ClaimedThing, ...] = ()
    evidence: tuple[str, ...] = ()
    consents: Consents = Consents()
    external: External = External()
    notice: str | None = None
    """The version of the privacy notice that the complainant saw or was read."""

    @property
    def respondent_known(self) -> bool:
        """Whether the respondent can be found: a name or a credit code."""
        return bool(self.respondent.name or self.respondent.uscc)
