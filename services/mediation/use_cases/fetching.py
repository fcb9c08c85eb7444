"""Words come from intake: only where they are still wanted, and never over a newer correction."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.mediation.ports import Record
from services.mediation.tables import AmendmentRow, WordsWantedRow
from services.mediation.use_cases.lookups import reports_among
from services.mediation.use_cases.searching.texts import keep_texts, searched
from services.mediation.use_cases.words import amended, changes_in, copy_of, keep_words
from shared.log import logger
from shared.work import Work

SHORTEST = timedelta(minutes=1)
LONGEST = timedelta(hours=6)
"""Pauses before intake is asked again for a complaint it does not know; each twice the last."""

Wants = Sequence[WordsWantedRow]


async def wanted(session: AsyncSession, now: datetime, most: int) -> Wants:
    """The words to ask for now."""
    due = or_(WordsWantedRow.again_at.is_(None), WordsWantedRow.again_at <= now)
    statement = select(WordsWantedRow).where(due).order_by(WordsWantedRow.case_id).limit(most)
    return (await session.scalars(statement)).all()


async def keep_fetched(
    work: Work, wants: Wants, records: Mapping[UUID, Record], asked_at: datetime
) -> None:
    """Keep what intake answered at `asked_at`; what it does not know is asked for again later."""
    known = [one for one in wants if one.complaint_id in records]
    still = delete(WordsWantedRow).where(same(known)).returning(WordsWantedRow.case_id)
    ours = set(await work.session.scalars(still)) if known else set()
    copies = {
        one.case_id: copy_of(records[one.complaint_id]) for one in known if one.case_id in ours
    }
    kept = await keep_words(work, copies)
    newer = await corrections(work, list(ours), asked_at)
    await keep_words(work, {one: amended(copies[one], newer[one]) for one in newer})
    told = {one.case_id: records[one.complaint_id] for one in known if one.case_id in kept}
    reports = await reports_among(work.session, kept)
    texts = {
        one: searched(record, newer.get(one, {}), report=one in reports)
        for one, record in told.items()
    }
    await keep_texts(work, texts)
    await put_off(work, [one for one in wants if one.complaint_id not in records])


def same(wants: Wants) -> Any:
    """The rows of these wants, unless they were asked for once more since."""
    key = tuple_(WordsWantedRow.case_id, WordsWantedRow.asked_at)
    return key.in_([(one.case_id, one.asked_at) for one in wants])


async def corrections(
    work: Work, cases: Sequence[UUID], asked_at: datetime
) -> dict[UUID, dict[str, Any]]:
    """What staff corrected and intake did not know at `asked_at`, the later over the earlier.

    Read after the copies were written: who corrects at the same moment has either committed by
    then or waits for us with what they will write.
    """
    if not cases:
        return {}
    unknown = or_(AmendmentRow.pushed_at.is_(None), AmendmentRow.pushed_at >= asked_at)
    statement = (
        select(AmendmentRow.id, AmendmentRow.case_id, AmendmentRow.changes)
        .where(unknown, AmendmentRow.case_id.in_(cases), AmendmentRow.changes.is_not(None))
        .order_by(AmendmentRow.id)
    )
    found: dict[UUID, dict[str, Any]] = defaultdict(dict)
    for row in await work.session.execute(statement):
        found[row.case_id] |= changes_in(work.vault, row.changes, row.id)
    return dict(found)


async def put_off(work: Work, unknown: Wants) -> None:
    """Ask again later for complaints that intake does not know; say so the first time."""
    for tries in {one.tries for one in unknown}:
        these = [one for one in unknown if one.tries == tries]
        later = {"tries": tries + 1, "again_at": work.now + pause(tries)}
        statement = update(WordsWantedRow).where(same(these)).values(later)
        await work.session.execute(statement, execution_options={"synchronize_session": False})
        if not tries:
            logger(service="mediation").error("words_unknown_to_intake", count=len(these))


def pause(tries: int) -> timedelta:
    """How long to wait after intake did not know a complaint `tries` times before."""
    return min(SHORTEST * (1 << min(tries, 20)), LONGEST)
