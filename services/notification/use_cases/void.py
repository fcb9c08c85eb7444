"""A case is over: its letters that have not left stay in; their numbers stay in the register."""

from collections.abc import Sequence

from sqlalchemy import update

from services.notification.domain.states import OVER, Reason, State
from services.notification.tables import LetterRow
from shared.kernel import ComplaintId
from shared.work import Work


async def void_letters(work: Work, complaints: Sequence[ComplaintId]) -> None:
    """Nobody is asked to answer a complaint that was withdrawn or closed."""
    inside = LetterRow.complaint_id.in_(complaints), LetterRow.state.not_in(OVER)
    void = {"state": State.VOID, "reason": Reason.CASE_OVER, "lacking": None, "due_at": None}
    await work.session.execute(update(LetterRow).where(*inside).values(void))
