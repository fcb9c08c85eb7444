"""Whether somebody who shows who they are is a person in a record (同一人)."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from shared.text import code, normal_name, phone_key

PARTS = ("complainant", "agent", "joint")
"""As whom somebody can speak in a record."""


class Claimed(NamedTuple):
    """Who somebody says they are, after their papers were looked at; empty: not said."""

    name: str = ""
    phone: str = ""
    id_number: str = ""

    def is_same(self, kept: Mapping[str, Any]) -> bool:
        """Whether this is they: by telephone or identity number, and nothing known disagrees.

        A name alone is not enough, as others may have it; nor is a number with another name.
        """
        if self.name and normal_name(kept.get("name") or "") != normal_name(self.name):
            return False
        numbers = (
            agree(code(self.id_number), code(kept.get("id_number") or "")),
            agree(phone_key(self.phone), phone_key(kept.get("phone") or "")),
        )
        return True in numbers and False not in numbers

    def fits(self, kept: Mapping[str, Any]) -> bool:
        """Whether this may be they in a record that they name.

        A number that is kept of them must be told: a namesake knows the name, and may have found
        the receipt. Only of whom neither telephone nor identity number is kept, the name is enough.
        """
        if code(kept.get("id_number") or "") or phone_key(kept.get("phone") or ""):
            return self.is_same(kept)
        return agree(normal_name(self.name), normal_name(kept.get("name") or "")) is True

    def part_in(self, people: Mapping[str, Iterable[Mapping[str, Any] | None]]) -> str | None:
        """As whom they speak, given the people of each of `PARTS`; None: they do not."""
        mine = (
            part for part in PARTS if any(one and self.is_same(one) for one in people.get(part, ()))
        )
        return next(mine, None)


def agree(told: str, kept: str) -> bool | None:
    """Whether two numbers are one; None where either is not known."""
    return told == kept if told and kept else None
