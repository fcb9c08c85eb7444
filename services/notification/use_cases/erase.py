"""Words were erased on lawful request: our copies go; number, dates and attempts stay.

The register of letters (发文登记) stays without gaps: document number, dates, ways and outcomes say
nothing about anybody. Of the trail the chain stays, and what was said in it goes; that it went is
the next row of it, which says once more what the register has.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select, update

from services.notification.domain.states import OVER, Reason, State
from services.notification.tables import AttemptRow, LetterFileRow, LetterRow
from services.notification.use_cases.noting import chain_of
from services.notification.use_cases.register import entries
from shared.kernel import ComplaintId
from shared.trail import SYSTEM, Deed, Noted, Said, note_all
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
    inside = LetterRow.state.not_in(OVER)
    held = {"state": State.HELD, "reason": Reason.ERASED, "lacking": None, "due_at": None}
    await work.session.execute(update(LetterRow).where(ours, inside).values(held))
    await empty_trail(work, list(await work.session.scalars(ids)))


async def empty_trail(work: Work, letters: Sequence[UUID]) -> None:
    """Empty what the chains of these letters said, and say in them what the register still has."""
    chains = {one: chain_of(one) for one in letters}
    said = (AuditRow.kind == "letter") & AuditRow.key.in_([one.key for one in chains.values()])
    emptied = update(AuditRow).where(said).values(sealed=None)
    await work.session.execute(emptied, execution_options={"synchronize_session": False})
    stays = await entries(work.session, letters)
    done = {one: Said(Deed.ERASURE_DONE, stays[one]) for one in letters}
    await note_all(work, [Noted(chains[one], SYSTEM, done[one]) for one in letters])
