"""Who may see which cases and take which steps: rights over the place where a case lies."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from services.mediation.domain.case import Step
from services.mediation.use_cases.keeping import Actor
from services.mediation.use_cases.tree import tree_for
from shared import acting
from shared.acting import Staff
from shared.rights import EVERYWHERE, Action, Reach, Thing
from shared.trail import Doer
from shared.units import NO_UNITS, Place, Tree
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
class Caller(acting.Caller):
    """Who wants to act, with their rights."""

    @property
    def sees(self) -> Seen:
        """The cases they may read."""
        return Seen(self.rights.reach(Action.CASE_READ), self.tree)

    def doing_with(self, action: Action, case: Lies) -> Doer:
        """Them as the trail keeps it, with whose right they use. Raises NotAllowedError."""
        return self.doing(action, Place(case.body, case.unit, (case.assignee,)))

    def acting(self, action: Action, case: Lies) -> Actor:
        """The same, as the log of the case keeps it. Raises NotAllowedError."""
        doer = self.doing_with(action, case)
        kind = "staff" if doer.kind == "staff" else "service"
        return Actor(kind, doer.id, doer.role, doer.for_id)


async def caller_of(database: Database, who: Staff) -> Caller:
    """Who asks, as use cases know them."""
    return Caller(Doer.of(who), who.rights, await tree_for(database, database.clock()))


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
