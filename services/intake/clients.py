"""Notification, over the wire or in the same process."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.intake.domain.second_code import Ways
from services.intake.ports import Letter, Mail, TextMessage
from shared.net import Client

NOT_FOUND, NOBODY = 404, 409
"""Answers: there is no such letter; there is nobody who could carry a message."""
PATIENCE = 60
"""Seconds for what speaks to other servers, or prints."""


class NotificationClient:
    """Hands messages to the citizen to notification, and asks it for their letters."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def send(self, mail: Mail) -> bool:
        """Whether the mail server took it; False where there is none. Raises Unanswered."""
        asked = {
            "id": str(mail.id),
            "body": mail.body,
            "to": mail.to,
            "subject": mail.subject,
            "text": mail.text,
        }
        return await self._taken("/internal/mail", asked)

    async def text(self, message: TextMessage) -> bool:
        """Whether the gateway took it; False where there is none. Raises Unanswered."""
        asked = {
            "id": str(message.id),
            "body": message.body,
            "to": message.to,
            "text": message.text,
        }
        return await self._taken("/internal/text", asked)

    async def ways(self, body: str) -> Ways:
        """By what this organisation can send at the moment. Raises Unanswered."""
        answer = await self._client.post("/internal/ways", json={"body": body})
        answer.raise_for_status()
        said = answer.json()
        return Ways(email=said["email"], sms=said["sms"])

    async def letters(self, complaint_id: UUID) -> Sequence[Letter]:
        """The letters that whoever complained may read, the oldest first. Raises Unanswered."""
        asked = {"complaint_id": str(complaint_id)}
        answer = await self._client.post("/internal/citizen-letters", json=asked)
        answer.raise_for_status()
        return [letter_of(one) for one in answer.json()["items"]]

    async def letter(self, complaint_id: UUID, letter_id: UUID) -> bytes | None:
        """One of them as PDF; None where it is none of them. Raises Unanswered."""
        asked = {"complaint_id": str(complaint_id), "letter_id": str(letter_id)}
        address = "/internal/citizen-letters/file"
        answer = await self._client.post(address, json=asked, timeout=PATIENCE)
        if answer.status_code == NOT_FOUND:
            return None
        answer.raise_for_status()
        return answer.content

    async def _taken(self, address: str, asked: dict[str, str]) -> bool:
        answer = await self._client.post(address, json=asked, timeout=PATIENCE)
        if answer.status_code == NOBODY:
            return False
        answer.raise_for_status()
        return True


def letter_of(item: dict[str, Any]) -> Letter:
    sent_at = item["sent_at"]
    return Letter(
        id=UUID(item["id"]),
        kind=item["kind"],
        number=item["number"],
        issued_on=date.fromisoformat(item["issued_on"]),
        sent_at=datetime.fromisoformat(sent_at) if sent_at else None,
    )
