"""A rotation of keys from its beginning, or from wherever it was broken off.

That it is under way is written in one place: there is more than one key. Which values are still to
be sealed anew is read from the values. So there is nothing that a crash could leave wrong.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from deploy.cli.errors import CannotError
from deploy.cli.say import Counted, Facts
from deploy.keys.hands import Hand
from shared.clock import Clock
from shared.trail import Deed
from shared.vault import Cipher, FileKeys, KeyProvider, Ring, given_up

Note = Callable[[str, Deed, Mapping[str, Any]], Awaitable[None]]
"""Which key, what, and what belongs to it."""

PASSES = 10
"""Walks through all data, if others still write with an older key, before that is reported."""
PAUSE = 0.5
"""Seconds between two looks whether something is ready."""


@dataclass
class Rotation:
    """One call of `redress keys rotate`."""

    provider: KeyProvider
    cipher: Cipher
    """For the next key, if one is made."""
    hands: Sequence[Hand]
    note: Note
    """Notes in the trail what is about to be done; what cannot be noted, is not done."""
    clock: Clock
    grace: timedelta
    """After so long nobody seals with an older key any more, or has a token signed with it."""
    patience: timedelta = timedelta(minutes=10)
    """How long the indexes of words may take until they are made anew."""
    progress: Counted = lambda done, of: None
    _done: int = field(default=0, init=False)
    _of: int = field(default=0, init=False)

    async def run(self) -> Facts:
        """Do what is left to do; may be broken off. Raises CannotError, KeyMissingError."""
        before = await asyncio.to_thread(self.provider.load)
        ring = await self._begun(before)
        await self._all_know(ring.active)
        self._of = sum([await hand.old() for hand in self.hands])
        renewed, unreadable = await self._renewed()
        await self._until(ring)
        for _ in range(PASSES):
            again, unreadable = await self._renewed()
            renewed += again
            if not again:
                break
        else:
            raise CannotError("Something goes on sealing with an older key; see redress status.")
        await self.note(ring.active, Deed.KEY_ROTATED, {"renewed": renewed})
        old = [key for key in ring.generations if key != ring.active]
        needed = await self._needed(set(old))
        facts: Facts = {
            "key": ring.active,
            "made": ring.active not in before.keys,
            "renewed": renewed,
            "unreadable": unreadable,
            "needed": sorted(needed),
        }
        if unreadable or needed or not isinstance(self.provider, FileKeys):
            return facts | {"retired": [], "kept": old}
        if await self._retire(self.provider, ring.active, old):
            return facts | {"retired": old, "kept": []}
        return facts | {"retired": [], "kept": old}

    async def _begun(self, ring: Ring) -> Ring:
        """The ring with the key everything is to be sealed with. Raises CannotError."""
        if len(ring.keys) > 1:
            await self.note(ring.active, Deed.KEY_ROTATION_BEGUN, {})
            return ring
        if not isinstance(self.provider, FileKeys):
            raise CannotError(
                f"{self.provider.name} gives one key, and the next one cannot be written there. "
                "Make it with: redress keys next FILE. Put that document where the keys come "
                "from, start all services again, and then run redress keys rotate."
            )
        now, cipher = self.clock(), self.cipher
        mine = ring.with_next(cipher, now)
        await self.note(mine.active, Deed.KEY_MADE, {"cipher": cipher.value})
        kept = await asyncio.to_thread(
            self.provider.replace, lambda found: mine if found == ring else found
        )
        if kept.keys.get(mine.active) != mine.keys[mine.active]:
            await self._left_alone([mine.active], kept)
        if len(kept.keys) == 1:
            raise CannotError("The keys were changed at this moment. Please call it again.")
        return kept

    async def _all_know(self, active: str) -> None:
        """Every service seals with this key from now on. Raises CannotError."""
        for hand in self.hands:
            looked = await hand.look()
            if looked.active != active:
                raise CannotError(
                    f"{hand.name} seals with {looked.active}, not with {active}: it does not get "
                    "its keys from the same place as this command. Nothing was sealed anew."
                )

    async def _renewed(self) -> tuple[int, int]:
        """One walk through everything: how many were sealed anew, and how many no key opens."""
        renewed = unreadable = 0
        for hand in self.hands:
            async with aclosing(hand.renew()) as lots:  # whoever hangs up, stops it at once
                async for lot in lots:
                    renewed += lot.seen - lot.unreadable
                    unreadable += lot.unreadable
                    self._done += lot.seen
                    self.progress(self._done, max(self._of, self._done))
        return renewed, unreadable

    async def _until(self, ring: Ring) -> None:
        """Wait until whoever had not heard of the active key must have."""
        if ring.since is not None:
            while (left := ring.since + self.grace - self.clock()) > timedelta():
                self.progress(self._done, max(self._of, self._done))
                await asyncio.sleep(min(left.total_seconds(), PAUSE))

    async def _needed(self, old: set[str]) -> set[str]:
        """Those older keys without which something is still not found, having waited for it."""
        end = self.clock() + self.patience
        while True:
            needed = {key for hand in self.hands for key in (await hand.look()).needed} & old
            if not needed or self.clock() >= end:
                return needed
            await asyncio.sleep(PAUSE)

    async def _retire(self, keys: FileKeys, active: str, old: Sequence[str]) -> bool:
        """Give up the older keys; False where somebody has begun another rotation meanwhile."""
        for key in old:
            await self.note(key, Deed.KEY_RETIRED, {"instead": active})
        kept = await asyncio.to_thread(
            keys.replace, lambda ring: given_up(ring) if ring.active == active else ring
        )
        if kept.active != active:
            await self._left_alone(old, kept)
            return False
        await self._all_know(active)
        return True

    async def _left_alone(self, keys: Sequence[str], kept: Ring) -> None:
        """Note of what was noted before that it was not done: others rotate at this moment."""
        for key in keys:
            await self.note(key, Deed.KEY_UNCHANGED, {"active": kept.active})
