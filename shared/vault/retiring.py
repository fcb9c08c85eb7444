"""Keys that are given up, and the little that stays of them."""

from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.vault.ring import Ring
from shared.vault.vault import Vault

LONG_LIVED = "api-token"
"""What tokens are signed for that people make for their scripts: they outlive the key."""


def given_up(ring: Ring) -> Ring:
    """The ring with its active key only.

    Of each other one the public half stays with which long-lived tokens were signed: they are good
    until they end, and nobody can make new ones with it.
    """
    vault = Vault(ring)
    old = [one for one in ring.generations if one != ring.active]
    return ring.alone({one: public_half(vault.derived_for(one, LONG_LIVED)) for one in old})


@lru_cache(maxsize=32)
def public_half(seed: bytes) -> bytes:
    """The 32-byte Ed25519 public key of a seed."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
