"""The tree of units, as rules see it: cities of a province, outlets of a bank, wards."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from shared.rights import Reach, Thing


@dataclass(frozen=True)
class Unit:
    """One unit of a body."""

    id: UUID
    body: str
    path: str
    """`/<id>/<id>/` from the top, its own id last; a unit's path begins with its parent's."""
    code: str = ""
    parent: UUID | None = None
    name: str = ""
    region: str = ""
    """The administrative region it is responsible for (GB/T 2260), if it is for one."""
    ended: bool = False


def path_of(above: str, unit: UUID) -> str:
    """The path of a unit whose parent has the path `above` (empty: it stands on top)."""
    return f"{above or '/'}{unit.hex}/"


@dataclass(frozen=True)
class Tree:
    """All units of an installation."""

    units: tuple[Unit, ...] = ()

    @cached_property
    def by_id(self) -> dict[UUID, Unit]:
        return {one.id: one for one in self.units}

    def place(self, body: str, unit: UUID | None, owner: UUID | None = None) -> Thing:
        """Where a thing lies that is in this unit and in these hands."""
        known = self.by_id.get(unit) if unit else None
        return Thing(body, unit, known.path if known else "", owner)

    def under(self, body: str, top: str) -> frozenset[UUID]:
        """The unit with this path, and all below it."""
        found = (one.id for one in self.units if one.body == body and one.path.startswith(top))
        return frozenset(found)

    def below(self, unit: UUID) -> frozenset[UUID]:
        """A unit and all below it; nothing where there is no such unit."""
        top = self.by_id.get(unit)
        return self.under(top.body, top.path) if top else frozenset()

    def reached(self, reach: Reach, body: str) -> frozenset[UUID | None]:
        """The units of a body that are within reach, one by one; None stands for the body itself.

        Does not say whether the whole body is within reach, or things in people's own hands.
        """
        named: set[UUID | None] = {unit for one, unit in reach.units if one == body}
        for one, top in reach.subtrees:
            if one == body:
                named |= self.under(body, top)
        return frozenset(named)

    def of(self, body: str) -> list[Unit]:
        """The units of a body, parents first, each level in the order of its codes."""
        mine = [one for one in self.units if one.body == body]
        codes = {one.id.hex: one.code for one in mine}
        return sorted(mine, key=lambda one: [codes.get(part, "") for part in parts(one.path)])

    def responsible(self, body: str, region: str | None) -> UUID | None:
        """The unit at work that is responsible for a region: of several, the one with the smallest.

        Codes of regions grow by pairs: 51 a province, 5109 a city in it, 510903 a district.
        """
        if not region:
            return None
        at_work = (one for one in self.units if one.body == body and one.region and not one.ended)
        fits = [one for one in at_work if region.startswith(stem(one.region))]
        best = max(fits, key=lambda one: (len(stem(one.region)), one.path), default=None)
        return best.id if best else None


NO_UNITS = Tree()


def parts(path: str) -> list[str]:
    """The ids a path is made of."""
    return [one for one in path.split("/") if one]


def stem(region: str) -> str:
    """What all codes of places within a region begin with: 510900 -> 5109."""
    found = region
    while found.endswith("00"):
        found = found[:-2]
    return found


def tree_of(units: Iterable[Unit]) -> Tree:
    """The tree of these units."""
    return Tree(tuple(units))
