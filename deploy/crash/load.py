"""Complaints that pour in, and a clerk who forwards some of them; both ask again until answered."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

from shared.net import Client, Unanswered, over_the_wire

OK, CREATED = 200, 201
MAY_HEAL = frozenset({408, 425, 429, 500, 502, 503, 504})
AGAIN = 0.2
"""Seconds until somebody who got no answer asks again."""


@dataclass
class Told:
    """What the platform has acknowledged, and what it cost to hear it."""

    acknowledged: dict[str, str] = field(default_factory=dict)
    """Complaint id by the sender's key."""
    numbers: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    forwarded: set[str] = field(default_factory=set)
    """Case ids."""
    repeated: int = 0
    longest: float = 0.0
    wrong: list[str] = field(default_factory=list)
    """Answers that nobody should get."""


@dataclass
class Sender:
    """Sends complaints at `pause` seconds, each until it is acknowledged, every 5th to a clerk."""

    url: str
    told: Told
    name: str
    pause: float
    every: int = 5

    async def run(self, over: asyncio.Event) -> None:
        async with over_the_wire(self.url, timeout=20) as client:
            count = 0
            while not over.is_set():
                count += 1
                number = await self._send(client, f"crash-{self.name}-{count:06}")
                if number and count % self.every == 0:
                    self.told.numbers.put_nowait(number)
                await asyncio.sleep(self.pause)

    async def _send(self, client: Client, key: str) -> str | None:
        began = time.monotonic()
        while True:
            answer = await self._once(client, key)
            if answer is not None:
                self.told.longest = max(self.told.longest, time.monotonic() - began)
                return self._note(key, *answer)
            self.told.repeated += 1
            await asyncio.sleep(AGAIN)

    async def _once(self, client: Client, key: str) -> tuple[int, dict[str, Any]] | None:
        headers = {"Idempotency-Key": key}
        try:
            answer = await client.post(
                "/intake/api/v1/complaints", json=complaint(key), headers=headers
            )
            if answer.status_code in MAY_HEAL:
                return None
            return answer.status_code, answer.json()
        except (Unanswered, ValueError):
            return None

    def _note(self, key: str, status: int, said: dict[str, Any]) -> str | None:
        if status not in {OK, CREATED}:
            self.told.wrong.append(f"POST complaint: {status} {said.get('title')}")
            return None
        self.told.acknowledged[key] = said["id"]
        number: str = said["number"]
        return number


def complaint(key: str) -> dict[str, Any]:
    """A complete fictitious complaint; a mail address that cannot be reached."""
    return {
        "kind": "complaint",
        "channel": "web",
        "complainant": {"name": "演练甲", "phone": "13800000000"},
        "respondent": {
            "name": f"演练商行{key[-6:]}",
            "address": "演练路1号",
            "email": "shop@example.invalid",
        },
        "matter": {
            "subject": "演练投诉",
            "text": f"这是一件演练投诉（{key}），商家拒绝退款。",
            "amount_fen": 12900,
        },
        "claims": [{"kind": "refund", "amount_fen": 12900}],
        "consents": {"forwarding": True, "mediation": True},
    }
