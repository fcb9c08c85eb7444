"""Words were erased on lawful request: our copies go; number, dates and attempts stay."""

from collections.abc import Sequence

from sqlalchemy import delete, select, update

from services.notification.domain.states import OVER, Reason, State
from services.notification.tables import AttemptRow, LetterFileRow, LetterRow
from shared.kernel import ComplaintId
from shared.work import Work


async def erase_words(work: Work, complaints: Sequence[ComplaintId]) -> None:
    """Empty every copy of these complaints' words; what is not out yet stays in."""
    ours = LetterRow.complaint_id.in_(complaints)
    ids = select(LetterRow.id).where(ours)
    await work.session.execute(delete(LetterFileRow).where(LetterFileRow.letter_id.in_(ids)))
    await work.session.execute(
        update(AttemptRow).where(AttemptRow.letter_id.in_(ids)).values(detail="")
    )
    await work.session.execute(update(LetterRow).where(ours).values(facts=None))
    inside = LetterRow.state.not_in(OVER)
    held = {"state": State.HELD, "reason": Reason.ERASED, "lacking": None, "due_at": None}
    await work.session.execute(update(LetterRow).where(ours, inside).values(held))
