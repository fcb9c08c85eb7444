"""What intake needs from outside, in its own words."""

from typing import Protocol


class Storage(Protocol):
    """A place for sealed files. What is put there is never changed, only deleted."""

    async def put(self, key: str, data: bytes) -> None:
        """Keep it, durably; putting the same key again is harmless."""
        ...

    async def get(self, key: str) -> bytes:
        """What was kept. Raises KeyError where there is nothing."""
        ...

    async def delete(self, key: str) -> None:
        """Forget it; harmless where there is nothing."""
        ...
