"""Whose role may not be without a second factor (`MEDIATION_SECOND_FACTOR_ROLES`)."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.settings import MediationSettings
from services.mediation.use_cases.second_factor.codes import factor_of


async def lacks_factor(
    session: AsyncSession, staff: UUID, roles: Collection[str], settings: MediationSettings
) -> bool:
    """Whether one of these roles, one's own or lent, demands what this person does not have."""
    if settings.factor_roles.isdisjoint(roles):
        return False
    factor = await factor_of(session, staff)
    return factor is None or factor.confirmed_at is None
