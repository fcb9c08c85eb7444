"""Opening the file of a letter, which has whole what pages mask (脱敏): a look like any other.

Who handles a letter that is still on its way out opens it in the course of that, and it is noted
so. Everybody else needs the right to look behind masks, and says why.
"""

from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from services.notification.domain.states import State, is_under_way
from services.notification.ports import Office
from services.notification.tables import LetterRow
from services.notification.use_cases.allowing import seen_by, where_lies
from services.notification.use_cases.files import docx_of, pdf_of
from services.notification.use_cases.noting import chain_of, said_of
from services.notification.use_cases.read import letter_in
from shared.acting import Caller
from shared.masks.reasons import NoReasonError, Reason, Why
from shared.rights import Action
from shared.trail import Deed, note
from shared.work import Database

PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
IN_COURSE = Why(Reason.DOCUMENT.value)
"""What is noted for who makes, checks or sends the letter at this moment."""


class File(StrEnum):
    """What a letter can be had as."""

    PDF = "pdf"
    DOCX = "docx"

    @property
    def media_type(self) -> str:
        return PDF if self is File.PDF else WORD


class Wanted(NamedTuple):
    """Which letter somebody wants, as what, and why; no reason: in the course of their work."""

    letter: UUID
    file: File = File.PDF
    why: Why | None = None


class Opened(NamedTuple):
    """The file of a letter, and what it is saved as."""

    name: str
    media_type: str
    body: bytes


async def open_letter(database: Database, office: Office, caller: Caller, wanted: Wanted) -> Opened:
    """The file; who gets it, for which case and why, is noted before they do.

    Raises NoSuchLetterError, NotAllowedError, NoReasonError, NotMadeYetError; then nothing is noted
    and nothing shown.
    """
    async with database.reading() as session:
        row = await letter_in(session, seen_by(caller), wanted.letter)
    mine = in_their_course(caller, row)
    doer = caller.doing(Action.LETTER_HANDLE if mine else Action.MASK_OPEN, where_lies(row))
    reason = wanted.why or (IN_COURSE if mine else None)
    if reason is None:
        raise NoReasonError(
            "这份函件已经不用再办，再打开要写明理由：请用 POST，并带上 reason。", pointer="/reason"
        )
    values = {
        "file": wanted.file.value,
        "case": row.case_id,
        "number": row.case_number,
        **reason.checked(),
        "in_hand": mine or row.assignee == caller.id,
    }
    make = pdf_of if wanted.file is File.PDF else docx_of
    body = await make(database, office, row)
    async with database.work() as work:
        said = said_of(row, Deed.LETTER_OPENED, **values)
        await note(work, chain_of(row.id), doer, said)
    return Opened(f"{row.document_number}.{wanted.file}", wanted.file.media_type, body)


def in_their_course(caller: Caller, letter: LetterRow) -> bool:
    """Whether opening it belongs to what they have to do with it."""
    under_way = is_under_way(State(letter.state))
    return under_way and caller.may(Action.LETTER_HANDLE, where_lies(letter))


def may_open(caller: Caller, letter: LetterRow) -> bool:
    """Whether they may open it at all, in the course of their work or saying why."""
    return in_their_course(caller, letter) or caller.may(Action.MASK_OPEN, where_lies(letter))
