"""A mediator who accepts and forwards cases by the API, whatever falls meanwhile."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from deploy.crash.load import AGAIN, MAY_HEAL, OK, Told
from shared.net import Client, Unanswered, over_the_wire

UNAUTHORISED = (401, 403)
CONFLICT = 409
NOT_YET = 404
STEPS = {"registered": "accept", "accepted": "forward"}
DONE = frozenset({"forwarded", "replied"})


class NobodyAnsweredError(Exception):
    """Ask again: nobody answered, or somebody who may heal."""


@dataclass
class Clerk:
    """One account and its session, which is renewed when it is lost."""

    url: str
    told: Told
    name: str
    password: str
    headers: dict[str, str] = field(default_factory=dict)

    async def first_login(self, new: str) -> None:
        """The one-time password becomes `new`."""
        async with over_the_wire(self.url, timeout=20) as client:
            said = {"name": self.name, "password": self.password, "new_password": new}
            answer = await client.post("/mediation/api/v1/login", json=said)
            answer.raise_for_status()
        self.password = new

    async def run(self, over: asyncio.Event) -> None:
        """Until it is over and nothing is left to forward."""
        async with over_the_wire(self.url, timeout=20) as client:
            while not (over.is_set() and self.told.numbers.empty()):
                try:
                    async with asyncio.timeout(1):
                        number = await self.told.numbers.get()
                except TimeoutError:
                    continue
                await self._forward(client, number)

    async def _forward(self, client: Client, number: str) -> None:
        """Step by step; the state of the case says which step is next."""
        while True:
            try:
                case = await self._case(client, number)
                if case["state"] in DONE:
                    self.told.forwarded.add(case["id"])
                    return
                await self._step(client, case, STEPS[case["state"]])
            except NobodyAnsweredError:
                await asyncio.sleep(AGAIN)

    async def _case(self, client: Client, number: str) -> dict[str, Any]:
        said = await self._ask(client, "GET", f"/mediation/api/v1/cases?q={number}")
        if not said["items"]:
            raise NobodyAnsweredError
        [case] = said["items"]
        found: dict[str, Any] = case
        return found

    async def _step(self, client: Client, case: dict[str, Any], step: str) -> None:
        path = f"/mediation/api/v1/cases/{case['id']}/steps/{step}"
        await self._ask(client, "POST", path, {"If-Match": str(case["version"])})

    async def _ask(
        self, client: Client, method: str, path: str, headers: dict[str, str] | None = None
    ) -> dict[str, Any]:
        said_along: dict[str, str] | None = {} if method == "POST" else None
        try:
            answer = await client.request(
                method, path, headers=self.headers | (headers or {}), json=said_along
            )
            if answer.status_code == OK:
                said: dict[str, Any] = answer.json()
                return said
        except Unanswered as error:
            raise NobodyAnsweredError from error
        if answer.status_code in UNAUTHORISED:
            await self._login(client)
        elif answer.status_code not in MAY_HEAL | {CONFLICT, NOT_YET}:
            self.told.wrong.append(f"{method} {path}: {answer.status_code} {answer.text[:200]}")
        raise NobodyAnsweredError

    async def _login(self, client: Client) -> None:
        said = {"name": self.name, "password": self.password}
        try:
            answer = await client.post("/mediation/api/v1/login", json=said)
        except Unanswered:
            return
        if answer.status_code == OK:
            self.headers = {"X-CSRF-Token": answer.json()["csrf_token"]}
