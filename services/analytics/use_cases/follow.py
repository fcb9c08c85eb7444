"""Follow what was said, and tell the facts anew."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from services.analytics.following import Following
from services.analytics.hearing import Heard, hear
from services.analytics.store import FactsStore
from shared.log import logger
from shared.messaging.burying import bury
from shared.messaging.bus import EventLog, Positions, Stretch
from shared.work import Database

MOST = 5000
"""How many events one transaction takes at most."""
SERVICE = "analytics"


class LogEndsBeforeOurPositionError(Exception):
    """The log is shorter than what was read of it: it is another log, or a part of it is lost.

    Nothing is guessed; `redress rebuild analytics` makes the facts anew from the log there is.
    """


async def follow(following: Following, database: Database, log: EventLog) -> int:
    """Read on in the log until near its end; how many events that were.

    What cannot be read is kept as a dead letter before the position moves, so that it is neither
    lost nor in the way. A crash anywhere repeats, and a repetition changes no fact.
    """
    read = 0
    while True:
        async with following.steady:
            await look(following, log)
            stretch = await follow_once(following, database, log)
        read += len(stretch.bodies)
        if following.lag < MOST or not stretch.positions:
            return read


async def look(following: Following, log: EventLog) -> None:
    """See where we stand: refuse a log that is not ours, notice that facts are told anew."""
    if following.looked:
        return
    store = following.store
    positions, ends = await store.positions(), await log.ends()
    if any(positions.get(stream, 0) > end for stream, end in ends.items()):
        raise LogEndsBeforeOurPositionError
    following.rebuilding = not positions or await store.is_anew()
    following.target = ends
    following.looked = True


async def follow_once(following: Following, database: Database, log: EventLog) -> Stretch:
    """Take the next stretch of the log, and note how far we are."""
    positions = await following.store.positions()
    stretch = await log.read_from(positions, MOST)
    if stretch.positions:
        await keep(following.store, database, stretch.positions, stretch.bodies)
    await note(following, positions | dict(stretch.positions), await log.ends(), database.clock())
    return stretch


async def keep(
    store: FactsStore, database: Database, positions: Positions, bodies: Sequence[bytes]
) -> None:
    """Take a stretch of the log."""
    heard: Heard = await asyncio.to_thread(hear, bodies)
    for one in heard.unreadable:
        await bury(database, SERVICE, one.body, one.error)
    await store.take(positions, heard.told)


async def note(following: Following, positions: Positions, ends: Positions, now: datetime) -> None:
    """Note how far we are; facts that were told anew are shown once they are complete."""
    lag = sum(max(end - positions.get(stream, 0), 0) for stream, end in ends.items())
    following.ends = ends
    following.read = following.of - lag
    if following.rebuilding and following.has_reached(positions):
        await following.store.show_new()
        following.rebuilding = False
    if lag == 0:
        following.caught_up_at = now


async def tell_anew(following: Following) -> None:
    """Begin to make the facts anew from everything that was said."""
    async with following.steady:
        await following.store.start_anew()
        following.looked, following.rebuilding, following.read = False, True, 0
    logger(service=SERVICE).info("facts_told_anew", count=following.of)
