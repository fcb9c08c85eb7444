"""Walks along indexes: the newest rows of a log, without passing all those that nobody asked for.

Every index of a log ends with the id, so that the rows of one doer, one action or one kind of chain
lie there in the order of lists; days are stretches of ids.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, select, union

from shared.ids import machine_now, uuid7_at

Conditions = Sequence[ColumnElement[bool]]
"""What is asked of a row, all of it."""
MOST_WALKED = 8
"""People that are walked for one by one; more share a walk, along the ids of all."""
EARLY, LATE = timedelta(minutes=1), timedelta(hours=1)
"""How long before the time that a row bears its id may have been made, by a clock that was set, and
how long after, by a transaction that had to wait."""


@dataclass(frozen=True)
class Walk:
    """Some of the rows."""

    where: Conditions
    ordered: bool = True
    """Whether they are read in the order of ids; those of one chain are few, and sorted."""

    def also(self, more: Conditions) -> "Walk":
        """Those of them that meet more conditions."""
        return replace(self, where=[*self.where, *more])

    def ids(self, ids: Any, most: int) -> Subquery:
        """Their ids: of chains all, else those of the newest rows."""
        found = select(ids.label("id")).where(*self.where)
        newest_first = found.order_by(ids.desc()).limit(most) if self.ordered else found
        return newest_first.subquery()


def newest(ids: Any, walks: Sequence[Walk], most: int) -> Select[Any]:
    """The ids of the newest rows, at most so many, that the walks find; there is one at least."""
    every = union(*(select(one.ids(ids, most).c.id) for one in walks)).subquery()
    return select(every.c.id).order_by(every.c.id.desc()).limit(most)


@dataclass(frozen=True)
class Days:
    """The rows that bear a time from `since` on, up to without `until`; None: any.

    `at` decides, the ids (RFC 9562, version 7) say where to look for it.
    """

    since: datetime | None
    until: datetime | None
    now: datetime
    """By the clock that rows get their time from; ids have theirs from the machine's."""

    def of(self, ids: Any, at: Any) -> Iterator[ColumnElement[bool]]:
        """The conditions on these two columns."""
        if self.since is not None:
            yield at >= self.since
            yield ids >= self._id(self.since - EARLY)
        if self.until is not None:
            yield at < self.until
            yield ids < self._id(self.until + LATE)

    def _id(self, instant: datetime) -> UUID:
        """The lowest id that could be made at an instant."""
        ahead = machine_now() - milliseconds(self.now)
        return uuid7_at(max(milliseconds(instant) + ahead, 0), 0)


def milliseconds(instant: datetime) -> int:
    """Unix time."""
    return int(instant.timestamp() * 1000)
