"""The services as the rotation of keys reaches them: in this process, or over the wire."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from deploy.cli.errors import CannotError
from shared.net import Client, Unanswered
from shared.runtime.rotation import Counts, Lot
from shared.runtime.running import Running


class Looked(NamedTuple):
    """What a service says of its keys, having just looked for them."""

    active: str
    needed: frozenset[str]
    """Generations that something besides sealed values still hangs on."""


class Hand(Protocol):
    """One service."""

    @property
    def name(self) -> str: ...

    async def look(self) -> Looked:
        """Have it look for its keys."""
        ...

    async def counts(self) -> dict[str, Counts]:
        """How many values each key still seals, by table or storage."""
        ...

    async def old(self) -> int:
        """How many things are not sealed as they would be now."""
        ...

    def renew(self) -> AsyncGenerator[Lot]:
        """Have it seal them anew. Who stops asking, stops it."""
        ...


@dataclass(frozen=True)
class Here:
    """A service in this process."""

    running: Running

    @property
    def name(self) -> str:
        return self.running.name

    async def look(self) -> Looked:
        """Have it look for its keys."""
        vault = self.running.database.vault
        await asyncio.to_thread(vault.look)
        return Looked(vault.active, frozenset(await self.running.holdings.needed()))

    async def counts(self) -> dict[str, Counts]:
        """How many values each key still seals, by table or storage."""
        return await self.running.holdings.counts()

    async def old(self) -> int:
        """How many things are not sealed as they would be now."""
        return await self.running.holdings.old()

    async def renew(self) -> AsyncGenerator[Lot]:
        """Seal them anew."""
        async with aclosing(self.running.holdings.renew()) as lots:
            async for _, lot in lots:
                yield lot


@dataclass(frozen=True)
class Apart:
    """A service in a process of its own. Everything raises CannotError where it does not answer."""

    name: str
    client: Client

    async def look(self) -> Looked:
        """Have it look for its keys."""
        said = await self._asked("POST", "look")
        return Looked(str(said["active"]), frozenset(said["needed"]))

    async def counts(self) -> dict[str, Counts]:
        """How many values each key still seals, by table or storage."""
        return await self._asked("GET", "counts")

    async def old(self) -> int:
        """How many things are not sealed as they would be now."""
        return int((await self._asked("GET", "old"))["old"])

    async def renew(self) -> AsyncGenerator[Lot]:
        """Have it seal them anew. Raises CannotError where it broke off."""
        try:
            async with self.client.stream("POST", "/internal/keys/renew") as answer:
                answer.raise_for_status()
                async for line in answer.aiter_lines():
                    said = json.loads(line)
                    if "end" in said:
                        return
                    if "error" in said:
                        raise CannotError(
                            f"{self.name} could not go on: {said['error']}. What was done stays "
                            "done; run the same command again."
                        )
                    yield Lot(said["seen"], said["unreadable"])
        except Unanswered as error:
            raise self._silent(error) from error
        raise CannotError(
            f"{self.name} ended before it was done. What was done stays done; run the same "
            "command again."
        )

    async def _asked(self, method: str, what: str) -> dict[str, Any]:
        try:
            answer = await self.client.request(method, "/internal/keys/" + what)
            answer.raise_for_status()
        except Unanswered as error:
            raise self._silent(error) from error
        said: dict[str, Any] = answer.json()
        return said

    def _silent(self, error: Exception) -> CannotError:
        return CannotError(
            f"{self.name} did not answer at {self.client.base_url}: {type(error).__name__}. All "
            "services must be up while keys are rotated: each seals its own data anew. What was "
            "done stays done; run the same command again."
        )
