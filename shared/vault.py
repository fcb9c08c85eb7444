"""Personal data under lock: sealing, opening, and finding again without opening."""

import base64
import hmac
import json
import os
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE = 12
FORMAT = 1
BLIND = 16
FIRST = "k1"
"""The first generation is as old as the root, and its purposes are derived from the root."""


class KeyMissingError(Exception):
    """There is data, but not the key that opens it."""


class WrongKeyError(Exception):
    """The value was sealed with another key, for another place, or was changed."""


class Sealed(NamedTuple):
    """A sealed value: `blob` is what lies in the database; `place` is its table and column."""

    blob: bytes
    place: str

    def __repr__(self) -> str:
        return f"Sealed({self.place})"


@dataclass(frozen=True)
class Vault:
    """Seals with AES-256-GCM, bound to table, row and column; the key's id lies in the value.

    Layout of a blob: format (1 byte), length of the key id (1), key id, nonce (12), ciphertext
    with tag (NIST SP 800-38D). Everything else, such as blind indexes, has a key of its own,
    derived from the root by HKDF (RFC 5869) with its purpose as info.
    """

    root: bytes = field(repr=False)
    active: str
    keys: dict[str, bytes] = field(repr=False)
    _derived: dict[str | tuple[str, str], bytes] = field(default_factory=dict, repr=False)
    _ciphers: dict[str, AESGCM] = field(default_factory=dict, repr=False)

    def seal(self, plain: str | bytes, place: str, row: UUID) -> Sealed:
        """Seal a value for `place` ("table.column") of the row with this id."""
        data = plain.encode() if isinstance(plain, str) else plain
        nonce = os.urandom(NONCE)
        name = self.active.encode()
        closed = self._cipher(self.active).encrypt(nonce, data, bound_to(place, row))
        return Sealed(bytes((FORMAT, len(name))) + name + nonce + closed, place)

    def open(self, sealed: Sealed, row: UUID) -> bytes:
        """The plain value. Raises WrongKeyError where key, place or row do not fit."""
        blob = sealed.blob
        end = 2 + blob[1]
        cipher = self._cipher(blob[2:end].decode())
        try:
            return cipher.decrypt(
                blob[end : end + NONCE], blob[end + NONCE :], bound_to(sealed.place, row)
            )
        except InvalidTag:
            raise WrongKeyError(sealed.place) from None

    def open_text(self, sealed: Sealed, row: UUID) -> str:
        """The plain text. Raises WrongKeyError as `open` does."""
        return self.open(sealed, row).decode()

    @property
    def generations(self) -> tuple[str, ...]:
        """The ids of all keys that may still have sealed something, the active one last."""
        return (*(key for key in self.keys if key != self.active), self.active)

    def blind(self, kind: str, normalised: str) -> bytes:
        """A blind index (16 bytes): equal values have equal indexes, no more. To be stored."""
        return self._blind(self.active, kind, normalised)

    def blinds(self, kind: str, normalised: str) -> list[bytes]:
        """The blind indexes of a value in all live generations: to be looked for."""
        return [self._blind(one, kind, normalised) for one in self.generations]

    def _blind(self, generation: str, kind: str, normalised: str) -> bytes:
        return self.mac_for(generation, "blind-index:" + kind, normalised.encode())[:BLIND]

    def mac_for(self, generation: str, purpose: str, data: bytes) -> bytes:
        """A MAC (32 bytes) that dies with its generation. Raises WrongKeyError."""
        return hmac.digest(self.derived_for(generation, purpose), data, sha256)

    def derived_for(self, generation: str, purpose: str) -> bytes:
        """The 32-byte key of one purpose in one generation. Raises WrongKeyError."""
        if generation not in self.keys:
            raise WrongKeyError(generation)
        if generation == FIRST:
            return self.derived(purpose)
        known = (generation, purpose)
        if known not in self._derived:
            self._derived[known] = derive(self.keys[generation], purpose)
        return self._derived[known]

    def mac(self, purpose: str, data: bytes) -> bytes:
        """HMAC-SHA-256 (32 bytes) with the key of this purpose."""
        return hmac.digest(self.derived(purpose), data, sha256)

    def derived(self, purpose: str) -> bytes:
        """The 32-byte key of one purpose, the same for ever; never stored."""
        if purpose not in self._derived:
            self._derived[purpose] = derive(self.root, purpose)
        return self._derived[purpose]

    @property
    def signing_key(self) -> bytes:
        """The 32-byte Ed25519 seed with which services sign for each other."""
        return self.derived("service-token")

    def _cipher(self, key: str) -> AESGCM:
        if key not in self._ciphers:
            if key not in self.keys:
                raise WrongKeyError(key)
            self._ciphers[key] = AESGCM(self.keys[key])
        return self._ciphers[key]


def derive(secret: bytes, purpose: str) -> bytes:
    """A 32-byte key for one purpose (HKDF, RFC 5869)."""
    return HKDF(SHA256(), 32, b"redress", purpose.encode()).derive(secret)


def bound_to(place: str, row: UUID) -> bytes:
    """What a sealed value is bound to besides its key: table, column and row."""
    return f"{place}:{row}".encode()


def new_vault() -> Vault:
    """A vault with fresh keys."""
    return Vault(os.urandom(32), "k1", {"k1": os.urandom(32)})


def write_key_file(vault: Vault, path: Path) -> None:
    """Keep the keys in a new file only its owner can read. Raises FileExistsError."""
    keys = {name: base64.b64encode(key).decode() for name, key in vault.keys.items()}
    root = base64.b64encode(vault.root).decode()
    text = json.dumps({"format": 1, "active": vault.active, "keys": keys, "root": root}, indent=1)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())


def read_key_file(path: Path) -> Vault:
    """The vault of an installation. Raises KeyMissingError where there is no readable key file."""
    try:
        kept = json.loads(path.read_text())
        keys = {name: base64.b64decode(key) for name, key in kept["keys"].items()}
        return Vault(base64.b64decode(kept["root"]), kept["active"], keys)
    except FileNotFoundError:
        raise KeyMissingError(f"The key file {path} is missing.") from None
    except (KeyError, ValueError, TypeError):
        raise KeyMissingError(f"The key file {path} is damaged.") from None
