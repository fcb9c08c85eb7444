"""What is sealed, as the rotation of keys sees it: a table, or files in a storage."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from typing import NamedTuple, Protocol
from uuid import UUID

from shared.vault import Vault, head_of
from shared.vault.ciphers import Cipher
from shared.work import Database, Work

Counts = dict[str, int]
"""How many values each key still seals, by its id; what begins like none of them is under `?`."""
UNKNOWN = "?"

Companion = Callable[[Work, Mapping[UUID, bytes]], Awaitable[None]]
"""Makes anew what is derived from values, by the ids of their rows, in the same transaction."""


class Lot(NamedTuple):
    """What one short step of the work came to."""

    seen: int
    """Rows or files with something that was not sealed as it would be now."""
    unreadable: int = 0
    """Those of them that no key opens: they stay as they are."""


class Held(Protocol):
    """Something that holds sealed values."""

    @property
    def name(self) -> str:
        """A table, or what people call it."""
        ...

    async def counts(self, database: Database) -> Counts:
        """How many values each key seals."""
        ...

    async def old(self, database: Database) -> int:
        """How many values are not sealed as they would be now."""
        ...

    def renew(self, database: Database) -> AsyncGenerator[Lot]:
        """Seal them anew, lot by lot. Whoever changes a value at the same time, wins."""
        ...


def heads(vault: Vault) -> list[tuple[str, bytes]]:
    """How blobs begin, for each key and each cipher."""
    return [(key, head_of(cipher, key)) for key in vault.generations for cipher in Cipher]
