"""How mediation is doing, for `redress status`: what waits, how far the calendar is known."""

from sqlalchemy import func, select

from services.mediation.tables import (
    AmendmentRow,
    CaseRow,
    ErasureRow,
    RetentionDueRow,
    WordsWantedRow,
)
from services.mediation.use_cases.calendar import calendar_for
from services.mediation.use_cases.rules import packs
from services.mediation.use_cases.searching.standing import search_status
from shared.clock import local_day
from shared.trail.tables import CheckpointRow
from shared.work import Database


async def status_of(database: Database) -> dict[str, object]:
    """Codes and counts; no names."""
    calendar = await calendar_for(database, database.clock())
    async with database.reading() as session:
        wanted = await session.scalar(select(func.count()).select_from(WordsWantedRow))
        unknown = await session.scalar(select(func.count()).where(WordsWantedRow.tries > 0))
        waits = AmendmentRow.pushed_at.is_(None)
        waiting = await session.scalar(select(func.count()).where(waits))
        checkpoints = await session.scalar(select(func.max(CheckpointRow.number)))
        today = local_day(database.clock())
        overdue = await session.scalar(select(func.count()).where(CaseRow.queue_on < today))
        searching = await search_status(session, database.clock())
        sending = ErasureRow.sent_at.is_(None)
        erasing = await session.scalar(select(func.count()).where(sending))
        due = await session.scalar(select(func.count()).select_from(RetentionDueRow))
    return {
        "timers_due": overdue or 0,
        "words_wanted": wanted or 0,
        "words_unknown_to_intake": unknown or 0,
        "amendments_waiting": waiting or 0,
        "erasures_waiting": erasing or 0,
        "retention_due": due or 0,
        **searching,
        "log_checkpoints": checkpoints or 0,
        "calendar": calendar.version,
        "calendar_published_to": max(calendar.published, default=None),
        "packs": [f"{one.id}@{one.version}" for one in packs()],
    }
