"""Staff who take a complaint down for somebody (代为登记) stand in the trail with both names."""

from collections.abc import Iterable
from uuid import UUID

from services.intake.use_cases.checking import Submission
from services.intake.use_cases.noting import chain_of, for_complainant
from services.intake.use_cases.sealing import is_apart
from shared.trail import Deed, Noted, Said, note_all
from shared.work import Work


def was_taken_down(one: Submission) -> bool:
    """Whether somebody of the staff did it, also where they name the system that it is from."""
    return one.doer is not None


async def note_taken_down(work: Work, told: Iterable[tuple[UUID, Submission]]) -> None:
    """Note who took these down and for whom; of a report (举报) it is not said for whom."""
    rows = []
    for row, one in told:
        if one.doer is None:
            continue
        name = "" if is_apart(one.complaint.kind) else one.complaint.complainant.name
        said = Said(Deed.COMPLAINT_REGISTERED.value, {"channel": str(one.complaint.channel)})
        rows.append(Noted(chain_of(row), for_complainant(one.doer, name), said))
    await note_all(work, rows)
