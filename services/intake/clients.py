"""Notification, over the wire or in the same process."""

from services.intake.ports import Mail
from shared.net import Client

NO_SERVER = 409


class NotificationClient:
    """Hands mail to the citizen to notification, which speaks to the mail server."""

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
        answer = await self._client.post("/internal/mail", json=asked, timeout=60)
        if answer.status_code == NO_SERVER:
            return False
        answer.raise_for_status()
        return True
