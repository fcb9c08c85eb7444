"""How many refusals of one minute are kept one by one: floods hide nobody and fill no disk."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple


class Attempt(NamedTuple):
    """What a refusal is counted under."""

    address: str
    """A keyed hash of where it came from."""
    person: str = ""
    """The id of who is logged in; empty for strangers."""
    thing: str = ""
    """What it was aimed at: an account, a case or the like that exists, by kind and id."""


@dataclass(frozen=True)
class Limits:
    """The most of one minute, in one process."""

    person: int = 60
    """Of each person who is logged in: nobody else's refusals take their place."""
    thing: int = 30
    """Of strangers against each thing that exists: whatever else they try elsewhere."""
    things: int = 2000
    """Of strangers against all things that exist. They must know the names of more than 66 accounts
    and try each as often as they may before an attempt is only counted."""
    address: int = 20
    """From each address, at what does not exist."""
    addresses: int = 300
    """From all addresses together, at what does not exist."""
    told: int = 100
    """Addresses and people whose left-out refusals are counted apart; the others' together."""


@dataclass
class Cap:
    """Lets so many through in each minute, and counts the rest by where they came from.

    It remembers those it has let through, so it grows no further than the limits do.
    """

    limits: Limits = field(default_factory=Limits)
    minute: datetime | None = None
    taken: Counter[tuple[str, str]] = field(default_factory=Counter)
    left_out: Counter[tuple[str, str]] = field(default_factory=Counter)

    def admits(self, one: Attempt) -> bool:
        """Whether it is kept; else it is counted. The minute must have been turned to."""
        if self._has_place(one):
            return True
        self.leave_out(one)
        return False

    def leave_out(self, one: Attempt) -> None:
        """Count one that is not kept."""
        whose = ("people", one.person) if one.person else ("addresses", one.address)
        known = whose in self.left_out or len(self.left_out) < self.limits.told
        self.left_out[whose if known else ("elsewhere", "")] += 1

    def turned(self, at: datetime) -> dict[str, Any] | None:
        """Turn to the minute of this instant; what was left out in the one before, if anything."""
        minute = at.replace(second=0, microsecond=0)
        if minute == self.minute:
            return None
        before, gone = self.minute, self.left_out
        self.minute, self.taken, self.left_out = minute, Counter(), Counter()
        return counted(gone, before) if gone else None

    def _has_place(self, one: Attempt) -> bool:
        most = self.limits
        if one.person:
            return self._takes({("person", one.person): most.person})
        if one.thing and self._takes(
            {("thing", one.thing): most.thing, ("things", ""): most.things}
        ):
            return True
        return self._takes(
            {("address", one.address): most.address, ("addresses", ""): most.addresses}
        )

    def _takes(self, places: dict[tuple[str, str], int]) -> bool:
        """Take one place under each of these, if there is one under all."""
        if any(self.taken[key] >= most for key, most in places.items()):
            return False
        self.taken.update(places.keys())
        return True


def counted(gone: Counter[tuple[str, str]], minute: datetime | None) -> dict[str, Any]:
    """What the trail is told of a minute in which there were too many."""
    said: dict[str, Any] = {"count": gone.total(), "minute": minute}
    for kind in ("people", "addresses"):
        if of_kind := {key: number for (at, key), number in gone.items() if at == kind}:
            said[kind] = of_kind
    if elsewhere := gone["elsewhere", ""]:
        said["elsewhere"] = elsewhere
    return said
