"""How the journeys walk: the same steps, whichever way the platform runs."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx

Settle = Callable[[], Awaitable[None]]


def a_complaint(**changes: Any) -> dict[str, Any]:
    """A usual complaint as JSON; override what matters."""
    usual: dict[str, Any] = {
        "kind": "complaint",
        "channel": "web",
        "complainant": {"name": "张三丰", "phone": "13800000001"},
        "respondent": {"name": "蓝天电器商行", "email": "service@example.invalid"},
        "matter": {
            "subject": "空调三次维修仍不制冷",
            "text": "2026年5月买的空调，修了三次还是不制冷，商家不同意退货。",
            "happened_on": "2026-06-01",
            "region": "510903",
            "amount_fen": 329900,
        },
        "claims": [{"kind": "refund", "amount_fen": 329900}],
        "consents": {"forwarding": True, "mediation": True},
    }
    return usual | changes


@dataclass
class Walker:
    """Somebody at the platform's addresses; `settle` waits until every service has acted."""

    http: httpx.AsyncClient
    settle: Settle
    headers: dict[str, str] = field(default_factory=dict)

    async def complain(self, **changes: Any) -> dict[str, Any]:
        """Send a complaint as anybody may; its receipt."""
        headers = {"Idempotency-Key": str(uuid4())}
        answer = await self.http.post(
            "/intake/api/v1/complaints", json=a_complaint(**changes), headers=headers
        )
        assert answer.status_code == 201, answer.text
        receipt: dict[str, Any] = answer.json()
        return receipt

    async def log_in(self, name: str, password: str, new_password: str) -> None:
        """Log in for the first time, which asks for a new password."""
        said = {"name": name, "password": password, "new_password": new_password}
        answer = await self.http.post("/mediation/api/v1/login", json=said)
        assert answer.status_code == 200, answer.text
        self.headers = {"X-CSRF-Token": answer.headers["X-CSRF-Token"]}

    async def case_of(self, number: str) -> dict[str, Any]:
        """The case with this number, as the desk's search finds it."""
        answer = await self.http.get("/mediation/api/v1/cases", params={"q": number})
        assert answer.status_code == 200, answer.text
        [case] = answer.json()["items"]
        found: dict[str, Any] = case
        return found

    async def step(self, case: dict[str, Any], step: str, **facts: Any) -> httpx.Response:
        """Take a step, as who last saw the case."""
        headers = self.headers | {"If-Match": str(case["version"])}
        return await self.http.post(
            f"/mediation/api/v1/cases/{case['id']}/steps/{step}", json=facts, headers=headers
        )

    async def went(self, case: dict[str, Any], step: str, **facts: Any) -> dict[str, Any]:
        """Take a step that must succeed; the case after it."""
        answer = await self.step(case, step, **facts)
        assert answer.status_code == 200, answer.text
        return await self.case_of(case["number"])

    async def figures(self, **asked: str) -> dict[str, int]:
        """Measures by name, of everything."""
        names = ("received", "accepted", "refused", "open", "closed", "letters_sent", "overdue")
        found = {}
        for name in names:
            params = {"measure": name, "by": "body", **asked}
            answer = await self.http.get("/analytics/api/v1/figures", params=params)
            assert answer.status_code == 200, answer.text
            found[name] = sum(row["value"] for row in answer.json()["items"])
        return found


FIVE_DAYS = timedelta(days=5)
