"""Python runs this first in processes of the bench that shall neither encrypt nor mask.

It lies in a folder that only the bench puts on the path, so that what people install has no switch
to turn protection off. What is sealed and hidden costs nothing here; all else is as ever.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import shared.masks
from shared.vault import Sealed, Vault


def seal(self: Vault, plain: str | bytes, place: str, row: UUID) -> Sealed:
    """The value as it is, behind the head that sealed ones have."""
    return Sealed(self.head + (plain.encode() if isinstance(plain, str) else plain), place)


def unseal(self: Vault, sealed: Sealed, row: UUID) -> bytes:
    """The value without that head."""
    return sealed.blob[len(self.head) :]


def as_it_is(value: str, *_: object) -> str:
    """Hide nothing."""
    return value


def unhidden(self: shared.masks.Secrets, text: str) -> str:
    """Hide nothing in a text."""
    return text


def whole(facts: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Hide nothing of a person."""
    return None if facts is None else dict(facts)


def strip() -> None:
    """Take encryption and masks away, before anything imports them."""
    bare: dict[str, Any] = {"seal": seal, "open": unseal}
    for name, method in bare.items():
        setattr(Vault, name, method)
    for name in ("masked_name", "masked_phone", "masked_text"):
        setattr(shared.masks, name, as_it_is)
    shared.masks.masked_person = whole
    hidden: dict[str, Any] = {"hidden_in": unhidden}
    for name, method in hidden.items():
        setattr(shared.masks.Secrets, name, method)


strip()
