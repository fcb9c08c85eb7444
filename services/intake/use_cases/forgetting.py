"""Codes that went out and are long over: forgotten now and then."""

from datetime import timedelta

from sqlalchemy import delete, select

from services.intake.tables import MailedCodeRow
from shared.work import Database

AT_ONCE = 1000
AFTER = timedelta(days=1)
"""So long codes still count against the most that may go out in a day."""


async def forget_codes(database: Database) -> int:
    """Forget codes that could not be used for a day by now; how many. Few at once."""
    limit = database.clock() - AFTER
    stale = select(MailedCodeRow.id).where(MailedCodeRow.until < limit).limit(AT_ONCE)
    async with database.reading() as session:
        ids = list(await session.scalars(stale))
    if ids:
        async with database.work() as work:
            await work.session.execute(delete(MailedCodeRow).where(MailedCodeRow.id.in_(ids)))
    return len(ids)
