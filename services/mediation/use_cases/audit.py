"""The log of the steps of all cases, as verification and checkpoints see it."""

from services.mediation.tables import CaseLogRow, CaseRow
from services.mediation.use_cases.keeping import kept
from shared.trail.logs import AUDIT, Log
from shared.work import table_of

CASES = Log(
    table=table_of(CaseLogRow),
    chain=("case_id",),
    heads=table_of(CaseRow),
    head=("id",),
    end=("version", "chain"),
    kept=kept,
    lasting=~table_of(CaseRow).c.demo,
)
"""Each case is a chain; the case itself says where it ends. Those of the demonstration can be
removed, so no checkpoint covers them."""

LOGS = (CASES, AUDIT)
"""All that mediation logs."""
