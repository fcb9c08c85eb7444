"""Two at once on PostgreSQL, in a known order: whether one is stopped by the other."""

import asyncio
from typing import Any

from sqlalchemy import text

from shared.work import Database

STOPPED = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


async def stopped(database: Database, *tasks: asyncio.Task[Any]) -> int:
    """Wait until each of the tasks is over or waits for somebody's lock; how many wait."""
    async with asyncio.timeout(20):
        while True:
            going = sum(not one.done() for one in tasks)
            async with database.reading() as session:
                waiting: int = await session.scalar(STOPPED) or 0
            if waiting >= going:
                return going
            await asyncio.sleep(0.01)
