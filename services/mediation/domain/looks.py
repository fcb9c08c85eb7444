"""Looks behind masks that somebody should ask about. Nothing follows from them by itself.

The rules point out; a person asks and decides (个人信息保护负责人核查).
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

AN_HOUR = timedelta(hours=1)
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Look:
    """Somebody looked behind a mask, or searched for somebody."""

    at: datetime
    """As the clocks of the office show it."""
    who: UUID
    subject: str
    """The case, or what was searched for: equal for the same person."""
    in_hand: bool
    """Whether the case was in that person's hands."""


class Pattern(StrEnum):
    """Why somebody should ask."""

    MANY = "many"
    """Very many in an hour."""
    NIGHT = "night"
    """By night or on a day off."""
    FOREIGN = "foreign"
    """At cases in other hands."""
    AGAIN = "again"
    """At the same case or person again and again."""


@dataclass(frozen=True)
class Usual:
    """What counts as usual here."""

    per_hour: int
    """So many looks in an hour are still usual, one more is not."""
    same: int
    """So many looks at the same subject on one day are still usual, one more is not."""
    begins: time
    """Looks before this time of day are by night."""
    ends: time | None
    """Looks from this time of day on are by night; None: none before midnight is."""
    is_working: Callable[[date], bool]


@dataclass(frozen=True)
class Unusual:
    """What one person did that somebody should ask about."""

    pattern: Pattern
    who: UUID
    count: int
    """How many looks it is about."""
    first: datetime
    last: datetime
    subject: str | None = None
    """The one case or person, where it is about one."""


def unusual(looks: Iterable[Look], usual: Usual) -> list[Unusual]:
    """What somebody should ask about, the newest first."""
    in_order = sorted(looks, key=lambda one: one.at)
    found: list[Unusual] = []
    for who, mine in grouped(in_order, lambda one: one.who).items():
        crowd = densest(mine)
        if len(crowd) > usual.per_hour:
            found.append(about(Pattern.MANY, who, crowd))
        for pattern, odd in (
            (Pattern.NIGHT, [one for one in mine if by_night(one.at, usual)]),
            (Pattern.FOREIGN, [one for one in mine if not one.in_hand]),
        ):
            if odd:
                found.append(about(pattern, who, odd))
        for (_, subject), same in grouped(mine, lambda one: (one.at.date(), one.subject)).items():
            if len(same) > usual.same:
                found.append(about(Pattern.AGAIN, who, same, subject))
    return sorted(found, key=lambda one: (one.last, one.pattern), reverse=True)


def about(
    pattern: Pattern, who: UUID, looks: Sequence[Look], subject: str | None = None
) -> Unusual:
    """What these looks of one person are."""
    return Unusual(pattern, who, len(looks), looks[0].at, looks[-1].at, subject)


def by_night(at: datetime, usual: Usual) -> bool:
    """Whether nobody works at this time: a day off, or before or after the hours."""
    now = at.time()
    late = usual.ends is not None and now >= usual.ends
    return not usual.is_working(at.date()) or now < usual.begins or late


def densest(looks: Sequence[Look]) -> Sequence[Look]:
    """The most looks within one hour; `looks` in the order of time."""
    best: Sequence[Look] = ()
    first = 0
    for last, one in enumerate(looks):
        while one.at - looks[first].at >= AN_HOUR:
            first += 1
        if last + 1 - first > len(best):
            best = looks[first : last + 1]
    return best


def grouped(looks: Iterable[Look], key: Callable[[Look], Key]) -> dict[Key, list[Look]]:
    """Looks by a key, each group in the order given."""
    found: dict[Key, list[Look]] = defaultdict(list)
    for one in looks:
        found[key(one)].append(one)
    return dict(found)
