"""Background work: words fetched and made searchable, corrections pushed, sessions purged."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from sqlalchemy import select, update

from services.mediation.ports import Amendment, Intake
from services.mediation.tables import AmendmentRow
from services.mediation.use_cases import sessions
from services.mediation.use_cases.fetching import keep_fetched, wanted
from services.mediation.use_cases.searching import indexing
from services.mediation.use_cases.searching.standing import show_waiting
from services.mediation.use_cases.words import changes_in
from shared.work import Database

AT_ONCE = 200
BATCHES = 10
"""Transactions of one round of the search's tokens."""
UNHURRIED = 0.1
"""Seconds between two rounds with intake: each costs nearly the same for one as for many."""


@dataclass(frozen=True)
class FetchWords:
    """Copies the words of new and corrected complaints from intake, many at a time."""

    intake: Intake
    __name__ = "fetch_words"
    gather: ClassVar = UNHURRIED

    async def __call__(self, database: Database) -> int:
        """How many were wanted. Raises Unanswered; what was wanted stays wanted."""
        asked_at = database.clock()
        async with database.reading() as session:
            wants = await wanted(session, asked_at, AT_ONCE)
        if not wants:
            return 0
        records = await self.intake.words([one.complaint_id for one in wants])
        async with database.work(redone=True) as work:
            await keep_fetched(work, wants, records, asked_at)
        return len(wants)


@dataclass(frozen=True)
class PushAmendments:
    """Tells intake what staff corrected, oldest first."""

    intake: Intake
    __name__ = "push_amendments"
    gather: ClassVar = UNHURRIED

    async def __call__(self, database: Database) -> int:
        """How many waited. Raises Unanswered; what waits goes on waiting."""
        async with database.reading() as session:
            waits = AmendmentRow.pushed_at.is_(None)
            statement = select(AmendmentRow).where(waits).order_by(AmendmentRow.id).limit(AT_ONCE)
            rows = (await session.scalars(statement)).all()
        if not rows:
            return 0
        told = [
            Amendment(row.id, row.complaint_id, changes_in(database.vault, row.changes, row.id))
            for row in rows
            if row.changes is not None
        ]
        if told:
            await self.intake.amend(told)
        async with database.work() as work:
            pushed = update(AmendmentRow).where(AmendmentRow.id.in_([row.id for row in rows]))
            await work.session.execute(pushed.values(pushed_at=work.now))
        return len(rows)


async def index_texts(database: Database) -> int:
    """Gives new and changed texts the tokens by which their words are found; how much was done."""
    done = 0
    for _ in range(BATCHES):
        some = await indexing.index_texts(database)
        done += some
        if not some:
            break
    await show_waiting(database, anything=done > 0)
    return done


async def purge_sessions(database: Database) -> int:
    """Forgets sessions that are over."""
    return await sessions.purge_sessions(database)


@dataclass
class Rarely:
    """A step that, once it found nothing, is left alone for a while however often it is woken."""

    step: Callable[[Database], Awaitable[int]]
    rest: timedelta
    due: datetime | None = None

    @property
    def __name__(self) -> str:
        """The step's own name."""
        return str(getattr(self.step, "__name__", "step"))

    async def __call__(self, database: Database) -> int:
        """How much was done."""
        now = database.clock()
        if self.due and self.due - self.rest <= now < self.due:
            return 0
        done = await self.step(database)
        self.due = None if done else now + self.rest
        return done
