"""How far a right reaches over things that lie in bodies, in units and in people's hands."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self
from uuid import UUID


@dataclass(frozen=True)
class Thing:
    """Where something lies: its body, its unit with its place in the tree, whose hands it is in."""

    body: str
    unit: UUID | None = None
    path: str = ""
    owner: UUID | None = None


@dataclass(frozen=True)
class Reach:
    """A union of bodies, subtrees, units and own things; a body of `""` is every body."""

    everywhere: bool = False
    bodies: frozenset[str] = frozenset()
    subtrees: frozenset[tuple[str, str]] = frozenset()
    """Body, and the path of the unit on top."""
    units: frozenset[tuple[str, UUID | None]] = frozenset()
    """Body and unit; None: what lies with the body itself."""
    owners: frozenset[tuple[str, UUID]] = frozenset()
    """Body, and whose things."""

    def __bool__(self) -> bool:
        return self.everywhere or bool(self.bodies or self.subtrees or self.units or self.owners)

    def __or__(self, other: "Reach") -> Self:
        return self.union((self, other))

    @classmethod
    def union(cls, reaches: Iterable["Reach"]) -> Self:
        """All of these together, made at once."""
        each = set(reaches)
        return cls(
            everywhere=any(one.everywhere for one in each),
            bodies=frozenset().union(*(one.bodies for one in each)),
            subtrees=frozenset().union(*(one.subtrees for one in each)),
            units=frozenset().union(*(one.units for one in each)),
            owners=frozenset().union(*(one.owners for one in each)),
        )

    def admits(self, thing: Thing) -> bool:
        """Whether a thing is within reach."""
        return (
            self.whole(thing.body)
            or (thing.body, thing.unit) in self.units
            or any(body == thing.body and thing.path.startswith(top) for body, top in self.subtrees)
            or any(body in {"", thing.body} and owner == thing.owner for body, owner in self.owners)
        )

    def whole(self, body: str) -> bool:
        """Whether all of a body is within reach."""
        return self.everywhere or "" in self.bodies or body in self.bodies

    def covers(self, other: "Reach", path: str = "") -> bool:
        """Whether all that the other one reaches is within this one.

        `path` says where the units of the other one stand in the tree.
        """
        return self.everywhere or (
            not other.everywhere
            and all(map(self.whole, other.bodies))
            and all(self._under(body, top) for body, top in other.subtrees)
            and all(one in self.units or self._under(one[0], path) for one in other.units)
            and all(self.whole(one[0]) or one in self.owners for one in other.owners)
        )

    def _under(self, body: str, path: str) -> bool:
        """Whether a unit and all below it is within reach."""
        tops = (top for at, top in self.subtrees if at == body)
        return self.whole(body) or any(map(path.startswith, tops))

    def touches(self, body: str) -> bool:
        """Whether anything of a body may be within reach."""
        parts = {one for one, _ in (*self.subtrees, *self.units, *self.owners)}
        return self.whole(body) or body in parts or "" in parts


EVERYWHERE = Reach(everywhere=True)
