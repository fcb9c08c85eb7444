"""Keys for one purpose each: of the root, for ever; of a generation, until it is given up."""

import os
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256
from hmac import digest

from cryptography.exceptions import InvalidTag

from shared.vault.ciphers import SORTS, Aead, Cipher, derive, mac
from shared.vault.ring import FIRST, Ring
from shared.vault.sealed import UnknownKeyError, WrongKeyError

NONCE = 12
BLIND = 16
SIGNING = "service-token"
HEARD = timedelta(seconds=15)
"""After so long every process at work has asked for its keys once, and knows of the active one."""


class Deriving:
    """What is derived from the keys, by HKDF with its purpose."""

    def __init__(self, ring: Ring, cipher: Cipher) -> None:
        self.ring = ring
        self.cipher = cipher
        self._derived: dict[str | tuple[str, str], bytes] = {}

    @property
    def active(self) -> str:
        """The id of the key that seals."""
        return self.ring.active

    @property
    def generations(self) -> tuple[str, ...]:
        """The ids of all keys that may still have sealed something, the active one last."""
        return self.ring.generations

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
        return digest(self.derived(purpose), data, sha256)

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

    def signing_at(self, now: datetime) -> str:
        """The generation that signs: the active one, as soon as every process has heard of it.

        Until then the one before: who has not heard of a key would refuse what it signed.
        """
        ring = self.ring
        heard = ring.since is None or now - ring.since >= HEARD
        return ring.active if heard or len(ring.keys) == 1 else ring.generations[-2]

    def signing_seeds(self) -> dict[str, bytes]:
        """The 32-byte Ed25519 seeds with which services sign for each other, the active last."""
        return {one: self.derived_for(one, SIGNING) for one in self.generations}
