"""When a letter is tried again, and when a person must take over."""

from datetime import date, datetime, timedelta

SCHEDULE = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
)
"""Pause after the first failed attempt, after the second, and so on; then we give up."""

JITTER = 0.2
"""Up to this share of a pause is added, so that letters held up together do not come together."""


def next_attempt(
    failed: int, now: datetime, jitter: float, schedule: tuple[timedelta, ...] = SCHEDULE
) -> datetime | None:
    """When to try again after `failed` attempts; None means give up.

    `jitter` is a number from 0 to 1 that the caller draws.
    """
    if failed > len(schedule):
        return None
    return now + schedule[failed - 1] * (1 + JITTER * jitter)


def too_late(day: date, reply_due: date) -> bool:
    """Whether a letter that leaves on `day` can no longer leave before its reply date.

    The reply date (答复期限) is designated at forwarding and printed, so the letter would be false.
    """
    return day >= reply_due
