"""Seals, opens, and finds again without opening."""

import asyncio
import os
from collections.abc import Callable
from threading import Lock
from time import monotonic
from uuid import UUID

from cryptography.exceptions import InvalidTag

from shared.vault.blobs import Opener, head_of, named_in
from shared.vault.ciphers import SORTS, Cipher
from shared.vault.deriving import HEARD, NONCE, Deriving
from shared.vault.providers import KeyProvider
from shared.vault.ring import Ring, new_ring
from shared.vault.sealed import (
    KeyMissingError,
    Sealed,
    UnknownKeyError,
    WrongKeyError,
    bound_to,
)

LOOK = 5.0
"""Seconds between two looks for another active key, while a process is at work."""
TRUSTED = HEARD.total_seconds()
"""Seconds for which the active key is believed to be so; older than that, it is looked up first."""
ASK_AGAIN = 3.0
"""Seconds between two questions, whoever asks: a background look, or for a key not known."""
AT_MOST_A = 20
"""A slow provider is asked so seldom that it takes at most the twentieth part of the time."""


class Vault(Deriving):
    """Seals with AES-256-GCM or SM4-GCM, bound to table, row and column.

    Layout of a blob: format (1 byte: which cipher), length of the key id (1), key id, nonce (12),
    ciphertext with tag. What must never change, such as the codes citizens hold, is derived from
    the root by HKDF with its purpose; what is renewed with the keys, from a generation.

    A provider, where there is one, is asked again from time to time: another process may have
    begun a new generation.
    """

    def __init__(
        self,
        ring: Ring,
        cipher: Cipher | None = None,
        provider: KeyProvider | None = None,
        ticks: Callable[[], float] = monotonic,
    ) -> None:
        self.provider = provider
        self.trouble: str | None = None
        """Why the provider could not be asked the last time."""
        self._ticks = ticks
        self._next = 0.0
        self._asking = Lock()
        super().__init__(ring, cipher or ring.keys[ring.active].cipher)
        self._use(ring)

    def __reduce__(self) -> tuple[type["Vault"], tuple[Ring, Cipher]]:
        """Sent to another process: the keys, and nothing that was made of them."""
        return Vault, (self.ring, self.cipher)

    def _use(self, ring: Ring) -> None:
        """Go on with these keys. Each part is replaced in one step, as another thread may seal."""
        sealer = SORTS[self.cipher].make(ring.keys[ring.active].secret)
        self._sealing = (head_of(self.cipher, ring.active), sealer)
        self.ring = ring
        self._openers: dict[bytes, Opener] = {}
        self._trusted = self._ticks() + TRUSTED if self.provider else float("inf")

    @property
    def head(self) -> bytes:
        """How every blob begins that is sealed now."""
        return self._sealing[0]

    def seal(self, plain: str | bytes, place: str, row: UUID) -> Sealed:
        """Seal a value for `place` ("table.column") of the row with this id."""
        if self._ticks() >= self._trusted and self._may_wait():
            self._ask_alone()
        data = plain.encode() if isinstance(plain, str) else plain
        nonce = os.urandom(NONCE)
        head, sealer = self._sealing
        return Sealed(head + nonce + sealer.encrypt(nonce, data, bound_to(place, row)), place)

    def open(self, sealed: Sealed, row: UUID) -> bytes:
        """The plain value. Raises WrongKeyError where key, place or row do not fit."""
        blob = sealed.blob
        if len(blob) < NONCE:
            raise WrongKeyError(sealed.place)
        cipher, start = self._opener(blob[: 2 + blob[1]], sealed.place)
        middle = start + NONCE
        try:
            return cipher.decrypt(blob[start:middle], blob[middle:], bound_to(sealed.place, row))
        except (InvalidTag, ValueError):
            raise WrongKeyError(sealed.place) from None

    def open_text(self, sealed: Sealed, row: UUID) -> str:
        """The plain text. Raises WrongKeyError as `open` does."""
        return self.open(sealed, row).decode()

    def look(self) -> bool:
        """Ask the provider for its keys; whether there is another active one.

        Where it cannot be asked, the keys we have go on being used, and `trouble` says why. This
        takes as long as the provider does.
        """
        with self._asking:
            return self._look()

    def look_again(self) -> bool:
        """Ask the provider, unless that was done just now; whether there is another active key.

        Where we may not wait for it, the answer is no: the next look in the background asks.
        """
        return self._ticks() >= self._next and self._may_wait() and self._ask_alone()

    def _may_wait(self) -> bool:
        """Whether the provider is at hand, or nobody else stands still while it is asked."""
        return self.provider is None or self.provider.at_hand or not in_event_loop()

    def _ask_alone(self) -> bool:
        """Ask, unless another thread is asking at this moment."""
        if not self._asking.acquire(blocking=False):
            return False
        try:
            return self._look()
        finally:
            self._asking.release()

    def _look(self) -> bool:
        if self.provider is None:
            return False
        before, began = self.active, self._ticks()
        try:
            ring, self.trouble = self.provider.load(), None
        except KeyMissingError as error:
            ring, self.trouble = self.ring, str(error)
        took = self._ticks() - began
        if ring is not self.ring:
            self._use(ring)
        pause = AT_MOST_A * took
        self._next = self._ticks() + max(ASK_AGAIN, pause)
        self._trusted = self._ticks() + (
            max(TRUSTED, 2 * pause) if self.trouble is None else max(LOOK, pause)
        )
        return self.active != before

    def _opener(self, head: bytes, place: str) -> Opener:
        if head not in self._openers:
            self._openers[head] = self._opener_of(head, place)
        return self._openers[head]

    def _opener_of(self, head: bytes, place: str) -> Opener:
        cipher, name = named_in(head, place)
        if name not in self.ring.keys:
            self.look_again()
        key = self.ring.keys.get(name)
        if key is None:
            raise UnknownKeyError(name)
        return Opener(SORTS[cipher].make(key.secret), len(head))


def in_event_loop() -> bool:
    """Whether this thread runs an event loop, and all that runs there would wait with us."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def new_vault(cipher: Cipher = Cipher.AES) -> Vault:
    """A vault with fresh keys that are kept nowhere yet."""
    return Vault(new_ring(cipher))
