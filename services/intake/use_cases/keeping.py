"""Keeping new complaints: each by itself at full speed, or with what belongs to it in one go."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.intake.tables import ComplaintRow
from services.intake.use_cases.checking import Submission
from services.intake.use_cases.registering import note_taken_down, was_taken_down
from services.intake.use_cases.reporters import keep_reporters
from services.intake.use_cases.sealing import is_apart
from shared.events import ComplaintReceived
from shared.hot import Keep, hot_of
from shared.work import Database, Work, waiting

New = tuple[dict[str, Any], ComplaintReceived]
"""A row and what is said of it."""
Told = Mapping[UUID, Submission]
"""What was sent in, by the ids of the rows."""


def has_besides(one: Submission) -> bool:
    """Whether more is kept of it than its row: who reported, or who took it down for whom."""
    return is_apart(one.complaint.kind) or was_taken_down(one)


async def keep(database: Database, new: Sequence[New], now: datetime, told: Told) -> set[UUID]:
    """Keep the rows whose keys are free, with their events; the ids of those.

    Those wait of which more is kept than the row.
    """
    alone = [one for one in new if not has_besides(told[one[0]["id"]])]
    kept = [Keep(row, waiting(event, now)) for row, event in alone]
    return await hot_of(database).keep(ComplaintRow, kept)


async def keep_besides(database: Database, new: Sequence[New], told: Told) -> set[UUID]:
    """The same for the others, each with all that is kept of it, in one transaction."""
    more = {row["id"]: (row, event) for row, event in new if has_besides(told[row["id"]])}
    if not more:
        return set()
    async with database.work() as work:
        rows = [row for row, _ in more.values()]
        fresh = {row[0] for row in await work.insert_new(ComplaintRow, rows, ["id"])}
        await keep_more(work, [(one, told[one]) for one in more if one in fresh])
        for one in fresh:
            work.announce(more[one][1])
    return fresh


async def keep_more(work: Work, told: Sequence[tuple[UUID, Submission]]) -> None:
    """Keep what belongs to these complaints besides their rows."""
    await keep_reporters(work, [(row, one.complaint) for row, one in told])
    await note_taken_down(work, told)
