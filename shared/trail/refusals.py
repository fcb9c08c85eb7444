"""Refused attempts and wrong codes: gathered beside the requests, written by a step, capped."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from shared.log import logger, reason_of
from shared.trail.deeds import Deed
from shared.trail.noting import note_all
from shared.trail.said import SYSTEM, Chain, Doer, Noted, Said
from shared.work import Database

MOST_PER_MINUTE = 60
"""More refusals in one minute are counted, not kept one by one: floods fill no disk."""
MOST_WAITING = 1000
"""So many wait for a database that is away; more are counted."""
AT_ONCE = 200
A_MINUTE = timedelta(minutes=1)
STRANGER = Doer("stranger")


@dataclass(frozen=True)
class Refusal:
    """Somebody was refused. No personal data: an account if one is known, else a keyed hash."""

    action: str
    at: datetime
    doer: Doer
    method: str
    route: str
    """The template of the address, never the address itself."""
    error: str
    """The class of the error."""
    address: str
    """A keyed hash: equal addresses can be seen to be equal, and no more."""

    def said(self) -> Said:
        """What its row says."""
        names = ("method", "route", "error", "address")
        values = {name: getattr(self, name) for name in names}
        return Said(self.action, {**values, "at": self.at})


@dataclass
class Cap:
    """Lets so many through in each minute, and counts the rest."""

    most: int = MOST_PER_MINUTE
    minute: datetime | None = None
    through: int = 0
    left_out: int = 0

    def admits(self) -> bool:
        """Whether one more may be kept; the minute must have been turned to."""
        self.through += 1
        if self.through <= self.most:
            return True
        self.left_out += 1
        return False

    def turned(self, at: datetime) -> int:
        """Turn to the minute of this instant; how many were left out in the one before."""
        minute = at.replace(second=0, microsecond=0)
        if minute == self.minute:
            return 0
        gone, self.left_out = self.left_out, 0
        self.minute, self.through = minute, 0
        return gone


@dataclass(eq=False)
class Refusals:
    """What was refused in this process and is not written yet."""

    database: Database
    cap: Cap = field(default_factory=Cap)
    waiting: deque[tuple[Doer, Said]] = field(default_factory=deque)

    def add(self, refusal: Refusal) -> None:
        """Take it in; nobody waits for the database."""
        self.turn(refusal.at)
        if len(self.waiting) >= MOST_WAITING:
            self.cap.left_out += 1
        elif self.cap.admits():
            self.waiting.append((refusal.doer, refusal.said()))

    def turn(self, now: datetime) -> None:
        """Say how many were left out, once their minute is over."""
        minute = self.cap.minute
        if left_out := self.cap.turned(now):
            self.waiting.append((SYSTEM, counted(left_out, minute)))

    async def write(self, service: str) -> int:
        """Write what waits; how many rows. What cannot be written waits on."""
        self.turn(self.database.clock())
        some = [self.waiting[place] for place in range(min(AT_ONCE, len(self.waiting)))]
        if some:
            chain = Chain("refused", service)
            async with self.database.work() as work:
                await note_all(work, [Noted(chain, *one) for one in some])
            for _ in some:
                self.waiting.popleft()
        return len(some)

    async def close(self) -> None:
        """Nothing is held open."""


def counted(left_out: int, minute: datetime | None) -> Said:
    """The row of a minute in which there were too many."""
    values: dict[str, Any] = {"count": left_out, "minute": minute}
    return Said(Deed.LEFT_OUT.value, values)


def refusals_of(database: Database) -> Refusals:
    """What waits for this database."""
    return database.once(Refusals)


@dataclass(frozen=True)
class WriteRefusals:
    """A step: writes what was refused at the edge of this service."""

    service: str
    __name__ = "write_refusals"

    async def __call__(self, database: Database) -> int:
        """How many rows."""
        return await refusals_of(database).write(self.service)


async def write_last(database: Database, service: str) -> None:
    """Write everything that waits, the count of this minute too: the service ends.

    A database that is away now keeps nothing; that is logged, and nobody is kept from ending.
    """
    waiting = refusals_of(database)
    waiting.turn(database.clock() + A_MINUTE)
    try:
        while await waiting.write(service):
            pass
    except Exception as error:
        lost = len(waiting.waiting)
        logger(service=service).error("refusals_lost", count=lost, reason=reason_of(error))
