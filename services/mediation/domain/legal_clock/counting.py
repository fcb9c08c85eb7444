"""Days counted one by one, and where the last of them rolls to."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from services.mediation.domain.calendar import ONE_DAY, Calendar
from services.mediation.domain.legal_clock.period import Pause, Roll, Unit


def count(
    start: date, amount: int, unit: Unit, pauses: Sequence[Pause], calendar: Calendar
) -> date:
    """The day on which `amount` days are full; day 0 and paused days are not counted."""
    if unit is Unit.CALENDAR_DAYS and not pauses:
        return start + timedelta(days=amount)
    excluded = {
        one.start + timedelta(days=number)
        for one in pauses
        if one.end
        for number in range((one.end - one.start).days)
    }
    day = start
    while amount:
        day += ONE_DAY
        if day not in excluded and (unit is Unit.CALENDAR_DAYS or calendar.is_working(day)):
            amount -= 1
    return day


def rolled(target: date, roll: Roll, calendar: Calendar) -> date:
    """The last day after the roll policy."""
    if roll is Roll.NONE:
        return target
    stays = calendar.is_working if roll is Roll.REST_DAY else outside_block(calendar)
    while not stays(target):
        target += ONE_DAY
    return target


def outside_block(calendar: Calendar) -> Any:
    return lambda day: not calendar.is_announced_off(day)
