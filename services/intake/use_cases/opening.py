"""Opening a file of evidence, in which nothing can be masked (脱敏): a look like any other.

Who works on the case, or handed the complaint in, opens it in the course of that while the case is
open, and is noted. Everybody else needs the right to look behind masks, and says why.
"""

from typing import NamedTuple
from uuid import UUID

from services.intake.domain.errors import NoSuchComplaintError
from services.intake.ports import Storage
from services.intake.tables import AttachmentRow, ComplaintRow
from services.intake.use_cases.files import content_of
from services.intake.use_cases.looking_up import by_id, where_it_stands
from services.intake.use_cases.noting import note_deed
from services.intake.use_cases.placing import place_of
from services.intake.use_cases.words import shown
from shared.acting import Caller
from shared.masks.reasons import NoReasonError, Why
from shared.rights import Action
from shared.trail import Deed
from shared.work import Database

WORKING = (Action.CASE_HANDLE, Action.CASE_AMEND, Action.CASE_NOTE)
"""Each of them says that somebody works on a case."""


class Wanted(NamedTuple):
    """Which file of which complaint, and why; no reason: in the course of their work."""

    complaint: UUID
    file: UUID
    why: Why | None = None


class Opened(NamedTuple):
    """A file, and what it is saved as: the name that the record shows, masked like it."""

    name: str
    kind: str
    body: bytes


async def open_file(database: Database, storage: Storage, caller: Caller, wanted: Wanted) -> Opened:
    """The file; who gets it and why is noted before they do.

    Raises NoSuchComplaintError, NotAllowedError, NoReasonError, QuarantinedFileError; then nothing
    is noted and nothing shown.
    """
    async with database.reading() as session:
        row = await by_id(session, wanted.complaint, caller.sight(Action.CASE_READ))
        file = await session.get(AttachmentRow, wanted.file)
        still_open = (await where_it_stands(session, row)).takes_evidence
        record = await shown(session, database.vault, row.id, whole=False)
    name = next((one["name"] for one in record["files"] if one["id"] == wanted.file), None)
    if file is None or file.complaint_id != row.id or name is None:
        error = NoSuchComplaintError("没有这个文件，请检查网址。")
        raise error.beyond("file", file.id if file else None)
    mine = still_open and is_theirs(caller, row)
    rights = (*WORKING, Action.CASE_READ) if mine else (Action.MASK_OPEN,)
    doer = caller.doing_any(rights, place_of(row))
    if wanted.why is None and not mine:
        raise NoReasonError("打开这个文件要写明理由：请用 POST，并带上 reason。", pointer="/reason")
    reason = wanted.why.checked() if wanted.why else {}
    values = {"file": file.id, "number": row.number, **reason, "in_hand": mine}
    body = await content_of(storage, database.vault, file)
    async with database.work() as work:
        await note_deed(work, row.id, Deed.FILE_OPENED, values, doer)
    return Opened(name, file.kind, body)


def is_theirs(caller: Caller, row: ComplaintRow) -> bool:
    """Whether they work on it, or handed it in."""
    place = place_of(row)
    working = any(caller.may(one, place) for one in WORKING)
    return working or (row.registrar is not None and row.registrar == caller.id)
