"""Service tokens: short Ed25519 JWTs with which services and the console prove themselves.

RFC 7519 and RFC 8037/9864 (`alg` "Ed25519"). Issuer is a service or `console`; the audience is
the service that is called. Each generation of the vault has a key pair with an id of its own
(`kid`): one signs that every process has heard of, all live ones are believed, so that no call is
refused while the keys are being rotated.
"""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

from shared.clock import Clock
from shared.kernel import UnauthenticatedError
from shared.sisters import SERVICES
from shared.vault import Vault

ALGORITHM = "Ed25519"
LIFE = 60
"""Seconds a token is good for."""
SKEW = 5
"""Seconds by which the clocks of two machines may differ."""
CONSOLE = "console"
ISSUERS = frozenset({*SERVICES, CONSOLE})


class BadTokenError(UnauthenticatedError):
    """A bearer token that is not ours, not for us, or too old."""

    deed = "token.wrong"


@lru_cache(maxsize=32)
def key_of(seed: bytes) -> OKPKey:
    """The key pair of a 32-byte seed; its id is the start of the public key's hash."""
    private = Ed25519PrivateKey.from_private_bytes(seed)
    name = sha256(private.public_key().public_bytes_raw()).hexdigest()[:16]
    return OKPKey.import_key(pem_of(private), {"kid": name})


@lru_cache(maxsize=32)
def public_key_of(raw: bytes) -> OKPKey:
    """A public key of 32 bytes, with the same id as its pair: it verifies, and signs nothing."""
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - only after a rotation

    pem = Ed25519PublicKey.from_public_bytes(raw).public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return OKPKey.import_key(pem, {"kid": sha256(raw).hexdigest()[:16]})


def pem_of(private: Ed25519PrivateKey) -> bytes:
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - only at the start

    return private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def mint(vault: Vault, issuer: str, audience: str, now: datetime) -> str:
    """A token with which `issuer` calls `audience`, good for a minute from `now`."""
    key = key_of(vault.signing_seeds()[vault.signing_at(now)])
    at = int(now.timestamp())
    claims = {"iss": issuer, "aud": audience, "iat": at, "exp": at + LIFE}
    return jwt.encode({"alg": ALGORITHM, "kid": key.kid}, claims, key, algorithms=[ALGORITHM])


def minting(vault: Vault, issuer: str, audience: str, clock: Clock) -> Callable[[], str]:
    """A source of tokens for a client; each is used for half its life, or until the next key."""
    kept: tuple[float, str, str] = (0.0, "", "")

    def token() -> str:
        nonlocal kept
        now = clock()
        signing = vault.signing_at(now)
        if now.timestamp() >= kept[0] or kept[1] != signing:
            made = mint(vault, issuer, audience, now)
            kept = (now.timestamp() + LIFE / 2, signing, made)
        return kept[2]

    return token


class Claims(NamedTuple):
    """What a token says, once its signature was found good."""

    issuer: str
    audience: str
    until: float


@lru_cache(maxsize=1000)
def read(seeds: tuple[bytes, ...], token: str) -> Claims | None:
    """What a token signed by us says; None for any other. Kept, as each is sent many times."""
    keys = KeySet([key_of(seed) for seed in seeds])
    try:
        claims = jwt.decode(token, keys, algorithms=[ALGORITHM]).claims
        return Claims(str(claims["iss"]), str(claims["aud"]), float(claims["exp"]))
    except (JoseError, KeyError, ValueError, TypeError):
        return None


def verify(vault: Vault, token: str, audience: str, now: datetime) -> str:
    """The issuer of a good token. Raises BadTokenError for any other."""
    said, at = signed_by_us(vault, token), now.timestamp()
    if (
        said is None
        or said.issuer not in ISSUERS
        or said.audience != audience
        or not at - SKEW <= said.until <= at + LIFE + SKEW
    ):
        raise BadTokenError("令牌无效或者已经过期。")
    return said.issuer


def signed_by_us(vault: Vault, token: str) -> Claims | None:
    """What a token says that was signed with a live key, also one begun by another process."""
    said = read(tuple(vault.signing_seeds().values()), token)
    if said is None and vault.look_again():
        return read(tuple(vault.signing_seeds().values()), token)
    return said
