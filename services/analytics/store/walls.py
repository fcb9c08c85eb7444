"""What somebody may see the figures of, as a condition on complaints (统计范围)."""

from collections.abc import Iterator
from typing import NamedTuple

from services.analytics.domain.figures import CODES
from shared.rights import Reach

BODY = CODES["body"]
UNDER = (
    "SELECT CAST(unit_id AS VARCHAR) FROM units WHERE unit_body = ${} AND starts_with(path, ${})"
)


class Walls(NamedTuple):
    """A condition, and the values in it: no word of it comes from a caller."""

    text: str
    values: dict[str, str]


def walls(reach: Reach) -> Walls:
    """Complaints within reach: of whole bodies, of units, of units with all below, of people."""
    values: dict[str, str] = {}

    def value(given: str) -> str:
        name = f"wall_{len(values):04}"
        values[name] = given
        return name

    def here(body: str) -> str:
        return f"{BODY} = ${value(body)}" if body else "true"

    parts = [here(body) for body in sorted(reach.bodies)]
    for body, unit in sorted(reach.units, key=str):
        lies = f"c.unit = ${value(str(unit))}" if unit else "c.unit IS NULL"
        parts.append(f"({here(body)} AND {lies})")
    for body, top in sorted(reach.subtrees):
        under = UNDER.format(value(body), value(top))
        parts.append(f"({here(body)} AND c.unit IN ({under}))")
    for body, owner in sorted(reach.owners, key=str):
        parts.append(f"({here(body)} AND c.assignee = ${value(str(owner))})")
    return Walls(f"({' OR '.join(parts)})" if parts else "false", values)


def bodies_in(reach: Reach) -> Iterator[str]:
    """The bodies of which something is within reach; empty: every one."""
    yield from reach.bodies
    for body, _ in (*reach.units, *reach.subtrees, *reach.owners):
        yield body


def home_of(reach: Reach) -> str:
    """The body of which something is within reach, where it is one; empty: several, or all."""
    found = set(bodies_in(reach))
    return found.pop() if len(found) == 1 and not reach.everywhere else ""
