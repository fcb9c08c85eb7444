"""The embedded bus: a log in a file, in which every subscriber has its own cursor."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Index, Row, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column

from shared.columns import COLUMNS, new_metadata
from shared.messaging.bus import Message, Positions, Stretch
from shared.messaging.tables import Counter
from shared.wakes import Wakes
from shared.work import Database

MOST = 500
STREAM = "bus"


class Base(MappedAsDataclass, DeclarativeBase):
    metadata = new_metadata()
    type_annotation_map: ClassVar = COLUMNS


class LogRow(Base, kw_only=True):
    """One message, for ever."""

    __tablename__ = "log"
    __table_args__ = (
        Index("ix_log_topic_sequence", "topic", "sequence"),
        {"sqlite_autoincrement": True},  # a number once given is never given again
    )
    sequence: Mapped[int] = mapped_column(Counter, primary_key=True, init=False)
    event_id: Mapped[UUID] = mapped_column(unique=True)
    topic: Mapped[str]
    key: Mapped[str]
    body: Mapped[bytes]
    recorded_at: Mapped[datetime]


class CursorRow(Base, kw_only=True):
    """How far one subscriber has read."""

    __tablename__ = "cursors"
    subscriber: Mapped[str] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(Counter)


class LocalBus:
    """Appends to the log. A message whose event is there already is not appended again."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.published = Wakes()
        """Rung when there is something new to read."""

    async def publish(self, messages: Sequence[Message]) -> None:
        async with self.database.work() as work:
            rows = [
                {"event_id": m.id, "topic": m.topic, "key": m.key, "body": m.body} for m in messages
            ]
            dated = [row | {"recorded_at": work.now} for row in rows]
            await work.insert_new(LogRow, dated, ["sequence"])
        self.published.ring()

    async def after(
        self, sequence: int, topics: Sequence[str] = (), most: int = MOST
    ) -> Sequence[Row[int, bytes]]:
        """Messages behind `sequence`, oldest first, of these topics (none: of all)."""
        picked = select(LogRow.sequence, LogRow.body).where(LogRow.sequence > sequence)
        if topics:
            picked = picked.where(LogRow.topic.in_(topics))
        async with self.database.reading() as session:
            return (await session.execute(picked.order_by(LogRow.sequence).limit(most))).all()

    async def last(self) -> int:
        """The sequence of the newest message; 0 where there is none."""
        async with self.database.reading() as session:
            return await session.scalar(select(func.max(LogRow.sequence))) or 0


class LocalSource:
    """One subscriber's reading of the log."""

    def __init__(self, bus: LocalBus, subscriber: str, topics: frozenset[str]) -> None:
        self._bus = bus
        self._subscriber = subscriber
        self._topics = sorted(topics)
        self._at: int | None = None
        self._polled: int | None = None

    async def poll(self) -> Sequence[bytes]:
        rows = await self._bus.after(await self.position(), self._topics)
        self._polled = rows[-1].sequence if rows else None
        return [row.body for row in rows]

    async def commit(self) -> None:
        polled = self._polled  # who polls again meanwhile moves the other one
        if polled is None:
            return
        async with self._bus.database.work() as work:
            await work.session.merge(CursorRow(subscriber=self._subscriber, sequence=polled))
        self._at = polled

    async def position(self) -> int:
        """How far this subscriber has read."""
        if self._at is None:
            async with self._bus.database.reading() as session:
                cursor = await session.get(CursorRow, self._subscriber)
                self._at = cursor.sequence if cursor else 0
        return self._at

    async def lag(self) -> int:
        counted = select(func.count()).where(LogRow.sequence > await self.position())
        counted = counted.where(LogRow.topic.in_(self._topics))
        async with self._bus.database.reading() as session:
            return await session.scalar(counted) or 0

    async def close(self) -> None:
        """Nothing to leave."""


class LocalEventLog:
    """The whole log, for a reader who keeps its own position."""

    def __init__(self, bus: LocalBus) -> None:
        self._bus = bus

    async def read_from(self, positions: Positions, most: int) -> Stretch:
        rows = await self._bus.after(positions.get(STREAM, 1) - 1, most=most)
        moved = {STREAM: rows[-1].sequence + 1} if rows else {}
        return Stretch([row.body for row in rows], moved)

    async def ends(self) -> Positions:
        last = await self._bus.last()
        return {STREAM: last + 1} if last else {}

    async def close(self) -> None:
        """Nothing to let go."""
