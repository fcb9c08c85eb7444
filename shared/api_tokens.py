"""Tokens that people make for their scripts (接口令牌): Ed25519 JWTs, good for what they name.

RFC 7519, RFC 8037/9864 (`alg` "Ed25519"); a type and a key of their own, so that no other token of
ours passes for one (RFC 8725, 3.11). Whether one still lives is asked of mediation by its `jti`.
The key belongs to a generation of the vault: with it end the tokens that it signed.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from joserfc import jws, jwt
from joserfc.errors import JoseError

from shared.rights import Action
from shared.tokens import ALGORITHM, SKEW, key_of, public_key_of
from shared.vault import LONG_LIVED, Vault, public_half

TYPE = "redress-api+jwt"
NAME = "redress"
"""Issuer and audience: this installation, whichever service is called."""
WITHHELD = frozenset(
    {
        Action.STAFF_MANAGE,
        Action.UNIT_MANAGE,
        Action.REPORTER_OPEN,
        Action.RETENTION_MANAGE,
        Action.PRIVACY_ANSWER,
        Action.SYSTEM_OPERATE,
    }
)
"""What no token is good for: power over people, rights, keys, erasure, and who reported.

A script's token lies in a file; whoever finds it must not become somebody. A unit decides whose
cases somebody sees, so it is among them.
"""
SCOPES = {one.value: one for one in Action if one not in WITHHELD}
"""What a token may be good for, by the word it is written with."""
ACTIONS = {one.value: one for one in Action}


@dataclass(frozen=True)
class ApiToken:
    """What a token says, once its signature was found good."""

    jti: str
    staff: UUID
    only: frozenset[Action]
    until: float
    """Unix time at which it ends."""

    def lives(self, now: datetime) -> bool:
        """Whether its time is not over."""
        return now.timestamp() < self.until + SKEW


def mint(vault: Vault, token: ApiToken, now: datetime) -> str:
    """The token as text, signed."""
    key = key_of(vault.derived_for(vault.signing_at(now), LONG_LIVED))
    claims = {
        "iss": NAME,
        "aud": NAME,
        "sub": str(token.staff),
        "jti": token.jti,
        "scope": " ".join(sorted(one.value for one in token.only)),
        "iat": int(now.timestamp()),
        "exp": int(token.until),
    }
    header = {"alg": ALGORITHM, "kid": key.kid, "typ": TYPE}
    return jwt.encode(header, claims, key, algorithms=[ALGORITHM])


def header_of(token: str) -> dict[str, Any]:
    """What a token says of itself; nothing is believed of it yet. Empty for what is none."""
    try:
        return dict(jws.extract_compact(token.encode()).headers())
    except (JoseError, ValueError, TypeError, AttributeError):
        return {}


def is_one(token: str) -> bool:
    """Whether it calls itself such a token."""
    return header_of(token).get("typ") == TYPE


def read(vault: Vault, token: str, now: datetime) -> ApiToken | None:
    """What a token says that a key of ours signed and that is not over; None for any other."""
    said = signed_by_us(vault, token)
    if said is None and vault.look_again():
        said = signed_by_us(vault, token)
    return said if said is not None and said.lives(now) else None


def signed_by_us(vault: Vault, token: str) -> ApiToken | None:
    """What a token says that the key it names signed, if that is or was one of ours.

    A token outlives the key that signed it: of one that was given up the public half is kept.
    """
    named = header_of(token).get("kid")
    live = [public_half(vault.derived_for(one, LONG_LIVED)) for one in vault.generations]
    keys = [*live, *vault.ring.past.values()]
    return next((verified(one, token) for one in keys if public_key_of(one).kid == named), None)


@lru_cache(maxsize=1000)
def verified(public: bytes, token: str) -> ApiToken | None:
    """What a token says that this key's other half signed. Kept, as each is sent many times."""
    key = public_key_of(public)
    try:
        found = jwt.decode(token, key, algorithms=[ALGORITHM])
        claims = found.claims
        said = (found.header.get("typ"), claims["iss"], claims["aud"])
        if said != (TYPE, NAME, NAME):
            return None
        only = frozenset(ACTIONS[one] for one in str(claims["scope"]).split()) - WITHHELD
        return ApiToken(str(claims["jti"]), UUID(claims["sub"]), only, float(claims["exp"]))
    except (JoseError, KeyError, ValueError, TypeError, AttributeError):
        return None
