"""Personal data under lock: sealing, opening, and finding again without opening."""

from pathlib import Path

from shared.vault.blobs import head_of
from shared.vault.ciphers import Cipher
from shared.vault.deriving import HEARD
from shared.vault.file import FileKeys
from shared.vault.providers import CommandKeys, EnvironmentKeys, KeyProvider
from shared.vault.retiring import LONG_LIVED, given_up, public_half
from shared.vault.ring import Key, Ring, new_ring
from shared.vault.sealed import (
    KeyMissingError,
    Sealed,
    UnknownKeyError,
    WrongKeyError,
    bound_to,
)
from shared.vault.vault import LOOK, TRUSTED, Vault, new_vault

__all__ = [
    "HEARD",
    "LONG_LIVED",
    "LOOK",
    "TRUSTED",
    "Cipher",
    "CommandKeys",
    "EnvironmentKeys",
    "FileKeys",
    "Key",
    "KeyMissingError",
    "KeyProvider",
    "Ring",
    "Sealed",
    "UnknownKeyError",
    "Vault",
    "WrongKeyError",
    "bound_to",
    "given_up",
    "head_of",
    "new_ring",
    "new_vault",
    "public_half",
    "read_key_file",
    "write_key_file",
]


def write_key_file(vault: Vault, path: Path) -> None:
    """Keep the keys in a new file only its owner can read. Raises FileExistsError."""
    FileKeys(path).create(vault.ring)


def read_key_file(path: Path, cipher: Cipher | None = None) -> Vault:
    """The vault of a key file. Raises KeyMissingError where there is no readable one."""
    keys = FileKeys(path)
    return Vault(keys.load(), cipher, keys)
