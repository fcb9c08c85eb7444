"""Passwords as they are kept: hashed in a thread, a few at a time; one-time ones made here."""

import asyncio
import secrets
from functools import cache
from hashlib import sha256
from hmac import compare_digest
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from services.mediation.settings import MediationSettings

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""Argon2id with the least that OWASP advises: 19 MiB, two passes, one lane."""
ONCE = "sha256$"
"""What the hash of a one-time password begins with. Its 79 random bits need no slow hash: nobody
goes through them, and thousands can be made at one go (an import)."""
NOBODYS = (
    "$argon2id$v=19$m=19456,t=2,p=1$l+EVTjA0nwtGUz3mSRXX9A"
    "$M7BPqsKP123rrfYcHYmE/tQMla5TvJ+kS/bZ/2lz/1I"
)
"""A hash nobody's password has: unknown names cost the same work as known ones; who logs in by a
provider has no other."""


@cache
def turns(loop: Any) -> asyncio.Semaphore:
    """How many passwords may be hashed at the same time, so that log-ins starve nobody."""
    return asyncio.Semaphore(MediationSettings().hashing_at_once)


async def hashed(password: str) -> str:
    """The hash of a password, made in a thread."""
    async with turns(asyncio.get_running_loop()):
        return await asyncio.to_thread(HASHER.hash, as_bytes(password))


async def fits(password: str, kept: str) -> bool:
    """Whether a password has this hash; the same work whatever the answer."""
    async with turns(asyncio.get_running_loop()):
        return await asyncio.to_thread(verified, password, kept)


def verified(password: str, kept: str) -> bool:
    if kept.startswith(ONCE):
        HASHER.hash(as_bytes(password))  # as much work as for any other account
        return compare_digest(hashed_once(password), kept)
    try:
        return HASHER.verify(kept, as_bytes(password))
    except (VerificationError, InvalidHashError):
        return False


def hashed_once(password: str) -> str:
    """The hash of a password that we made ourselves and that is good for one log-in."""
    return ONCE + sha256(as_bytes(password)).hexdigest()


def as_bytes(password: str) -> bytes:
    """Whatever was typed, as bytes."""
    return password.encode("utf-8", "surrogatepass")


def new_password() -> str:
    """A password to print once: four groups of four letters, about 79 bits."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(16))
    return "-".join(letters[at : at + 4] for at in range(0, 16, 4))
