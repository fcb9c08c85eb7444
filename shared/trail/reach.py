"""Rows out of the checkpoints' reach: their id says that they are younger than they can be.

A checkpoint covers rows by their ids. Whoever has the database alone could give a fresh row an id
of the far future, and take it away at leisure; and a clock that was set back leaves rows behind
whose ids wait for it. Both look like this, and the second passes once the clock has caught up.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from shared.ids import machine_now, milliseconds_of, uuid7_at
from shared.trail.chain import Break
from shared.trail.findings import MOST_BREAKS, Findings
from shared.trail.logs import Log
from shared.trail.walking import LATE, milliseconds
from shared.work import Database

ALLOWED = int(LATE.total_seconds() * 1000)
"""Milliseconds that an id may be later than the time in its row: a work had to wait for another."""


async def find_out_of_reach(
    database: Database, logs: Sequence[Log], until: UUID, found: Findings
) -> None:
    """Name rows from the end of the last checkpoint on that should lie under it, or are ahead.

    Of a chain only the first one. Rows have their time from another clock than ids have (only in
    tests are they apart), so that their difference is taken off.
    """
    now = machine_now()
    ahead = now - milliseconds(database.clock())
    old = datetime.fromtimestamp(max(milliseconds_of(until) - ahead - ALLOWED, 0) / 1000, UTC)
    late = uuid7_at(now + ALLOWED, 0)
    for log in logs:
        async with database.reading() as session:
            statement = log.out_of_reach((until, late), old, MOST_BREAKS)
            rows = (await session.execute(statement)).mappings().all()
        for row in rows:
            found.broken(log.name, log.chain_of(row), Break(row["seq"], "ahead"))
