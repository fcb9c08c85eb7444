"""How whoever complained can be reached: for the machine that writes to them, shown to nobody."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.domain.lost_code import Known
from services.intake.tables import ComplaintRow, ReporterRow
from services.intake.use_cases.sealing import is_apart, opened
from shared.vault import Vault

NOBODY = Known(None, None)


async def contact_of(session: AsyncSession, vault: Vault, row: ComplaintRow) -> Known:
    """Telephone and e-mail address of a complaint; of a report, from the store of reporters.

    Nothing for the demonstration's, and where the words were erased.
    """
    if row.demo:
        return NOBODY
    who = opened(row.complainant, row.id, vault)
    if who is None and is_apart(row.kind):
        reporter = await session.get(ReporterRow, row.id)
        identity = opened(reporter.identity, row.id, vault) if reporter else None
        who = (identity or {}).get("complainant")
    return Known(who.get("phone"), who.get("email")) if who else NOBODY
