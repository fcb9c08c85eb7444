"""What the trail (审计记录) keeps of letters: who opened, printed, sent or remade which."""

from uuid import UUID

from services.notification.tables import LetterRow
from services.notification.use_cases.allowing import where_lies
from shared.rights import Action
from shared.trail import Chain, Deed, Said, note
from shared.web.acting import Caller
from shared.work import Database


def chain_of(letter: UUID) -> Chain:
    """The chain of one letter."""
    return Chain("letter", str(letter))


def said_of(letter: LetterRow, deed: Deed, **more: str) -> Said:
    """What was done with a letter."""
    values = {"document_number": letter.document_number, "complaint": letter.complaint_id}
    return Said(deed, values | more)


async def note_opened(database: Database, caller: Caller, letter: LetterRow, file: str) -> None:
    """Somebody gets the file of a letter, with all names in it: this is noted before they do.

    `file` is pdf or docx. Raises NotAllowedError.
    """
    doer = caller.doing(Action.LETTER_READ, where_lies(letter))
    async with database.work() as work:
        said = said_of(letter, Deed.LETTER_OPENED, file=file)
        await note(work, chain_of(letter.id), doer, said)
