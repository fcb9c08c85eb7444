"""Units as a page shows them: the tree, or those that were searched."""

from collections import Counter
from dataclasses import dataclass, field

from services.mediation.use_cases.people.units import Listed
from shared.units.tree import parts


@dataclass
class Node:
    """A unit with those below it."""

    one: Listed
    below: list["Node"] = field(default_factory=list)
    above: list[str] = field(default_factory=list)
    """The names of those it stands below, from the top; only where it was searched."""

    @property
    def whole(self) -> Counter[str]:
        """How many units stand below it, with their people and open cases."""
        found: Counter[str] = Counter()
        for node in self.below:
            mine = {"units": 1, "people": node.one.people, "cases": node.one.open_cases}
            found += node.whole + Counter(mine)
        return found


def nested(found: list[Listed]) -> list[Node]:
    """The tree; who stands below a unit that is not shown stands on top."""
    nodes = {one.unit.id: Node(one) for one in found}
    top: list[Node] = []
    for node in nodes.values():
        above = nodes.get(node.one.unit.parent) if node.one.unit.parent else None
        (above.below if above else top).append(node)
    return top


def hits(found: list[Listed], q: str) -> list[Node]:
    """The units whose name, code or region holds what was typed, with those they stand below."""
    names, typed = {one.unit.id.hex: one.unit.name for one in found}, q.casefold()
    return [
        Node(one, above=[names[part] for part in parts(one.unit.path)[:-1] if part in names])
        for one in found
        if any(typed in text.casefold() for text in (one.unit.name, one.unit.code, one.unit.region))
    ]
