"""What is noted: in which chain, who did it and for whom, and what."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, Protocol, Self
from uuid import UUID

from shared.rights import Grant, Hands
from shared.tokens import CONSOLE as CONSOLE_ISSUER

KINDS = frozenset(
    (
        "staff", "unit", "role", "setting", "pack", "case", "letter", "token", "key", "session",
        "audit", "refused", "checkpoint", "retention", "complaint", "notice", "figures", "search",
    )
)  # fmt: skip
"""What chains there are: each thing of these has one of its own, so that nobody waits."""


class Chain(NamedTuple):
    """Whose history a row belongs to: a kind, and the id or code of one of that kind."""

    kind: str
    key: str


class Somebody(Protocol):
    """Who a session or a token says somebody is, as `shared.acting.Staff`."""

    @property
    def id(self) -> UUID: ...
    @property
    def name(self) -> str: ...
    @property
    def display(self) -> str: ...
    @property
    def role(self) -> str: ...


@dataclass(frozen=True)
class Doer:
    """Who acts, and on whose behalf: both appear in the trail."""

    kind: str
    """staff, citizen, respondent, service, console or system."""
    id: UUID | None = None
    name: str = field(default="", repr=False)
    role: str = ""
    for_id: UUID | None = None
    """Whose right is used by a stand-in (代理), or for whom it is done (代办)."""
    for_name: str = field(default="", repr=False)

    @classmethod
    def of(cls, who: Somebody, for_id: UUID | None = None, for_name: str = "") -> Self:
        """The doer that a session or a service token proves."""
        kind, name = "staff", who.display or who.name
        if who.role == "service" and who.name == CONSOLE_ISSUER:
            kind, name = CONSOLE.kind, CONSOLE.name
        elif who.role == "service":
            kind = "service"
        return cls(kind, who.id, name, who.role, for_id, for_name)

    @property
    def hands(self) -> Hands:
        """Whose hands these are, where it takes two people (四眼原则)."""
        return Hands(self.id, self.for_id)

    def as_facts(self) -> dict[str, str | None]:
        """What a sister reads of somebody of the staff."""
        ids = {"id": self.id, "for_id": self.for_id}
        names = {"name": self.name, "role": self.role, "for_name": self.for_name}
        return {name: str(one) if one else None for name, one in ids.items()} | names

    def using(self, grant: Grant | None) -> Self:
        """Them by a right (`Rights.used`): in its role and, where it is lent (代理), for whom.

        None: they may do everything, and are who they are.
        """
        if grant is None:
            return self
        one = replace(self, role=grant.role.value)
        if grant.holder == self.id:
            return one
        return replace(one, for_id=grant.holder, for_name=grant.holder_name)


SYSTEM = Doer("system")
CONSOLE = Doer("console")
"""Whoever sits at the machine itself; without a name, as readers have a word for it."""


@dataclass(frozen=True)
class Said:
    """What was done: a code of `Deed`, and what belongs to it; all of it is sealed."""

    action: str
    values: Mapping[str, Any] = field(default_factory=dict, repr=False)


class Noted(NamedTuple):
    """One thing to note."""

    chain: Chain
    doer: Doer
    said: Said
