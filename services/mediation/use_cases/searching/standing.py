"""How the search is doing: what waits for its tokens, and with which keys words are found."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.tables import SearchTextRow, SearchWantedRow
from services.mediation.use_cases.searching.generations import generations, needed
from shared.metrics import SEARCH_OLDEST, SEARCH_WAITING
from shared.work import Database

MOST_SHOWN = 10_000
"""The gauge stops there: it is set again and again, and counting all takes time."""


async def search_status(session: AsyncSession, now: datetime) -> dict[str, object]:
    """Counts, seconds and ids of keys; no words."""
    waiting, oldest = await waiting_in(session)
    newest = await session.scalar(select(func.max(SearchTextRow.number))) or 0
    there = await generations(session)
    filling = {one.id: f"{min(one.reached, newest)}/{newest}" for one in there if not one.complete}
    return {
        "search_waiting": waiting,
        "search_oldest_seconds": seconds_since(oldest, now),
        "search_keys": [one.id for one in needed(there)],
        "search_filling": filling,
    }


async def waiting_in(session: AsyncSession, most: int | None = None) -> tuple[int, datetime | None]:
    """How many texts wait for their tokens, and since when the first of them."""
    first = select(SearchWantedRow.since).order_by(SearchWantedRow.number).limit(most).subquery()
    counted = select(func.count(), func.min(first.c.since)).select_from(first)
    waiting, oldest = (await session.execute(counted)).one()
    return waiting, oldest


def seconds_since(oldest: datetime | None, now: datetime) -> int:
    return int((now - oldest).total_seconds()) if oldest else 0


async def show_waiting(database: Database, *, anything: bool) -> None:
    """Set the gauges; where nothing was to do, nothing waits."""
    waiting, oldest = 0, None
    if anything:
        async with database.reading() as session:
            waiting, oldest = await waiting_in(session, MOST_SHOWN)
    SEARCH_WAITING.labels("mediation").set(waiting)
    SEARCH_OLDEST.labels("mediation").set(seconds_since(oldest, database.clock()))
