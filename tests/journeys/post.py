"""A mail server that takes mail, and says the address again when it does not."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

from aiosmtpd import smtp
from aiosmtpd.smtp import Envelope, Session

TRIES = 600


@dataclass
class Mailbox:
    """What came, and whom the server does not know."""

    unknown: str
    envelopes: list[Envelope] = field(default_factory=list)
    refused: int = 0

    async def first_to(self, address: str, number: int = 1) -> EmailMessage:
        """Wait for the mail to this address; `number` says which, from 1."""
        for _ in range(TRIES):
            came = [one for one in self.envelopes if address in one.rcpt_tos]
            if len(came) >= number and came[number - 1].content is not None:
                return read(came[number - 1])
            await asyncio.sleep(0.05)
        raise AssertionError("No such mail came.")

    async def handle_RCPT(  # noqa: N802 - the server's own names
        self, server: smtp.SMTP, session: Session, envelope: Envelope, address: str, _: list[str]
    ) -> str:
        if address == self.unknown:
            self.refused += 1
            return f"550 5.1.1 <{address}> is unknown here"
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(  # noqa: N802 - the server's own name
        self, server: smtp.SMTP, session: Session, envelope: Envelope
    ) -> str:
        self.envelopes.append(envelope)
        return f"250 queued for {envelope.rcpt_tos[0]}"


def read(envelope: Envelope) -> EmailMessage:
    """What was sent, as a mail program reads it."""
    content = envelope.content
    assert isinstance(content, bytes)
    message = message_from_bytes(content, policy=SMTP)
    assert isinstance(message, EmailMessage)
    return message


@asynccontextmanager
async def delivering(mailbox: Mailbox) -> AsyncGenerator[dict[str, str]]:
    """The settings by which a platform finds this server."""
    loop = asyncio.get_running_loop()
    serving = await loop.create_server(
        lambda: smtp.SMTP(mailbox, hostname="mail.test", loop=loop), "127.0.0.1", 0
    )
    try:
        yield {
            "NOTIFICATION_SMTP_HOST": "127.0.0.1",
            "NOTIFICATION_SMTP_PORT": str(serving.sockets[0].getsockname()[1]),
            "NOTIFICATION_SMTP_SECURITY": "none",
            "NOTIFICATION_SMTP_FROM": "office@example.invalid",
        }
    finally:
        serving.close()
