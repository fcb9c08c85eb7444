"""Who speaks in a case, beside the complainant's name, as our own copy of its words keeps them."""

from collections.abc import Iterable, Mapping
from typing import Any

from shared.masks.complaints import kind_of

HIDDEN = "hidden"
"""Part of a copy: what lists must hide wherever it is written, and by what else it is found."""
NUMBERS, MINE, OTHERS = "numbers", "complainant", "others"
"""In that part: numbers of people by which the case is found, and which nothing shows."""
KEPT = ("name", "address")

Person = Mapping[str, Any]
Numbers = Mapping[str, Any]
"""Those of the complainant, besides the telephone, and those of everybody else who speaks."""


def with_people(
    copy: Mapping[str, dict[str, Any]], people: Iterable[Person], numbers: Numbers
) -> dict[str, dict[str, Any]]:
    """The copy with the names and addresses that lists hide besides the complainant's name.

    And with the numbers of those who speak.
    """
    known = [(kept, kind_of(one)) for one in people if (kept := only(one, KEPT))]
    first = {"name": copy["complainant"].get("name")}
    more = [{**kept, **kind} for kept, kind in known if kept != first]
    hidden = {"people": more, NUMBERS: dict(numbers)}
    kept = {name: value for name, value in hidden.items() if value}
    return {**copy, HIDDEN: kept} if kept else dict(copy)


def people_of(copy: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Whom lists hide besides the complainant."""
    return list(copy.get(HIDDEN, {}).get("people", ()))


def hidden_of(copy: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The same, with the numbers that nothing shows."""
    numbers = numbers_of(copy)
    known = [numbers.get(MINE), *numbers.get(OTHERS, ())]
    return [*people_of(copy), *(dict(one) for one in known if one)]


def numbers_of(copy: Mapping[str, Mapping[str, Any]]) -> Numbers:
    """The numbers by which a copy is found besides those that it shows."""
    return dict(copy.get(HIDDEN, {}).get(NUMBERS, {}))


def numbers_in(complainant: Person, matter: Mapping[str, Any]) -> dict[str, Any]:
    """The same, of a record."""
    mine = only(complainant, ("id_number",))
    others = [known for one in others_in(matter) if (known := only(one, ("phone", "id_number")))]
    return {name: value for name, value in ((MINE, mine), (OTHERS, others)) if value}


def others_in(matter: Mapping[str, Any]) -> list[Person]:
    """Who acts for the complainant (代理人), and who complains with them (共同投诉人)."""
    joint = (matter.get("joint") or {}).get("people") or []
    return [one for one in (matter.get("agent"), *joint) if one]


def only(person: Person, names: Iterable[str]) -> dict[str, Any]:
    """What is known of somebody under these names."""
    return {name: person[name] for name in names if person.get(name)}
