"""Refused attempts and wrong codes: gathered beside the requests, written by a step, capped."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from shared.log import logger, reason_of
from shared.trail.beside import write_some
from shared.trail.caps import Attempt, Cap
from shared.trail.deeds import Deed
from shared.trail.said import SYSTEM, Chain, Doer, Noted, Said
from shared.trail.searches import searches_of
from shared.work import Database

MOST_WAITING = 1000
"""So many of strangers wait for a database that is away; more are counted."""
MOST_KNOWN_WAITING = 5000
"""The same of people who are logged in, and of what strangers tried at things that exist."""
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
    tried: Mapping[str, str] = field(default_factory=dict)
    """What was tried: its `kind`, and its `id` where it exists. Else what the address `named`, or a
    keyed `hash` of what was typed."""

    def said(self) -> Said:
        """What its row says."""
        names = ("method", "route", "error", "address")
        values: dict[str, Any] = {name: getattr(self, name) for name in names}
        tried = {"tried": dict(self.tried)} if self.tried else {}
        return Said(self.action, {**values, **tried, "at": self.at})

    @property
    def attempt(self) -> Attempt:
        """What it is counted under."""
        person = str(self.doer.id) if self.doer.id else ""
        known = self.tried.get("id")
        thing = f"{self.tried['kind']}:{known}" if known else ""
        return Attempt(self.address, person, thing)


@dataclass(eq=False)
class Refusals:
    """What was refused in this process and is not written yet."""

    database: Database
    cap: Cap = field(default_factory=Cap)
    waiting: deque[tuple[Doer, Said]] = field(default_factory=deque)

    def add(self, refusal: Refusal) -> None:
        """Take it in; nobody waits for the database."""
        self.turn(refusal.at)
        one = refusal.attempt
        known = one.person or one.thing
        if len(self.waiting) >= (MOST_KNOWN_WAITING if known else MOST_WAITING):
            self.cap.leave_out(one)
        elif self.cap.admits(one):
            self.waiting.append((refusal.doer, refusal.said()))

    def turn(self, now: datetime) -> None:
        """Say how many were left out, once their minute is over."""
        if left_out := self.cap.turned(now):
            self.waiting.append((SYSTEM, Said(Deed.LEFT_OUT.value, left_out)))

    async def write(self, service: str) -> int:
        """Write what waits; how many rows. What cannot be written waits on."""
        self.turn(self.database.clock())
        chain = Chain("refused", service)
        return await write_some(self.database, self.waiting, lambda one: Noted(chain, *one))

    async def close(self) -> None:
        """Nothing is held open."""


def refusals_of(database: Database) -> Refusals:
    """What waits for this database."""
    return database.once(Refusals)


@dataclass(frozen=True)
class WriteRefusals:
    """A step: writes what was refused at the edge of this service, and what was searched."""

    service: str
    __name__ = "write_refusals"

    async def __call__(self, database: Database) -> int:
        """How many rows."""
        refused = await refusals_of(database).write(self.service)
        return refused + await searches_of(database).write()


async def write_last(database: Database, service: str) -> None:
    """Write everything that waits, the count of this minute too: the service ends.

    A database that is away now keeps nothing; that is logged, and nobody is kept from ending.
    """
    waiting, searched = refusals_of(database), searches_of(database)
    waiting.turn(database.clock() + A_MINUTE)
    try:
        while await waiting.write(service) or await searched.write():
            pass
    except Exception as error:
        lost = len(waiting.waiting) + len(searched.waiting)
        logger(service=service).error("refusals_lost", count=lost, reason=reason_of(error))
