"""How a blob begins: which cipher and which key it was sealed with."""

from typing import NamedTuple

from shared.vault.ciphers import BY_FORMAT, SORTS, Aead, Cipher
from shared.vault.sealed import WrongKeyError


class Opener(NamedTuple):
    """What opens the values that begin alike."""

    cipher: Aead
    start: int
    """Where the nonce begins."""


def head_of(cipher: Cipher, key: str) -> bytes:
    """How a blob begins that was sealed with this cipher and key."""
    name = key.encode()
    return bytes((SORTS[cipher].format, len(name))) + name


def named_in(head: bytes, place: str) -> tuple[Cipher, str]:
    """The cipher and the key a blob was sealed with. Raises WrongKeyError for what is no blob."""
    try:
        return BY_FORMAT[head[0]], head[2:].decode("ascii")
    except (KeyError, IndexError, UnicodeDecodeError):
        raise WrongKeyError(place) from None
