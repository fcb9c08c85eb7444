"""Our copies are emptied: of a complaint that was erased, and of who reported (举报人)."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select, update

from services.mediation.domain.case import Step
from services.mediation.tables import (
    AmendmentRow,
    CaseLogRow,
    CaseRow,
    ErasureRow,
    HoldRow,
    WordsWantedRow,
)
from services.mediation.use_cases.privacy.forgetting import forget_askers
from services.mediation.use_cases.privacy.listed import take_off
from services.mediation.use_cases.searches import forget_searches
from services.mediation.use_cases.words import erase_words
from shared.trail import SYSTEM, Chain, Deed, Noted, Said, note_all
from shared.trail.tables import AuditRow
from shared.work import Work


async def empty_cases(work: Work, cases: Sequence[UUID]) -> None:
    """Empty our copies of what was erased on lawful request; the log's chain stays whole.

    The chain of each case tells of it, or what is empty would look as if somebody had emptied it.

    What is wanted goes first: who fetches words at this moment then sees that nobody wants them.
    The copies go before the cases are locked, in the order in which a correction takes both: one
    that comes at this moment is emptied with the rest, or finds that it is too late.
    """
    blank = {"synchronize_session": False}
    await work.session.execute(delete(WordsWantedRow).where(WordsWantedRow.case_id.in_(cases)))
    await forget_searches(work, cases)
    await erase_words(work, cases)
    locked = select(CaseRow.id).where(CaseRow.id.in_(cases)).order_by(CaseRow.id)
    await work.session.execute(locked.with_for_update())
    held = (AuditRow.kind == "case") & AuditRow.key.in_([str(one) for one in cases])
    for emptied, columns in (
        (update(AuditRow).where(held), {"sealed": None}),
        (update(HoldRow).where(HoldRow.case_id.in_(cases)), {"reason": None}),
        (update(CaseLogRow).where(CaseLogRow.case_id.in_(cases)), {"sealed": None}),
        (update(AmendmentRow).where(AmendmentRow.case_id.in_(cases)), {"changes": None}),
    ):
        await work.session.execute(emptied.values(columns), execution_options=blank)
    await take_off(work, cases)
    await forget_askers(work, cases)
    reasons = select(ErasureRow.case_id, ErasureRow.why).where(ErasureRow.case_id.in_(cases))
    why = {row.case_id: row.why for row in await work.session.execute(reasons)}
    done = {one: Said(Deed.ERASURE_DONE, {"why": why.get(one, "")}) for one in cases}
    await note_all(work, [Noted(Chain("case", str(one)), SYSTEM, done[one]) for one in cases])


async def forget_reporters(work: Work, cases: Sequence[UUID]) -> None:
    """Who reported is kept apart from now on: what corrections said of them goes; chains stay."""
    blank = {"synchronize_session": False}
    said = (CaseLogRow.case_id.in_(cases), CaseLogRow.step == Step.AMEND.value)
    for emptied, columns in (
        (update(CaseLogRow).where(*said), {"sealed": None}),
        (update(AmendmentRow).where(AmendmentRow.case_id.in_(cases)), {"changes": None}),
    ):
        if cases:
            await work.session.execute(emptied.values(columns), execution_options=blank)
    apart = Said(Deed.REPORTER_APART)
    await note_all(work, [Noted(Chain("case", str(one)), SYSTEM, apart) for one in cases])
