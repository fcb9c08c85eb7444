"""The two ciphers a value can be sealed with; which one, lies in the first byte of the blob."""

from collections.abc import Callable
from enum import StrEnum
from hashlib import sha256
from hmac import digest
from typing import NamedTuple, Protocol

from cryptography.hazmat.primitives.ciphers import Cipher as Mode
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM
from cryptography.hazmat.primitives.hashes import SHA256, SM3
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

TAG = 16
SM4_KEY = 16


class Cipher(StrEnum):
    """What values are sealed with, as the setting REDRESS_CIPHER says it."""

    AES = "aes-256-gcm"
    """NIST FIPS 197 and SP 800-38D."""
    SM4 = "sm4-gcm"
    """GB/T 32907-2016 (SM4 分组密码), in the mode of RFC 8998."""


class Aead(Protocol):
    """Encrypts and authenticates; `bound` is authenticated with it. Raises InvalidTag."""

    def encrypt(self, nonce: bytes, data: bytes, bound: bytes) -> bytes: ...

    def decrypt(self, nonce: bytes, data: bytes, bound: bytes) -> bytes: ...


class Sm4Gcm:
    """SM4-GCM with a 128-bit key; the tag (16 bytes) stands at the end, as AES-GCM has it."""

    def __init__(self, secret: bytes) -> None:
        self._key = SM4(derive(secret, "sm4-gcm", SM4_KEY))

    def encrypt(self, nonce: bytes, data: bytes, bound: bytes) -> bytes:
        """Ciphertext and tag."""
        one = Mode(self._key, GCM(nonce)).encryptor()
        one.authenticate_additional_data(bound)
        return one.update(data) + one.finalize() + one.tag

    def decrypt(self, nonce: bytes, data: bytes, bound: bytes) -> bytes:
        """The plain value. Raises InvalidTag."""
        one = Mode(self._key, GCM(nonce, data[-TAG:].rjust(TAG, b"\0"))).decryptor()
        one.authenticate_additional_data(bound)
        return one.update(data[:-TAG]) + one.finalize()


class Sort(NamedTuple):
    """A cipher as blobs name it."""

    format: int
    make: Callable[[bytes], Aead]
    """From the 32 bytes of a key."""


SORTS: dict[Cipher, Sort] = {Cipher.AES: Sort(1, AESGCM), Cipher.SM4: Sort(2, Sm4Gcm)}
BY_FORMAT = {sort.format: cipher for cipher, sort in SORTS.items()}


def derive(secret: bytes, purpose: str, length: int = 32) -> bytes:
    """A key for one purpose (HKDF with SHA-256, RFC 5869); `length` in bytes."""
    return HKDF(SHA256(), length, b"redress", purpose.encode()).derive(secret)


def mac(cipher: Cipher, key: bytes, data: bytes) -> bytes:
    """A MAC of 32 bytes: HMAC-SHA-256, or HMAC-SM3 (GB/T 32905-2016) beside SM4."""
    if cipher is Cipher.AES:
        return digest(key, data, sha256)
    made = HMAC(key, SM3())
    made.update(data)
    return made.finalize()
