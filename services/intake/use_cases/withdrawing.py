"""The citizen takes a complaint back (撤回)."""

from uuid import UUID

from services.intake.domain.errors import NothingToWithdrawError
from services.intake.use_cases.evidence import locked
from services.intake.use_cases.looking_up import where_it_stands
from services.intake.use_cases.noting import note_deed
from shared.events import ComplaintWithdrawn
from shared.kernel import ComplaintId
from shared.terms.cases import State
from shared.trail import Deed
from shared.work import Work


async def withdraw(work: Work, complaint_id: UUID) -> None:
    """Keep the withdrawal, announce it and note it; once more is harmless.

    Raises NothingToWithdrawError where the case is over, NoSuchComplaintError.
    """
    complaint = await locked(work, complaint_id)
    stands = await where_it_stands(work.session, complaint)
    if complaint.withdrawn_at and stands.state is State.WITHDRAWN:
        return
    if not stands.withdrawable:
        raise NothingToWithdrawError("这件投诉已经办完，不用再撤回。")
    complaint.withdrawn_at = work.now
    complaint.version += 1
    await note_deed(work, complaint_id, Deed.COMPLAINT_WITHDRAWN, {})
    work.announce(
        ComplaintWithdrawn(
            occurred_at=work.now,
            complaint_id=ComplaintId(complaint_id),
            version=complaint.version,
        )
    )
