"""What the trail (审计记录) keeps of letters: who opened, printed, sent or remade which."""

from uuid import UUID

from services.notification.tables import LetterRow
from shared.trail import Chain, Deed, Said


def chain_of(letter: UUID) -> Chain:
    """The chain of one letter."""
    return Chain("letter", str(letter))


def said_of(letter: LetterRow, deed: Deed, **more: object) -> Said:
    """What was done with a letter."""
    values = {"document_number": letter.document_number, "complaint": letter.complaint_id}
    return Said(deed, values | more)
