"""What units (部门) are called where several may have the same name."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Unit:
    """A unit, as far as its name goes."""

    id: str
    code: str
    name: str
    """Empty where nobody told it."""
    parent: str | None = None


def names_of(units: Sequence[Unit]) -> dict[str, str]:
    """Id -> what it is called: its name, or its code where nobody told one.

    Of several with the same name each has the name above it in front, or else its code behind.
    """
    plain = {one.id: one.name or one.code for one in units}
    above = {one.id: with_parent(one, plain) for one in units}
    coded = {one.id: f"{plain[one.id]} ({one.code})" for one in units}
    return told_apart(told_apart(plain, above), coded)


def with_parent(unit: Unit, names: Mapping[str, str]) -> str:
    """The name of a unit behind that of the unit above it."""
    parent = names.get(unit.parent or "")
    return f"{parent} · {names[unit.id]}" if parent else names[unit.id]


def told_apart(names: Mapping[str, str], longer: Mapping[str, str]) -> dict[str, str]:
    """The names, the longer ones where several are the same."""
    times = Counter(names.values())
    return {unit: longer[unit] if times[name] > 1 else name for unit, name in names.items()}
