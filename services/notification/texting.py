"""Short text messages (短信): handed to the house's own gateway over HTTP, or not at all.

Gateways differ; what they share is an address that takes a number and a text. Ours is asked with
`POST {"id", "to", "text"}` as JSON and a bearer token, and takes the message by any 2xx. `id` is
the same for every repetition.
"""

from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from services.notification.settings import NotificationSettings
from shared.net import Client, to_others
from shared.outgoing import CONFIGURED


@dataclass(frozen=True)
class Text:
    """One text message."""

    id: UUID
    to: str = field(repr=False)
    """A mobile number in mainland China, eleven digits."""
    text: str = field(repr=False)


class Texter(Protocol):
    """Hands text messages over."""

    def takes(self, *, demo: bool) -> bool:
        """Whether messages of a (fictitious) organisation can be handed over at all."""
        ...

    async def send(self, message: Text) -> None:
        """Hand over one message. Raises Unanswered where the gateway did not take it."""
        ...


class NoTexter:
    """Sends nothing: no gateway is configured."""

    def takes(self, *, demo: bool) -> bool:
        """Never: nobody is there who could carry it."""
        return False

    async def send(self, message: Text) -> None:
        """Nobody asks for it."""
        raise ConnectionError("No gateway for text messages is configured.")

    async def close(self) -> None:
        """There is nothing to let go of."""


class GatewayTexter:
    """Hands messages to a gateway. Never takes those of a fictitious organisation."""

    def __init__(self, client: Client, url: str, token: str) -> None:
        self._client = client
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def takes(self, *, demo: bool) -> bool:
        """Everybody's messages but the demonstration's."""
        return not demo

    async def send(self, message: Text) -> None:
        """Hand over one message. Raises Unanswered where the gateway did not take it."""
        asked = {"id": str(message.id), "to": message.to, "text": message.text}
        answer = await self._client.post(self._url, json=asked, headers=self._headers)
        answer.raise_for_status()

    async def close(self) -> None:
        """Hang up."""
        await self._client.aclose()


def texter_of(settings: NotificationSettings) -> NoTexter | GatewayTexter:
    """What the settings say."""
    if not settings.sms_url:
        return NoTexter()
    client = to_others(CONFIGURED, timeout=settings.sms_timeout)
    return GatewayTexter(client, settings.sms_url, settings.sms_token.get_secret_value())
