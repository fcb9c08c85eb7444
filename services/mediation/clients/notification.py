"""Notification, over the wire or in the same process."""

from base64 import b64decode
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.mediation.ports import Letter
from shared.net import Client

PATIENCE = 60
"""Seconds for what is printed."""


class NotificationClient:
    """Asks notification's internal interface."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def letters(self, complaint_id: UUID) -> Sequence[Letter]:
        """The finished letters about a complaint. Raises Unanswered."""
        asked = {"complaint_id": str(complaint_id)}
        answer = await self._client.post("/internal/letters", json=asked, timeout=PATIENCE)
        answer.raise_for_status()
        return [Letter(**one | {"pdf": b64decode(one["pdf"])}) for one in answer.json()["items"]]

    async def paper(self, document: Mapping[str, Any]) -> bytes:
        """A plain document as PDF. Raises Unanswered."""
        answer = await self._client.post("/internal/papers", json=document, timeout=PATIENCE)
        answer.raise_for_status()
        return answer.content
