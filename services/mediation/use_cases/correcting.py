"""Corrections of the record: kept for intake, and in our own copy, in one transaction."""

from collections.abc import Mapping
from typing import Any

from services.mediation.tables import SEALED_CHANGES, AmendmentRow, CaseRow
from services.mediation.use_cases.words import amended, copy_in, dumped, keep_words
from shared.ids import uuid7
from shared.work import Work


async def correct(work: Work, case: CaseRow, changes: Mapping[str, Any]) -> None:
    """Keep corrections for intake and in our own copy."""
    amendment = uuid7()
    sealed = work.vault.seal(dumped(dict(changes)), SEALED_CHANGES, amendment)
    row = {
        "id": amendment,
        "case_id": case.id,
        "complaint_id": case.complaint_id,
        "changes": sealed,
        "made_at": work.now,
        "pushed_at": None,
    }
    await work.insert(AmendmentRow, [row])
    copy = amended(await copy_in(work.session, work.vault, case.id), changes)
    await keep_words(work, {case.id: copy})
