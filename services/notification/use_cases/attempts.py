"""Attempts under way: one at a time for each letter, however many processes hand letters over."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement

from services.notification.tables import AttemptRow

LEASE = timedelta(minutes=10)
"""How long nobody else tries a letter that is being handed over."""


def under_way(now: datetime) -> ColumnElement[bool]:
    """Attempts that go on; one that is older than its lease was cut off, and nobody is at it."""
    return AttemptRow.ended_at.is_(None) & (AttemptRow.began_at > now - LEASE)
