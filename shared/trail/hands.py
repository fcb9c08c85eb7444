"""Whose hands did something: read from the trail, which nobody can change unseen."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.rights import Hands
from shared.trail.said import Chain
from shared.trail.tables import AuditRow


async def hands_in(session: AsyncSession, chain: Chain, action: str) -> Hands:
    """Who did this last in a chain, and for whom; nobody where it was not noted."""
    ours = (AuditRow.kind == chain.kind, AuditRow.key == chain.key, AuditRow.action == action)
    newest = select(AuditRow.doer, AuditRow.for_id).where(*ours).order_by(AuditRow.seq.desc())
    found = (await session.execute(newest.limit(1))).one_or_none()
    return Hands(found.doer, found.for_id) if found else Hands(None)
