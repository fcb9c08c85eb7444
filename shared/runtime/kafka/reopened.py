"""A connection that is opened when needed, and anew after it failed or hung."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Generic, Protocol, TypeVar

STALLED = 45.0
"""Seconds after which a poll or a send that has not returned is given up and opened anew."""


class Closable(Protocol):
    async def stop(self) -> None: ...


Opened = TypeVar("Opened")


class Reopened(Generic[Opened]):
    """Something that is opened when needed, closed when it fails, and opened anew after that."""

    def __init__(self, open_one: Callable[[], Awaitable[tuple[Opened, Closable]]]) -> None:
        self._open = open_one
        self._now: tuple[Opened, Closable] | None = None

    @asynccontextmanager
    async def use(self) -> AsyncGenerator[Opened]:
        try:
            async with asyncio.timeout(STALLED):
                if self._now is None:
                    self._now = await self._open()
                yield self._now[0]
        except BaseException:
            await self.close()
            raise

    @property
    def opened(self) -> Opened | None:
        return self._now[0] if self._now else None

    async def close(self) -> None:
        """Close, if open; what fails while closing is of no interest any more."""
        now, self._now = self._now, None
        if now is not None:
            with suppress(Exception):
                await asyncio.wait_for(now[1].stop(), 10)
