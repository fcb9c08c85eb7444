"""Who may see which cases and take which steps: rights over the place where a case lies."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from services.mediation.domain.case import Step
from services.mediation.use_cases.keeping import Actor
from services.mediation.use_cases.people.units import tree_for
from shared.rights import EVERYTHING, EVERYWHERE, Action, Reach, Rights, Thing
from shared.units import NO_UNITS, Tree
from shared.web.sessions import SERVICE_ROLE, Staff
from shared.work import Database

ACTIONS: Mapping[Step, Action] = {
    Step.ASSIGN: Action.CASE_ASSIGN,
    Step.AMEND: Action.CASE_AMEND,
    Step.NAME_RESPONDENT: Action.CASE_AMEND,
    Step.NOTE: Action.CASE_NOTE,
}
"""What a step takes, where that is not the right to handle cases."""


def action_of(step: Step) -> Action:
    """The right that a step takes."""
    return ACTIONS.get(step, Action.CASE_HANDLE)


class Lies(Protocol):
    """What lies somewhere: a case."""

    @property
    def body(self) -> str: ...
    @property
    def unit(self) -> UUID | None: ...
    @property
    def assignee(self) -> UUID | None: ...


@dataclass(frozen=True)
class Seen:
    """What somebody may do one thing with: their reach over the tree of units."""

    reach: Reach = EVERYWHERE
    tree: Tree = NO_UNITS

    def admits(self, case: Lies) -> bool:
        """Whether a case is within reach."""
        return self.reach.admits(self.place(case))

    def place(self, case: Lies) -> Thing:
        """Where a case lies."""
        return self.tree.place(case.body, case.unit, case.assignee)


ALL = Seen()


@dataclass(frozen=True)
class Caller:
    """Who wants to act, with their rights."""

    kind: str
    """staff or service."""
    id: UUID | None
    role: str
    rights: Rights = EVERYTHING
    tree: Tree = NO_UNITS
    name: str = field(default="", repr=False)

    @property
    def sees(self) -> Seen:
        """The cases they may read."""
        return Seen(self.rights.reach(Action.CASE_READ), self.tree)

    def acting(self, action: Action, case: Lies) -> Actor:
        """Them as the log keeps it, with whose right they use. Raises NotAllowedError."""
        place = self.tree.place(case.body, case.unit, case.assignee)
        used = self.rights.used(action, place, self.id)
        if used is None:
            return Actor(self.kind, self.id, self.role)
        behalf = None if used.holder == self.id else used.holder
        return Actor(self.kind, self.id, used.role.value, behalf)


async def caller_of(database: Database, who: Staff) -> Caller:
    """Who asks, as use cases know them."""
    kind = "service" if who.role == SERVICE_ROLE else "staff"
    tree = await tree_for(database, database.clock())
    return Caller(kind, who.id, who.role, who.rights, tree, who.display or who.name)


async def seen_by(database: Database, who: Staff, action: Action = Action.CASE_READ) -> Seen:
    """Which cases somebody may do something with."""
    return Seen(who.rights.reach(action), await tree_for(database, database.clock()))


def steps_allowed(caller: Caller, case: Lies) -> frozenset[Step]:
    """The steps that the caller's rights allow on a case, lawful now or not."""
    place: Any = caller.tree.place(case.body, case.unit, case.assignee)
    may = {
        action: caller.rights.reach(action).admits(place)
        for action in {*ACTIONS.values(), Action.CASE_HANDLE}
    }
    return frozenset(step for step in Step if may[action_of(step)])
