"""Words were erased on lawful request: our copies go; number, dates and attempts stay.

The register of letters (发文登记) stays without gaps: document number, dates, ways and outcomes say
nothing about anybody. Of the trail the chain stays, and what was said in it goes; that it went is
the next row of it.
"""

from collections.abc import Sequence

from sqlalchemy import delete, select, update

from services.notification.domain.states import OVER, Reason, State
from services.notification.tables import AttemptRow, LetterFileRow, LetterRow
from shared.kernel import ComplaintId
from shared.trail import SYSTEM, Chain, Deed, Noted, Said, note_all
from shared.trail.tables import AuditRow
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
    letters = [str(one) for one in await work.session.scalars(ids)]
    said = (AuditRow.kind == "letter") & AuditRow.key.in_(letters)
    emptied = update(AuditRow).where(said).values(sealed=None)
    gone = await work.session.scalars(
        emptied.returning(AuditRow.key), execution_options={"synchronize_session": False}
    )
    done = Said(Deed.ERASURE_DONE)
    chains = [Chain("letter", key) for key in sorted(set(gone))]
    await note_all(work, [Noted(one, SYSTEM, done) for one in chains])
    inside = LetterRow.state.not_in(OVER)
    held = {"state": State.HELD, "reason": Reason.ERASED, "lacking": None, "due_at": None}
    await work.session.execute(update(LetterRow).where(ours, inside).values(held))
