"""What a process has read of a database and believes for a while, in place of reading it again."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy.ext.asyncio import AsyncSession

from shared.work import Database, Work

Thing = TypeVar("Thing")


class Believed(Generic[Thing]):
    """One thing of every database, read at most once in `life`.

    Whoever changes it says so (`changed`). From the end of their transaction on nobody is given
    what was read before that end, however long the reading took. Other processes learn of a change
    within `life`.
    """

    def __init__(self, read: Callable[[AsyncSession], Awaitable[Thing]], life: timedelta) -> None:
        self._read = read
        self._life = life
        self._kept: WeakKeyDictionary[Any, tuple[datetime, Thing]] = WeakKeyDictionary()
        self._changes: WeakKeyDictionary[Any, int] = WeakKeyDictionary()

    async def of(self, database: Database, now: datetime) -> Thing:
        """The thing, without a transaction where it was read a moment ago."""
        pool = database.engine.sync_engine.pool
        known, changes = self._known(pool, now), self._changes.get(pool, 0)
        if known is not None:
            return known
        async with database.reading() as session:
            return await self._anew(session, now, changes)

    async def within(self, work: Work) -> Thing:
        """The same within a transaction that writes, though not to this thing."""
        pool = pool_of(work.session)
        known, changes = self._known(pool, work.now), self._changes.get(pool, 0)
        return known if known is not None else await self._anew(work.session, work.now, changes)

    def changed(self, work: Work) -> None:
        """Read it anew for whoever needs it once this transaction, which changes it, is over."""
        pool = pool_of(work.session)

        def drop() -> None:
            self._changes[pool] = self._changes.get(pool, 0) + 1
            self._kept.pop(pool, None)

        work.when_over(drop)

    def _known(self, pool: Any, now: datetime) -> Thing | None:
        kept = self._kept.get(pool)
        return kept[1] if kept and abs(now - kept[0]) < self._life else None

    async def _anew(self, session: AsyncSession, now: datetime, changes: int) -> Thing:
        """Read it; what may have changed since `changes` were counted is not kept."""
        pool = pool_of(session)
        thing = await self._read(session)
        if self._changes.get(pool, 0) == changes:
            self._kept[pool] = (now, thing)
        return thing


def pool_of(session: AsyncSession) -> Any:
    """What readers and writers of one database share, and nobody else."""
    return session.get_bind().engine.pool
