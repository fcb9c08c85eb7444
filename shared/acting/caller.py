"""Who wants to act on what lies in units of an organisation, and how the trail names them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from shared.acting.staff import Staff
from shared.rights import EVERYTHING, Action, NotAllowedError, Rights
from shared.trail.said import Doer
from shared.units import NO_UNITS, Place, Sight, Tree, sight_of, tree_for
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

    def doing_any(self, actions: Sequence[Action], place: Place) -> Doer:
        """The same for what each of these rights is enough for.

        Raises NotAllowedError, naming the first, where they have none of them there.
        """
        return self.doing(next((one for one in actions if self.may(one, place)), actions[0]), place)

    def doing_in(self, action: Action, body: str) -> Doer:
        """The same for what only begins to lie somewhere in a body.

        Raises NotAllowedError where they may do it nowhere there.
        """
        if self.rights.everything:
            return self.doer
        drawn = self.rights.drawn_on(action, self.doer.id, (body,))
        if not drawn:
            raise NotAllowedError("您的角色不能在这里做「{action}」。", action=action)
        return self.doer.using(drawn[0])


def doer_of(who: Staff, action: Action) -> Doer:
    """Who does it to whatever is within reach: by a lent right (代理) where one reaches further."""
    drawn = who.rights.drawn_on(action, who.id)
    lent = [one for one in drawn if one.holder != who.id]
    return Doer.of(who).using(next(iter(lent or drawn), None))


def doers_of(who: Staff, action: Action, bodies: Collection[str] | None = None) -> list[Doer]:
    """Who searches or lists all within reach in these bodies: once for each whose right it takes.

    `bodies` None: all of them.
    """
    me = Doer.of(who)
    return [me.using(one) for one in who.rights.drawn_on(action, who.id, bodies)] or [me]


async def caller_of(database: Database, who: Staff) -> Caller:
    """Whoever a session or a token belongs to, in a service that follows mediation's units."""
    return Caller(Doer.of(who), who.rights, await tree_for(database, database.clock()))
