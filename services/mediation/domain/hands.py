"""In whose hands a case may be put (分派): who can work on it where it lies then."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from uuid import UUID

from shared.rights import PERMISSIONS, Action, Grant, Reach, Role, Scope, Thing


def works_by(role: Role) -> tuple[Action, ...]:
    """The rights by which a role works on a case that is in its hands; none: it does not.

    Whoever may take its steps does; so does who is asked about cases given to them alone, and
    answers in a note (科室联系人). To read cases, or to write notes on everybody's, is not enough.
    """
    given = PERMISSIONS[role]
    found = [Action.CASE_HANDLE] if Action.CASE_HANDLE in given else []
    if given.get(Action.CASE_NOTE) is Scope.OWN:
        found.append(Action.CASE_NOTE)
    return tuple(found)


WORKING = frozenset(role for role in Role if works_by(role))
"""The roles that work on cases."""


@dataclass(frozen=True)
class Hand:
    """Somebody with a role that works on cases: their own, or of whom they stand in for (代理)."""

    id: UUID
    display: str = field(repr=False)
    grants: tuple[Grant, ...]

    def can_work_on(self, case: Thing) -> bool:
        """Whether they could work on a case that lies there, once it is in their hands."""
        mine = replace(case, owner=self.id)
        return any(
            grant.reach(action).admits(mine)
            for grant in self.grants
            for action in works_by(grant.role)
        )


def found_by(hands: Iterable[Hand]) -> Reach:
    """Where a case in nobody's hands is found by somebody who could deal with it.

    Once for all places: a body has hundreds of units, and of hands.
    """
    return Reach.union(grant.reach(Action.CASE_HANDLE) for one in hands for grant in one.grants)


def anybody_for(hands: Iterable[Hand], case: Thing) -> bool:
    """Whether there is somebody who would find a case there and could deal with it."""
    return found_by(hands).admits(replace(case, owner=None))
