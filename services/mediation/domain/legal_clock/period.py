"""A legal period: how many days of which kind, and what may happen to it on its way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.mediation.domain.calendar import ONE_DAY
from shared.kernel import RuleError


class Unit(StrEnum):
    """What a period counts."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"


class Roll(StrEnum):
    """Where a period of calendar days ends when its last day is no working day."""

    NONE = "none"
    HOLIDAY_PERIOD = "holiday_period"
    """In an announced holiday block: the day after the block.

    市场监督管理投诉举报处理办法 art. 45.
    """
    REST_DAY = "rest_day"
    """On any rest day: the next working day (民法典 art. 203)."""


class NoExtensionError(RuleError):
    """The clock knows no extension."""


class BackwardsPauseError(RuleError):
    """A pause that ends before it begins."""


@dataclass(frozen=True)
class Period:
    """An amount of days, what they are, and what happens at the end."""

    amount: int
    unit: Unit
    roll: Roll = Roll.NONE


@dataclass(frozen=True)
class Pause:
    """Days that are not counted: from `start` on, up to but without `end` (half-open)."""

    start: date
    end: date | None = None


@dataclass(frozen=True)
class Extension:
    """More days of the period's own unit, approved on a day."""

    amount: int
    approved_on: date


@dataclass(frozen=True)
class Course:
    """What happened to a period on its way."""

    pauses: Sequence[Pause] = ()
    extension: Extension | None = None
    today: date | None = None
    """Closes a pause without an end for the time being (reading L)."""


UNDISTURBED = Course()


def union(pauses: Sequence[Pause], after: date, today: date | None) -> list[Pause]:
    """Non-overlapping pauses in order, cut to the days after `after`; an open one ends `today`.

    Raises BackwardsPauseError.
    """
    joined: list[Pause] = []
    for one in sorted(pauses, key=lambda pause: pause.start):
        if one.end is not None and one.end < one.start:
            raise BackwardsPauseError(
                "暂停的结束日 {end} 早于开始日 {start}。", start=str(one.start), end=str(one.end)
            )
        first = max(one.start, after + ONE_DAY)
        end = one.end or max(today or first, first)
        if end <= first:
            continue
        if joined and joined[-1].end is not None and first <= joined[-1].end:
            joined[-1] = Pause(joined[-1].start, max(joined[-1].end, end))
        else:
            joined.append(Pause(first, end))
    return joined
