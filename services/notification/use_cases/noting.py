"""What the trail (审计记录) keeps of letters: every change, and who opened, sent or remade which.

Each row says where the letter stands after it, so that `comparing` finds a letter that was changed
behind the trail's back.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.notification.domain.states import State
from services.notification.tables import LetterRow
from shared.trail import SYSTEM, Chain, Deed, Noted, Said

MADE: Mapping[State, Deed] = {
    State.HELD: Deed.LETTER_HELD,
    State.FAILED: Deed.LETTER_FAILED,
}
"""What it is called that a letter went there when it was to be made; anywhere else: made."""


def chain_of(letter: UUID) -> Chain:
    """The chain of one letter."""
    return Chain("letter", str(letter))


def said_of(letter: LetterRow, deed: Deed, **more: object) -> Said:
    """What was done with a letter."""
    values = {"document_number": letter.document_number, "complaint": letter.complaint_id}
    return Said(deed, values | more)


def stands(letter: LetterRow) -> dict[str, Any]:
    """Where a letter stands, and why."""
    why = {"because": str(letter.reason)} if letter.reason else {}
    return {"letter_state": str(letter.state), **why}


def went_out(letter: LetterRow) -> dict[str, Any]:
    """Which way a letter left the house, and when."""
    return {"by": letter.way, "sent_at": letter.sent_at}


def became(letter: LetterRow, deed: Deed, **more: object) -> Noted:
    """What time, a sister or the mail server made of a letter: nobody's deed but the system's."""
    return Noted(chain_of(letter.id), SYSTEM, said_of(letter, deed, **(stands(letter) | more)))


def was_made(letter: LetterRow) -> Noted:
    """What became of a letter that was to be made."""
    return became(letter, MADE.get(State(letter.state), Deed.LETTER_MADE))
