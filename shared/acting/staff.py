"""Somebody who works here, as a session or a token proves them."""

from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from shared.rights import EVERYTHING, ROLES, Action, Grant, Rights

SERVICE_ROLE = "service"


@dataclass(frozen=True)
class Staff:
    """Somebody who works here, or a service (role `service`, name of the issuer, no body)."""

    id: UUID
    name: str
    display: str
    role: str
    """Their first role, as lists show it."""
    body: str
    """The body they work for; empty: all of them."""
    unit: UUID | None = None
    """The unit they work in; None: the body itself."""
    grants: tuple[Grant, ...] | None = None
    """What they hold now, stand-ins' rights included; None: their first role in their body."""
    only: frozenset[Action] | None = None
    """What the token they came with is good for; None: they came with a session."""
    enrolling: bool = False
    """Their role demands a second factor they do not have: all they may do is to get one."""

    @cached_property
    def rights(self) -> Rights:
        """What they may do, and where."""
        if self.role == SERVICE_ROLE:
            return EVERYTHING
        if self.grants is None:
            return Rights((Grant(ROLES[self.role], self.id, self.body),), self.only)
        return Rights(self.grants, self.only)
