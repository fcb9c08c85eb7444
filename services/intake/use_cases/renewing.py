"""A lost query code (查询码) is replaced: a new one is derived, every older one is worthless."""

from uuid import UUID

from services.intake.use_cases.codes import code_of
from services.intake.use_cases.evidence import locked
from services.intake.use_cases.noting import for_complainant, note_deed
from services.intake.use_cases.sealing import opened
from shared.trail import Deed, Doer
from shared.work import Work


async def renew_code(work: Work, complaint_id: UUID, doer: Doer) -> str:
    """The new code of a complaint; the trail tells who had it made. Raises NoSuchComplaintError."""
    complaint = await locked(work, complaint_id)
    complaint.code_generation += 1
    values = {"generation": complaint.code_generation}
    await note_deed(work, complaint_id, Deed.CODE_RENEWED, values, doer)
    return code_of(work.vault, complaint_id, complaint.code_generation)


async def renew_for(work: Work, complaint_id: UUID, doer: Doer) -> str:
    """The same, by staff for whoever complained: both names are in the trail."""
    complaint = await locked(work, complaint_id)
    who = opened(complaint.complainant, complaint_id, work.vault) or {}
    return await renew_code(work, complaint_id, for_complainant(doer, who.get("name")))
