"""A chain of the trail as the tests ask about it."""

from collections.abc import Iterable

from shared.trail.chain import Break, Follower, Kept


def first_break(rows: Iterable[Kept]) -> Break | None:
    """The first row of one chain that is missing or not what was written; None: intact."""
    follower = Follower()
    for row in rows:
        follower.follow(row)
    return follower.broken
