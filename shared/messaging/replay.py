"""Dead letters again."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select, update

from shared.log import logger
from shared.messaging.inbox import Subscriber, act
from shared.messaging.tables import DeadLetterRow
from shared.messaging.unread import why
from shared.work import Database


async def buried(database: Database) -> int:
    """How many dead letters wait for a person."""
    waiting = select(func.count()).select_from(DeadLetterRow)
    async with database.reading() as session:
        counted = await session.scalar(waiting.where(DeadLetterRow.replayed_at.is_(None)))
    return counted or 0


async def replay(subscriber: Subscriber, ids: Sequence[UUID] = ()) -> tuple[int, int]:
    """Act on dead letters again, all that wait or these, oldest first.

    Returns how many went and how many did not.
    What still fails stays where it is, with the reason of today.
    """
    went = failed = 0
    for letter in await waiting(subscriber.database, ids):
        try:
            await act(subscriber, [letter.body])
        except Exception as error:
            failed += 1
            reason = why(letter.body, error)
            await note(subscriber.database, letter.id, reason)
            logger(service=subscriber.name).warning("replay_failed", reason=reason)
        else:
            went += 1
            await note(subscriber.database, letter.id, None)
    return went, failed


async def waiting(
    database: Database, ids: Sequence[UUID] = (), most: int | None = None
) -> Sequence[DeadLetterRow]:
    """The dead letters that wait, all or these, oldest first; at most so many."""
    picked = select(DeadLetterRow).where(DeadLetterRow.replayed_at.is_(None)).limit(most)
    if ids:
        picked = picked.where(DeadLetterRow.id.in_(ids))
    async with database.reading() as session:
        return (await session.scalars(picked.order_by(DeadLetterRow.buried_at))).all()


async def note(database: Database, id: UUID, reason: str | None) -> None:
    """Note how the replay of one dead letter ended."""
    async with database.work() as work:
        values = {"error": reason} if reason else {"replayed_at": work.now}
        await work.session.execute(
            update(DeadLetterRow).where(DeadLetterRow.id == id).values(**values)
        )
