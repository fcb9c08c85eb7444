"""A case is over: its letters that have not left stay in; their numbers stay in the register."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import case, select, update

from services.notification.domain.states import OVER, Reason, State
from services.notification.tables import EndingRow, LetterRow
from services.notification.use_cases.noting import became
from shared.bulk import upsert
from shared.events import CaseClosed, CaseWithdrawn
from shared.kernel import ComplaintId
from shared.trail import Deed, note_all
from shared.work import Work, table_of


class Ending(NamedTuple):
    """An event that ended a case; version 0: none did, as far as we know."""

    complaint_id: ComplaintId
    body: str
    version: int


async def void_letters(work: Work, ended: Sequence[CaseWithdrawn] | Sequence[CaseClosed]) -> None:
    """Nobody is asked to answer a complaint that was withdrawn or closed.

    A letter owed later than that, after the case was taken up again, is not concerned.
    """
    await endings(work, [Ending(one.complaint_id, one.body, one.version) for one in ended])
    newest = select(EndingRow.version).where(EndingRow.complaint_id == LetterRow.complaint_id)
    inside = (
        LetterRow.complaint_id.in_({one.complaint_id for one in ended}),
        LetterRow.state.not_in(OVER),
        LetterRow.version < newest.scalar_subquery(),
    )
    void = {"state": State.VOID, "reason": Reason.CASE_OVER, "lacking": None, "due_at": None}
    options = {"synchronize_session": False}
    statement = update(LetterRow).where(*inside).values(void).returning(LetterRow)
    voided = await work.session.scalars(statement, execution_options=options)
    await note_all(work, [became(one, Deed.LETTER_VOIDED) for one in voided])


async def endings(work: Work, heard: Sequence[Ending]) -> dict[ComplaintId, int]:
    """Note these endings and give back the newest one of each complaint.

    The rows are ours until the end of the transaction, so that of a forwarding and an ending that
    are heard at the same moment each sees the other.
    """
    if not heard:
        return {}
    newest = {one.complaint_id: one for one in sorted(heard, key=lambda one: one.version)}
    table = table_of(EndingRow)
    new = upsert(work.session, table).values([newest[one]._asdict() for one in sorted(newest)])
    said, known = new.excluded.version, table.c.version
    kept = new.on_conflict_do_update(
        index_elements=[table.c.complaint_id],
        set_={"version": case((said > known, said), else_=known)},
    ).returning(table.c.complaint_id, table.c.version)
    return {row.complaint_id: row.version for row in await work.session.execute(kept)}
