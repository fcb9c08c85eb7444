"""A sealed value, and what is said when it cannot be opened."""

from typing import NamedTuple
from uuid import UUID


class KeyMissingError(Exception):
    """The keys of the personal data cannot be had; the words say why, and how to mend it."""


class WrongKeyError(Exception):
    """The value was sealed with another key, for another place, or was changed."""


class UnknownKeyError(WrongKeyError):
    """The value was sealed with a key that we do not have; the words are its id."""


class Sealed(NamedTuple):
    """A sealed value: `blob` is what lies in the database; `place` is its table and column."""

    blob: bytes
    place: str

    def __repr__(self) -> str:
        return f"Sealed({self.place})"


def bound_to(place: str, row: UUID) -> bytes:
    """What a sealed value is bound to besides its key: table, column and row."""
    return f"{place}:{row}".encode()
