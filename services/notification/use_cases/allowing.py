"""Who may read which letters and what they may do with them: rights over where the case lies."""

from dataclasses import dataclass, replace

from services.notification.tables import LetterRow
from shared.rights import EVERYTHING, Action, Rights
from shared.trail import Doer
from shared.units import NO_UNITS, Place, Sight, Tree, sight_of, tree_for
from shared.web.sessions import Staff
from shared.work import Database


@dataclass(frozen=True)
class Caller:
    """Who asks, with their rights."""

    doer: Doer
    rights: Rights = EVERYTHING
    tree: Tree = NO_UNITS

    @property
    def sees(self) -> Sight:
        """The letters they may read."""
        return sight_of(self.rights, Action.LETTER_READ, self.tree)

    def may(self, action: Action, letter: LetterRow) -> bool:
        """Whether they may do this with a letter."""
        return sight_of(self.rights, action, self.tree).admits(where_lies(letter))

    def doing(self, action: Action, letter: LetterRow) -> Doer:
        """Them as the trail keeps it, with whose right they use. Raises NotAllowedError."""
        place = self.tree.place(letter.body, letter.unit, letter.assignee)
        used = self.rights.used(action, place, self.doer.id)
        if used is None:
            return self.doer
        behalf = None if used.holder == self.doer.id else used.holder
        return replace(self.doer, role=used.role.value, for_id=behalf)


async def caller_of(database: Database, who: Staff) -> Caller:
    """Who asks, as use cases know them."""
    tree = await tree_for(database, database.clock())
    return Caller(Doer.of(who), who.rights, tree)


def where_lies(letter: LetterRow) -> Place:
    """Where the case of a letter lies, and who works on it."""
    return Place(letter.body, letter.unit, (letter.assignee,))
