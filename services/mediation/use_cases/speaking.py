"""Who speaks in a case, beside the complainant's name, as our own copy of its words keeps them."""

from collections.abc import Iterable, Mapping
from typing import Any

HIDDEN = "hidden"
"""Part of a copy: names and addresses that lists must hide wherever they are written."""
KEPT = ("name", "address")


def with_people(
    copy: Mapping[str, dict[str, Any]], people: Iterable[Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """The copy with the names and addresses that lists hide besides the complainant's name."""
    told = [
        known for one in people if (known := {name: one[name] for name in KEPT if one.get(name)})
    ]
    more = [one for one in told if one != {"name": copy["complainant"].get("name")}]
    return {**copy, HIDDEN: {"people": more}} if more else dict(copy)


def people_of(copy: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Whom lists hide besides the complainant."""
    return list(copy.get(HIDDEN, {}).get("people", ()))
