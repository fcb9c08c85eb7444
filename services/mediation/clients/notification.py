"""Notification, over the wire or in the same process."""

from base64 import b64decode
from collections.abc import Sequence
from uuid import UUID

from shared.net import Client


class NotificationClient:
    """Asks notification's internal interface."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def letters(self, complaint_id: UUID) -> Sequence[tuple[str, bytes]]:
        """Document number and PDF of each finished letter. Raises Unanswered."""
        asked = {"complaint_id": str(complaint_id)}
        answer = await self._client.post("/internal/letters", json=asked)
        answer.raise_for_status()
        return [(one["number"], b64decode(one["pdf"])) for one in answer.json()["items"]]
