"""Service tokens: short Ed25519 JWTs with which services and the console prove themselves.

RFC 7519 and RFC 8037/9864 (`alg` "Ed25519"). Issuer is a service or `console`; the audience is
the service that is called.
"""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from shared.clock import Clock
from shared.kernel import UnauthenticatedError

ALGORITHM = "Ed25519"
LIFE = 60
"""Seconds a token is good for."""
SKEW = 5
"""Seconds by which the clocks of two machines may differ."""
CONSOLE = "console"
ISSUERS = frozenset({"intake", "mediation", "notification", "analytics", CONSOLE})


class BadTokenError(UnauthenticatedError):
    """A bearer token that is not ours, not for us, or too old."""


@lru_cache(maxsize=8)
def key_of(seed: bytes) -> OKPKey:
    """The key pair of a 32-byte seed; its id is the start of the public key's hash."""
    private = Ed25519PrivateKey.from_private_bytes(seed)
    name = sha256(private.public_key().public_bytes_raw()).hexdigest()[:16]
    return OKPKey.import_key(pem_of(private), {"kid": name})


def pem_of(private: Ed25519PrivateKey) -> bytes:
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - only at the start

    return private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def mint(seed: bytes, issuer: str, audience: str, now: datetime) -> str:
    """A token with which `issuer` calls `audience`, good for a minute from `now`."""
    key = key_of(seed)
    at = int(now.timestamp())
    claims = {"iss": issuer, "aud": audience, "iat": at, "exp": at + LIFE}
    return jwt.encode({"alg": ALGORITHM, "kid": key.kid}, claims, key, algorithms=[ALGORITHM])


def minting(seed: bytes, issuer: str, audience: str, clock: Clock) -> Callable[[], str]:
    """A source of tokens for a client; each is used for half its life."""
    kept: tuple[float, str] = (0.0, "")

    def token() -> str:
        nonlocal kept
        now = clock()
        if now.timestamp() >= kept[0]:
            kept = (now.timestamp() + LIFE / 2, mint(seed, issuer, audience, now))
        return kept[1]

    return token


class Claims(NamedTuple):
    """What a token says, once its signature was found good."""

    issuer: str
    audience: str
    until: float


@lru_cache(maxsize=1000)
def read(seed: bytes, token: str) -> Claims | None:
    """What a token signed by us says; None for any other. Kept, as each is sent many times."""
    try:
        claims = jwt.decode(token, key_of(seed), algorithms=[ALGORITHM]).claims
        return Claims(str(claims["iss"]), str(claims["aud"]), float(claims["exp"]))
    except (JoseError, KeyError, ValueError, TypeError):
        return None


def verify(seed: bytes, token: str, audience: str, now: datetime) -> str:
    """The issuer of a good token. Raises BadTokenError for any other."""
    said, at = read(seed, token), now.timestamp()
    if (
        said is None
        or said.issuer not in ISSUERS
        or said.audience != audience
        or not at - SKEW <= said.until <= at + LIFE + SKEW
    ):
        raise BadTokenError("令牌无效或者已经过期。")
    return said.issuer
