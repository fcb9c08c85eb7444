"""The log of the steps of all cases, as verification and checkpoints see it."""

from services.mediation.domain.case import Step
from services.mediation.tables import CaseLogRow, CaseRow
from services.mediation.use_cases.keeping import kept
from shared.trail import Chain, Deed
from shared.trail.erasing import ERASED, Erasing, Row
from shared.trail.logs import AUDIT, Log
from shared.work import table_of

CORRECTED = Step.AMEND.value
APART = Deed.REPORTER_APART.value


def erased_by(row: Row) -> frozenset[str]:
    """What empties a step: an erasure; a correction also that who reported went elsewhere."""
    return ERASED | {APART} if row["step"] == CORRECTED else ERASED


CASES = Log(
    table=table_of(CaseLogRow),
    chain=("case_id",),
    heads=table_of(CaseRow),
    head=("id",),
    end=("version", "chain"),
    kept=kept,
    erasing=Erasing(told_in=lambda row: Chain("case", str(row["case_id"])), by=erased_by),
    lasting=~table_of(CaseRow).c.demo,
)
"""Each case is a chain; the case itself says where it ends. Those of the demonstration can be
removed, so no checkpoint covers them."""

LOGS = (CASES, AUDIT)
"""All that mediation logs."""
