"""What sisters are told of whoever shows a cookie or a token."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.settings import MediationSettings
from services.mediation.tables import StaffRow
from services.mediation.use_cases.people.holding import session_facts
from services.mediation.use_cases.second_factor.required import lacks_factor
from services.mediation.use_cases.sessions.kept import session_of


async def staff_of(
    session: AsyncSession,
    cookie: str,
    now: datetime,
    settings: MediationSettings | None = None,
) -> dict[str, Any] | None:
    """Who a session cookie belongs to, in the words sisters read; None for nobody."""
    known = settings or MediationSettings()
    found = await session_of(session, cookie, now, known)
    return await facts_of(session, found[1], now, known) if found else None


async def facts_of(
    session: AsyncSession, account: StaffRow, now: datetime, settings: MediationSettings
) -> dict[str, Any]:
    """Who somebody is and what they may do: nothing, while a second factor they need is missing."""
    facts = await session_facts(session, account, now)
    roles = {one["role"] for one in facts["grants"]}
    if await lacks_factor(session, account.id, roles, settings):
        facts |= {"grants": [], "enrolling": True}
    return facts
