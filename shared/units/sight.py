"""What somebody may do one thing with: how far their right reaches over the tree of units."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement

from shared.rights import EVERYWHERE, Action, Reach, Rights
from shared.units.tree import NO_UNITS, Tree
from shared.units.within import within


@dataclass(frozen=True)
class Place:
    """Where something lies, and in whose hands it is; it may be in several people's."""

    body: str
    unit: UUID | None = None
    owners: tuple[UUID | None, ...] = (None,)


@dataclass(frozen=True)
class Sight:
    """A reach over the tree of units."""

    reach: Reach = EVERYWHERE
    tree: Tree = NO_UNITS

    def admits(self, place: Place) -> bool:
        """Whether what lies there is within reach."""
        things = (self.tree.place(place.body, place.unit, one) for one in place.owners)
        return any(map(self.reach.admits, things))

    def rows(
        self,
        bodies: tuple[str, ...],
        *,
        body: ColumnElement[str],
        unit: ColumnElement[object],
        owner: ColumnElement[object] | None = None,
    ) -> ColumnElement[bool]:
        """The same as a condition on rows of these bodies (all that there are)."""
        return within(self.reach, self.tree, bodies, body=body, unit=unit, owner=owner)


def sight_of(rights: Rights, action: Action, tree: Tree) -> Sight:
    """What somebody may do this with."""
    return Sight(rights.reach(action), tree)
