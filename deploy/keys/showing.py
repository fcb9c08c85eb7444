"""The keys as they may be shown: ids, ciphers, dates, and what each still seals; never a secret."""

from collections.abc import Sequence

from deploy.cli.say import Facts
from deploy.keys.hands import Hand
from shared.runtime.rotation.held import UNKNOWN
from shared.runtime.rotation.holdings import total
from shared.vault import KeyProvider
from shared.vault.ring import said


async def shown(provider: KeyProvider, source: str, hands: Sequence[Hand]) -> Facts:
    """All keys, the active one last. Raises KeyMissingError, CannotError."""
    ring = provider.load()
    found = {hand.name: await hand.counts() for hand in hands}
    together = total({name: total(counts) for name, counts in found.items()})
    keys = [
        {
            "id": key,
            "cipher": ring.keys[key].cipher.value,
            "made_at": said(ring.keys[key].made_at),
            "active": key == ring.active,
            "values": together.get(key, 0),
        }
        for key in ring.generations
    ]
    return {
        "source": source,
        "keys": keys,
        "unknown": together.get(UNKNOWN, 0),
        "services": found,
    }
