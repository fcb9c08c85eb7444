"""Looking behind the mask: with a right, a reason, and a row in the trail before anything shows."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.mediation.tables import CaseRow
from services.mediation.use_cases.allowing import Caller
from services.mediation.use_cases.cases import case_of
from services.mediation.use_cases.masking import Part
from shared.kernel import RuleError
from shared.masks.reasons import Why
from shared.rights import Action
from shared.trail import Chain, Deed, Said, note
from shared.work import Database

PARTS = {one.value: one for one in Part}


class NothingToLookAtError(RuleError):
    """No part was named, or one that there is not."""


@dataclass(frozen=True)
class Look:
    """What somebody wants to see, and why."""

    parts: Sequence[str]
    reason: str
    note: str = field(default="", repr=False)


async def look(database: Database, name: str, caller: Caller, wanted: Look) -> CaseRow:
    """Let somebody look: the row in the trail is kept first, then the case is given back.

    Raises NoSuchCaseError, NotAllowedError, NoReasonError, NothingToLookAtError.
    """
    async with database.work() as work:
        case = await case_of(work.session, name, caller.sees)
        doer = caller.doing_with(Action.MASK_OPEN, case)
        said = checked(wanted)
        values = {**said, "number": case.number, "in_hand": case.assignee == caller.id}
        await note(work, Chain("case", str(case.id)), doer, Said(Deed.MASK_OPENED, values))
        return case


def checked(wanted: Look) -> dict[str, object]:
    """What the trail keeps. Raises NoReasonError, NothingToLookAtError."""
    unknown = [one for one in wanted.parts if one not in PARTS]
    if unknown or not wanted.parts:
        raise NothingToLookAtError("请选择要看的内容。", pointer="/parts")
    return {"parts": sorted(set(wanted.parts)), **Why(wanted.reason, wanted.note).checked()}
