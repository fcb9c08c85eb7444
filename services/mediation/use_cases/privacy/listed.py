"""The list of what is due (到期待批): read by who approves, and taken off it at once."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.tables import CaseRow, RetentionDueRow
from shared.work import Work

MOST = 200
SILENT = {"synchronize_session": False}


async def take_off(work: Work, cases: Collection[UUID]) -> None:
    """These cases do not wait for approval any more: held, taken up again, or on their way out."""
    listed = delete(RetentionDueRow).where(RetentionDueRow.case_id.in_(cases))
    await work.session.execute(listed, execution_options=SILENT)


async def due_list(session: AsyncSession, bodies: Collection[str]) -> list[Any]:
    """What waits for approval in these bodies, the oldest first, with the numbers of the cases."""
    wanted = (
        select(RetentionDueRow, CaseRow.number, CaseRow.closed_on)
        .join(CaseRow, CaseRow.id == RetentionDueRow.case_id)
        .where(RetentionDueRow.body.in_(bodies))
        .order_by(RetentionDueRow.due_on, RetentionDueRow.case_id)
        .limit(MOST)
    )
    return list((await session.execute(wanted)).all())


async def due_count(session: AsyncSession, bodies: Collection[str]) -> int:
    """How many wait for approval."""
    counted = select(func.count()).select_from(RetentionDueRow)
    return await session.scalar(counted.where(RetentionDueRow.body.in_(bodies))) or 0
