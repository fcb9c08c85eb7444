"""Seals, opens, and finds again without opening."""

import os
from collections.abc import Callable
from functools import cached_property
from time import monotonic
from uuid import UUID

from cryptography.exceptions import InvalidTag

from shared.vault.blobs import Opener, head_of, named_in
from shared.vault.ciphers import SORTS, Aead, Cipher, derive, mac
from shared.vault.providers import KeyProvider
from shared.vault.ring import FIRST, Ring, new_ring
from shared.vault.sealed import (
    KeyMissingError,
    Sealed,
    UnknownKeyError,
    WrongKeyError,
    bound_to,
)

NONCE = 12
BLIND = 16
SIGNING = "service-token"
LOOK = 5.0
"""Seconds between two looks for another active key, while a process is at work."""
TRUSTED = 15.0
"""Seconds for which the active key is believed to be so; older than that, it is looked up first."""
ASK_AGAIN = 3.0
"""Seconds between two questions, whoever asks: a background look, or for a key not known."""
AT_MOST_A = 20
"""A slow provider is asked so seldom that it takes at most the twentieth part of the time."""


class Vault:
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
        self.cipher = cipher or ring.keys[ring.active].cipher
        self.provider = provider
        self.trouble: str | None = None
        """Why the provider could not be asked the last time."""
        self._ticks = ticks
        self._next = 0.0
        self._derived: dict[str | tuple[str, str], bytes] = {}
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
    def active(self) -> str:
        """The id of the key that seals."""
        return self.ring.active

    @property
    def generations(self) -> tuple[str, ...]:
        """The ids of all keys that may still have sealed something, the active one last."""
        return self.ring.generations

    @property
    def head(self) -> bytes:
        """How every blob begins that is sealed now."""
        return self._sealing[0]

    def seal(self, plain: str | bytes, place: str, row: UUID) -> Sealed:
        """Seal a value for `place` ("table.column") of the row with this id."""
        if self._ticks() >= self._trusted:
            self.look()
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

    def wrap(self, plain: str, place: str) -> bytes:
        """Seal something that is not kept here, such as a cookie: no rotation of keys ends it."""
        nonce = os.urandom(NONCE)
        return nonce + self._wrapper.encrypt(nonce, plain.encode(), place.encode())

    def unwrap(self, wrapped: bytes, place: str) -> str:
        """What was wrapped for this place. Raises WrongKeyError for anything else."""
        try:
            plain = self._wrapper.decrypt(wrapped[:NONCE], wrapped[NONCE:], place.encode())
        except (InvalidTag, ValueError):
            raise WrongKeyError(place) from None
        return plain.decode()

    @cached_property
    def _wrapper(self) -> Aead:
        return SORTS[self.cipher].make(self.derived("wrap"))

    def blind(self, kind: str, normalised: str) -> bytes:
        """A blind index (16 bytes): equal values have equal indexes, no more. To be stored."""
        return self._blind(self.active, kind, normalised)

    def blinds(self, kind: str, normalised: str) -> list[bytes]:
        """The blind indexes of a value in all live generations: to be looked for."""
        return [self._blind(one, kind, normalised) for one in self.generations]

    def _blind(self, generation: str, kind: str, normalised: str) -> bytes:
        return self.mac_for(generation, "blind-index:" + kind, normalised.encode())[:BLIND]

    def mac(self, purpose: str, data: bytes) -> bytes:
        """HMAC-SHA-256 (32 bytes) with the key of this purpose, the same for ever."""
        return mac(Cipher.AES, self.derived(purpose), data)

    def mac_for(self, generation: str, purpose: str, data: bytes) -> bytes:
        """A MAC (32 bytes) that dies with its generation. Raises UnknownKeyError."""
        key = self.ring.keys.get(generation)
        if key is None:
            raise UnknownKeyError(generation)
        return mac(key.cipher, self.derived_for(generation, purpose), data)

    def derived(self, purpose: str) -> bytes:
        """The 32-byte key of one purpose, the same for ever; never stored."""
        if purpose not in self._derived:
            self._derived[purpose] = derive(self.ring.root, purpose)
        return self._derived[purpose]

    def derived_for(self, generation: str, purpose: str) -> bytes:
        """The 32-byte key of one purpose in one generation. Raises UnknownKeyError.

        The first generation is as old as the root, and derives from it.
        """
        key = self.ring.keys.get(generation)
        if key is None:
            raise UnknownKeyError(generation)
        if generation == FIRST:
            return self.derived(purpose)
        known = (generation, purpose)
        if known not in self._derived:
            self._derived[known] = derive(key.secret, purpose)
        return self._derived[known]

    def signing_seeds(self) -> dict[str, bytes]:
        """The 32-byte Ed25519 seeds with which services sign for each other, the active last."""
        return {one: self.derived_for(one, SIGNING) for one in self.generations}

    def look(self) -> bool:
        """Ask the provider for its keys; whether there is another active one.

        Where it cannot be asked, the keys we have go on being used, and `trouble` says why.
        """
        if self.provider is None:
            return False
        before, began = self.active, self._ticks()
        try:
            ring = self.provider.load()
        except KeyMissingError as error:
            self.trouble = str(error)
            self._trusted = self._ticks() + LOOK
            return False
        finally:
            took = self._ticks() - began
            self._next = self._ticks() + max(ASK_AGAIN, AT_MOST_A * took)
        self.trouble = None
        if ring is not self.ring:
            self._use(ring)
        self._trusted = self._ticks() + max(TRUSTED, 2 * AT_MOST_A * took)
        return self.active != before

    def look_again(self) -> bool:
        """Ask the provider, unless that was done just now; whether there is another active key."""
        return self._ticks() >= self._next and self.look()

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


def new_vault(cipher: Cipher = Cipher.AES) -> Vault:
    """A vault with fresh keys that are kept nowhere yet."""
    return Vault(new_ring(cipher))
