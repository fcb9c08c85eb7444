"""Who is logged in: asked of mediation, remembered for at most half a minute."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Protocol
from uuid import UUID

from shared.acting import Staff
from shared.api_tokens import ACTIONS
from shared.net import Client
from shared.rights import grant_from

NOBODY = frozenset({404, 422})
"""How mediation says that it knows nobody by this, or that nothing of ours looks like this."""
REMEMBERED = 30.0
"""Seconds that an answer is believed; a session that was ended lives on for so long elsewhere."""
MOST_REMEMBERED = 10_000


class Sessions(Protocol):
    """Tells who a session cookie, or the `jti` of a token for scripts, belongs to."""

    async def of(self, cookie: str) -> Staff | None: ...

    async def of_token(self, jti: str) -> Staff | None: ...

    def known_token(self, jti: str) -> Staff | None:
        """What is remembered of this token, without asking."""
        ...

    def known(self, cookie: str) -> Staff | None:
        """What is remembered of this cookie, without asking."""
        ...

    def forget(self, cookie: str) -> None:
        """Somebody logged out."""
        ...

    def forget_all(self) -> None:
        """Sessions or tokens ended whose keys are not known here: all are asked for anew."""
        ...


class NobodyLoggedIn:
    """For edges that have no staff."""

    async def of(self, cookie: str) -> Staff | None:
        return None

    async def of_token(self, jti: str) -> Staff | None:
        return None

    def known_token(self, jti: str) -> Staff | None:
        return None

    def known(self, cookie: str) -> Staff | None:
        return None

    def forget(self, cookie: str) -> None: ...

    def forget_all(self) -> None: ...


LookUp = Callable[[str], Awaitable[Staff | None]]


@dataclass
class Memory:
    """A memory in front of any way to look somebody up."""

    look_up: LookUp
    ticks: Callable[[], float] = monotonic
    _seen: dict[str, tuple[float, Staff | None]] = field(default_factory=dict)
    _asking: dict[str, "asyncio.Task[Staff | None]"] = field(default_factory=dict)

    async def of(self, key: str) -> Staff | None:
        found = self._seen.get(key)
        if found is not None and found[0] > self.ticks():
            return found[1]
        asking = self._asking.get(key)
        if asking is None:
            asking = self._asking[key] = asyncio.create_task(self._asked(key))
        return await asyncio.shield(asking)

    async def _asked(self, key: str) -> Staff | None:
        """Ask once for all who want to know; what was forgotten meanwhile is not remembered."""
        me, now = asyncio.current_task(), self.ticks()
        try:
            who = await self.look_up(key)
            if self._asking.get(key) is me:
                if len(self._seen) >= MOST_REMEMBERED:
                    self._seen.clear()
                self._seen[key] = (now + REMEMBERED, who)
            return who
        finally:
            if self._asking.get(key) is me:
                del self._asking[key]

    def known(self, key: str) -> Staff | None:
        found = self._seen.get(key)
        return found[1] if found is not None and found[0] > self.ticks() else None

    def forget(self, key: str) -> None:
        self._seen.pop(key, None)
        self._asking.pop(key, None)

    def clear(self) -> None:
        self._seen.clear()
        self._asking.clear()


async def nobody(_: str) -> Staff | None:
    """Where no tokens are known."""
    return None


class Remembered:
    """Sessions and tokens, each with a memory of its own: no cookie is taken for a token."""

    def __init__(
        self, look_up: LookUp, ticks: Callable[[], float] = monotonic, tokens: LookUp = nobody
    ) -> None:
        self._sessions = Memory(look_up, ticks)
        self._tokens = Memory(tokens, ticks)
        self.of, self.known = self._sessions.of, self._sessions.known
        self.of_token, self.known_token = self._tokens.of, self._tokens.known

    def forget(self, cookie: str) -> None:
        """Somebody logged out."""
        self._sessions.forget(cookie)

    def forget_all(self) -> None:
        """Somebody ended sessions or tokens whose keys are not known: all are asked for anew."""
        self._sessions.clear()
        self._tokens.clear()


def asking(client: Client, what: str, key: str) -> LookUp:
    """Look somebody up at mediation's `/internal/{what}`, by its field `key`."""

    async def look_up(value: str) -> Staff | None:
        answer = await client.post(f"/internal/{what}", json={key: value})
        if answer.status_code in NOBODY:
            return None
        answer.raise_for_status()
        return staff_from(answer.json())

    return look_up


def remembering(client: Client, ticks: Callable[[], float] = monotonic) -> Remembered:
    """Sessions and tokens as mediation knows them."""
    tokens = asking(client, "token", "jti")
    return Remembered(asking(client, "session", "cookie"), ticks, tokens)


def staff_from(said: dict[str, Any]) -> Staff:
    """Read what mediation says of a session."""
    known = {name: said[name] for name in ("name", "display", "role", "body")}
    grants = tuple(map(grant_from, said["grants"])) if "grants" in said else None
    unit = UUID(said["unit"]) if said.get("unit") else None
    only = frozenset(map(ACTIONS.__getitem__, said["only"])) if "only" in said else None
    enrolling = said.get("enrolling", False)
    return Staff(
        UUID(said["id"]), **known, unit=unit, grants=grants, only=only, enrolling=enrolling
    )
