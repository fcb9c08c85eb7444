"""Who asked for something is forgotten with the words of their case."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete, select, update

from services.mediation.tables import CopyPartRow, PrivacyRequestRow
from shared.work import Work

OVER = ("done", "refused")
SILENT = {"synchronize_session": False}


async def forget_askers(work: Work, cases: Collection[UUID]) -> None:
    """Empty who asked about these cases, where it was decided, and forget the copies made."""
    gone = {str(one) for one in cases}
    there = (PrivacyRequestRow.subject.is_not(None), PrivacyRequestRow.state.in_(OVER))
    rows = await work.session.execute(
        select(PrivacyRequestRow.id, PrivacyRequestRow.cases).where(*there)
    )
    ours = [row.id for row in rows if gone & set(row.cases)]
    emptied = update(PrivacyRequestRow).where(PrivacyRequestRow.id.in_(ours)).values(subject=None)
    await work.session.execute(emptied, execution_options=SILENT)
    copies = delete(CopyPartRow).where(CopyPartRow.request.in_(ours))
    await work.session.execute(copies, execution_options=SILENT)
