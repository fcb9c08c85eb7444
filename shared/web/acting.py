"""Who wants to act on what lies in units of an organisation, and how the trail names them."""

from dataclasses import dataclass
from uuid import UUID

from shared.rights import EVERYTHING, Action, Rights
from shared.trail.said import Doer
from shared.units import NO_UNITS, Place, Sight, Tree, sight_of, tree_for
from shared.web.sessions import Staff
from shared.work import Database


@dataclass(frozen=True)
class Caller:
    """Who asks, with their rights over the tree of units."""

    doer: Doer
    rights: Rights = EVERYTHING
    tree: Tree = NO_UNITS

    @property
    def id(self) -> UUID | None:
        """Who it is."""
        return self.doer.id

    def sight(self, action: Action) -> Sight:
        """What they may do this with."""
        return sight_of(self.rights, action, self.tree)

    def may(self, action: Action, place: Place) -> bool:
        """Whether they may do this with what lies there."""
        return self.sight(action).admits(place)

    def doing(self, action: Action, place: Place) -> Doer:
        """Them as the trail keeps it when they do it: in which role and, as a stand-in, for whom.

        Raises NotAllowedError.
        """
        things = (self.tree.place(place.body, place.unit, one) for one in place.owners)
        return self.doer.using(self.rights.used(action, self.doer.id, *things))


async def caller_of(database: Database, who: Staff) -> Caller:
    """Whoever a session or a token belongs to, in a service that follows mediation's units."""
    return Caller(Doer.of(who), who.rights, await tree_for(database, database.clock()))
