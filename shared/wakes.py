"""One call that wakes many: each sleeper has a bell of its own."""

import asyncio


class Wakes:
    """Bells that ring together. A ring while nobody sleeps is heard at the next look."""

    def __init__(self) -> None:
        self._bells: list[asyncio.Event] = []

    def bell(self) -> asyncio.Event:
        """A new bell."""
        self._bells.append(asyncio.Event())
        return self._bells[-1]

    def ring(self) -> None:
        """Wake everybody."""
        for bell in self._bells:
            bell.set()
