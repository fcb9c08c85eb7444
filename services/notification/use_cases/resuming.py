"""Letters that are made anew: after a correction of the record, or because a person says so."""

from collections.abc import Sequence

from sqlalchemy import select

from services.notification.domain.states import State
from services.notification.tables import LetterRow
from services.notification.use_cases.noting import became
from shared.kernel import ComplaintId
from shared.trail import Deed, note_all
from shared.work import Work


async def amended(work: Work, complaints: Sequence[ComplaintId]) -> None:
    """Records were corrected: letters that were held for want of something are tried again."""
    held = select(LetterRow).where(
        LetterRow.complaint_id.in_(complaints), LetterRow.state == State.HELD
    )
    letters = (await work.session.scalars(held.with_for_update())).all()
    for letter in letters:
        owe_again(work, letter)
    await note_all(work, [became(one, Deed.LETTER_RESUMED) for one in letters])


def owe_again(work: Work, letter: LetterRow) -> None:
    """Fetch the facts anew; the number stays."""
    letter.state, letter.reason, letter.lacking = State.OWED, None, None
    letter.due_at = work.now
    letter.tries = 0
    work.wake("make_letters")
