"""Which requests for a way back in wait, and whether the person has read of theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.tables import RecoveryRow, StaffRow
from services.mediation.use_cases.staff import displays
from services.mediation.use_cases.tree import units_now
from shared.acting import Staff
from shared.rights import Action
from shared.vault import Vault
from shared.work import Work

GOOD_FOR = timedelta(hours=24)


@dataclass(frozen=True)
class Waiting:
    """A request that waits for another administrator."""

    id: UUID
    name: str
    display: str
    asked_by: str
    asked_at: datetime
    until: datetime
    reason: str
    mine: bool
    """Whether whoever looks asked for it, or is the person: another one must decide."""


def waits(now: datetime) -> ColumnElement[bool]:
    """Requests that can still be approved."""
    return RecoveryRow.approved_at.is_(None) & (RecoveryRow.asked_at > now - GOOD_FOR)


async def waiting(
    session: AsyncSession, vault: Vault, who: Staff, now: datetime
) -> Sequence[Waiting]:
    """What waits for another administrator, of those whom this one may manage; oldest first."""
    statement = (
        select(RecoveryRow, StaffRow)
        .join(StaffRow, StaffRow.id == RecoveryRow.staff_id)
        .where(waits(now))
        .order_by(RecoveryRow.id)
    )
    rows = (await session.execute(statement)).all()
    names = await displays(session, {row.asked_by for row, _ in rows})
    reach, tree = who.rights.reach(Action.STAFF_MANAGE), await units_now(session)
    return [
        Waiting(
            id=row.id,
            name=account.name,
            display=account.display,
            asked_by=names[row.asked_by],
            asked_at=row.asked_at,
            until=row.asked_at + GOOD_FOR,
            reason=vault.open_text(row.reason, row.id),
            mine=who.id in {row.asked_by, account.id},
        )
        for row, account in rows
        if reach.admits(tree.place(account.body, account.unit))
    ]


async def untold(session: AsyncSession, staff: UUID) -> datetime | None:
    """When somebody was let back in, if they have not read of it yet."""
    theirs = RecoveryRow.staff_id == staff, RecoveryRow.told_at.is_(None)
    found: datetime | None = await session.scalar(
        select(func.max(RecoveryRow.approved_at)).where(*theirs)
    )
    return found


async def tell(work: Work, staff: UUID) -> None:
    """The person has read of it."""
    theirs = RecoveryRow.staff_id == staff, RecoveryRow.approved_at.is_not(None)
    unread = RecoveryRow.told_at.is_(None)
    await work.session.execute(update(RecoveryRow).where(*theirs, unread).values(told_at=work.now))
