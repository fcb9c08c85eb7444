"""Who is logged in: asked of mediation, remembered for at most half a minute."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cached_property
from time import monotonic
from typing import Any, Protocol
from uuid import UUID

from shared.net import Client
from shared.rights import EVERYTHING, ROLES, Grant, Rights, grant_from

NOT_FOUND = 404
REMEMBERED = 30.0
"""Seconds that an answer is believed; a session that was ended lives on for so long elsewhere."""
MOST_REMEMBERED = 10_000
SERVICE_ROLE = "service"


@dataclass(frozen=True)
class Staff:
    """Somebody who works here, or a service (role `service`, name of the issuer, no body)."""

    id: UUID
    name: str
    display: str
    role: str
    """Their first role, as lists show it."""
    body: str
    """The body they work for; empty: all of them."""
    unit: UUID | None = None
    """The unit they work in; None: the body itself."""
    grants: tuple[Grant, ...] | None = None
    """What they hold now, stand-ins' rights included; None: their first role in their body."""

    @cached_property
    def rights(self) -> Rights:
        """What they may do, and where."""
        if self.role == SERVICE_ROLE:
            return EVERYTHING
        if self.grants is None:
            return Rights((Grant(ROLES[self.role], self.id, self.body),))
        return Rights(self.grants)


class Sessions(Protocol):
    """Tells who a session cookie belongs to."""

    async def of(self, cookie: str) -> Staff | None: ...

    def known(self, cookie: str) -> Staff | None:
        """What is remembered of this cookie, without asking."""
        ...

    def forget(self, cookie: str) -> None:
        """Somebody logged out."""
        ...


class NobodyLoggedIn:
    """For edges that have no staff."""

    async def of(self, cookie: str) -> Staff | None:
        return None

    def known(self, cookie: str) -> Staff | None:
        return None

    def forget(self, cookie: str) -> None: ...


LookUp = Callable[[str], Awaitable[Staff | None]]


@dataclass
class Remembered:
    """Sessions with a memory in front of any way to look one up."""

    look_up: LookUp
    ticks: Callable[[], float] = monotonic
    _seen: dict[str, tuple[float, Staff | None]] = field(default_factory=dict)
    _asking: dict[str, "asyncio.Task[Staff | None]"] = field(default_factory=dict)

    async def of(self, cookie: str) -> Staff | None:
        found = self._seen.get(cookie)
        if found is not None and found[0] > self.ticks():
            return found[1]
        asking = self._asking.get(cookie)
        if asking is None:
            asking = self._asking[cookie] = asyncio.create_task(self._asked(cookie))
        return await asyncio.shield(asking)

    async def _asked(self, cookie: str) -> Staff | None:
        """Ask once for all who want to know; what was forgotten meanwhile is not remembered."""
        me, now = asyncio.current_task(), self.ticks()
        try:
            who = await self.look_up(cookie)
            if self._asking.get(cookie) is me:
                if len(self._seen) >= MOST_REMEMBERED:
                    self._seen.clear()
                self._seen[cookie] = (now + REMEMBERED, who)
            return who
        finally:
            if self._asking.get(cookie) is me:
                del self._asking[cookie]

    def known(self, cookie: str) -> Staff | None:
        found = self._seen.get(cookie)
        return found[1] if found is not None and found[0] > self.ticks() else None

    def forget(self, cookie: str) -> None:
        self._seen.pop(cookie, None)
        self._asking.pop(cookie, None)


def asking_mediation(client: Client, bearer: Callable[[], str] | None = None) -> LookUp:
    """Look a session up at mediation's `/internal/session`.

    `bearer` mints the service token where the client does not bring one itself.
    """

    async def look_up(cookie: str) -> Staff | None:
        headers = {"Authorization": f"Bearer {bearer()}"} if bearer else {}
        answer = await client.post("/internal/session", json={"cookie": cookie}, headers=headers)
        if answer.status_code == NOT_FOUND:
            return None
        answer.raise_for_status()
        return staff_from(answer.json())

    return look_up


def staff_from(said: dict[str, Any]) -> Staff:
    """Read what mediation says of a session."""
    known = {name: said[name] for name in ("name", "display", "role", "body")}
    grants = tuple(map(grant_from, said["grants"])) if "grants" in said else None
    unit = UUID(said["unit"]) if said.get("unit") else None
    return Staff(id=UUID(said["id"]), unit=unit, grants=grants, **known)
