"""Two people (四眼原则): whoever decides did not ask, and neither of them acts for the other."""

from typing import NamedTuple
from uuid import UUID


class Hands(NamedTuple):
    """Who did something, and whose right they used as a stand-in (代理)."""

    doer: UUID | None
    holder: UUID | None = None
    """None: their own."""

    @property
    def people(self) -> frozenset[UUID]:
        """Everybody whose judgement this is, or passes for."""
        return frozenset(one for one in self if one is not None)


def are_two(first: Hands, second: Hands) -> bool:
    """Whether these are two pairs of eyes: no doer and no holder of the one is in the other.

    Hands that nobody knows are never a second pair.
    """
    known = first.doer is not None and second.doer is not None
    return known and first.people.isdisjoint(second.people)
