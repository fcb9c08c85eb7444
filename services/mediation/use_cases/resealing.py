"""What of the desk's words hangs on a generation of keys, when keys are rotated."""

import json
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import delete

from services.mediation.tables import CaseLookupRow
from services.mediation.use_cases.lookups import lookups_of, reports_among
from shared.work import Work


async def rebuild_lookups(work: Work, copies: Mapping[UUID, bytes]) -> None:
    """The blind indexes of these cases anew, from their copies in the clear.

    In the transaction that seals the copies anew: whoever writes a copy waits for it, so that the
    indexes of a case are never older than its copy.
    """
    if not copies:
        return
    reports = await reports_among(work.session, copies)
    found = [
        {"kind": kind, "token": token, "case_id": case}
        for case, copy in copies.items()
        for kind, token in lookups_of(work.vault, json.loads(copy), report=case in reports)
    ]
    await work.session.execute(delete(CaseLookupRow).where(CaseLookupRow.case_id.in_(list(copies))))
    await work.insert(CaseLookupRow, found)
