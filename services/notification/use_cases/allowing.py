"""Who may read which letters and what they may do with them: rights over where the case lies."""

from services.notification.tables import LetterRow
from shared.acting import Caller
from shared.rights import Action
from shared.units import Place, Sight


def seen_by(caller: Caller) -> Sight:
    """The letters they may read."""
    return caller.sight(Action.LETTER_READ)


def where_lies(letter: LetterRow) -> Place:
    """Where the case of a letter lies, and who works on it."""
    return Place(letter.body, letter.unit, (letter.assignee,))
