"""Who asked for something is forgotten with the words of their case."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete, or_, select, update

from services.mediation.tables import CopyPartRow, PrivacyRequestRow
from shared.trail import Chain, Deed, Said
from shared.trail.noting import note_all
from shared.trail.said import SYSTEM, Noted
from shared.trail.tables import AuditRow
from shared.work import Work

OVER = ("done", "refused")
SILENT = {"synchronize_session": False}


async def forget_askers(work: Work, cases: Collection[UUID]) -> None:
    """Forget who asked about these cases and what was decided, with the copies that were made.

    Of a request stays who of the staff did what, and when; its chain says that it was emptied.
    """
    gone = {str(one) for one in cases}
    words = (PrivacyRequestRow.subject.is_not(None), PrivacyRequestRow.decision.is_not(None))
    rows = await work.session.execute(
        select(PrivacyRequestRow.id, PrivacyRequestRow.cases).where(
            PrivacyRequestRow.state.in_(OVER), or_(*words)
        )
    )
    ours = sorted(row.id for row in rows if gone & set(row.cases))
    chains = [Chain("retention", str(one)) for one in ours]
    mine = (AuditRow.kind == "retention", AuditRow.key.in_([one.key for one in chains]))
    for emptied in (
        update(PrivacyRequestRow)
        .where(PrivacyRequestRow.id.in_(ours))
        .values(subject=None, decision=None),
        update(AuditRow).where(*mine).values(sealed=None),
        delete(CopyPartRow).where(CopyPartRow.request.in_(ours)),
    ):
        await work.session.execute(emptied, execution_options=SILENT)
    await note_all(work, [Noted(one, SYSTEM, Said(Deed.REQUEST_EMPTIED)) for one in chains])
