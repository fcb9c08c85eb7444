"""A lost query code (查询码) is replaced: a new one is derived, every older one is worthless."""

from uuid import UUID

from services.intake.use_cases.codes import code_of
from services.intake.use_cases.evidence import locked
from shared.work import Work


async def renew_code(work: Work, complaint_id: UUID) -> str:
    """The new code of a complaint. Raises NoSuchComplaintError."""
    complaint = await locked(work, complaint_id)
    complaint.code_generation += 1
    return code_of(work.vault, complaint_id, complaint.code_generation)
