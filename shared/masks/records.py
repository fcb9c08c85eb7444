"""Records of people, field by field."""

from collections.abc import Callable, Mapping
from typing import Any

from shared.masks.names import is_company, starred_name
from shared.masks.values import masked_address, masked_email, masked_id, masked_phone

FIELDS: Mapping[str, Callable[[str], str]] = {
    "name": starred_name,
    "phone": masked_phone,
    "email": masked_email,
    "id_number": masked_id,
    "address": masked_address,
}
"""How each field of a person is hidden; fields that are not here are codes."""
NATURAL = "natural"


def masked_person(facts: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Somebody's fields hidden; the name of a complainant that is an organisation stays."""
    if facts is None:
        return None
    shown = {name: hidden(name, value) for name, value in facts.items()}
    if not is_natural(facts):
        shown["name"] = facts.get("name")
    return shown


def is_natural(facts: Mapping[str, Any]) -> bool:
    """Whether it is a person (自然人), as is everybody of whom nothing else is known."""
    return (facts.get("kind") or NATURAL) == NATURAL


def is_named_openly(facts: Mapping[str, Any]) -> bool:
    """Whether it is an organisation whose name can only be that of one."""
    return not is_natural(facts) and is_company(facts.get("name") or "")


def hidden(name: str, value: Any) -> Any:
    """One field."""
    mask = FIELDS.get(name)
    return mask(value) if mask and isinstance(value, str) else value
