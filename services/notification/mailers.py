"""Ways a letter leaves the house by e-mail, or does not."""

import re
from asyncio import CancelledError, Lock, wait_for
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

from services.notification.domain.states import Reason
from services.notification.domain.way import Outcome
from services.notification.ports import Mail
from services.notification.settings import NotificationSettings
from shared.outgoing import CONFIGURED, open_socket
from shared.text import clean

MOST_WORDS = 300
PERMANENT = 500
FULL = (452, 552)
"""Mailbox full (RFC 5321, 4.2.3): room may be made."""
NO_MAILBOX = (550, 551, 553)

_ADDRESS = re.compile(r"\S*@\S*")


class KeptMailer:
    """Sends nothing: the mail waits in the database, where it can be read on a page."""

    def takes(self, *, demo: bool) -> bool:
        """Never: nobody is there who could carry it."""
        return False

    async def send(self, mail: Mail) -> Outcome:
        """Refuse; nothing leaves."""
        return Outcome(Reason.REFUSED)


@dataclass(frozen=True)
class Server:
    """A mail server and how we speak to it. `timeout` in seconds."""

    host: str
    port: int
    security: str
    """starttls, tls or none."""
    user: str
    password: str
    sender: str
    bounces: str
    timeout: float


class SmtpMailer:
    """Hands mail to a server (RFC 5321), over one connection that is kept while it is good.

    Never takes mail of a fictitious organisation.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._kept: SMTP | None = None
        self._turn = Lock()

    def takes(self, *, demo: bool) -> bool:
        """Everybody's mail but the demonstration's."""
        return not demo

    async def send(self, mail: Mail) -> Outcome:
        """Hand over one mail. What goes wrong is the outcome."""
        try:
            message = message_of(mail, self._server)
        except (ValueError, LookupError) as error:
            return Outcome(Reason.UNPRINTABLE, type(error).__name__)
        envelope = self._server.bounces or self._server.sender
        async with self._turn:
            try:
                client = await self._connected()
                answers, words = await client.send_message(
                    message, sender=envelope, recipients=[mail.to]
                )
            except (SMTPException, OSError) as error:
                await self.hang_up()
                return outcome_of(error)
            except CancelledError:
                await self.hang_up()
                raise
        refused = next(iter(answers.values()), None)
        if refused is not None:
            return by_code(refused.code, refused.message)
        return Outcome(detail=without_addresses(words))

    async def hang_up(self) -> None:
        """Let go of the connection, however it is."""
        kept, self._kept = self._kept, None
        if kept is not None:
            kept.close()

    async def _connected(self) -> SMTP:
        if self._kept is not None:
            try:
                await self._kept.noop()
            except (SMTPException, OSError):
                await self.hang_up()
            else:
                return self._kept
        server = self._server
        client = SMTP(
            hostname=server.host,
            sock=await wait_for(open_socket(server.host, server.port, CONFIGURED), server.timeout),
            timeout=server.timeout,
            use_tls=server.security == "tls",
            start_tls=server.security == "starttls",
            username=server.user or None,
            password=server.password or None,
        )
        await client.connect()
        self._kept = client
        return client


def message_of(mail: Mail, server: Server) -> EmailMessage:
    """The mail with its letter, if any, attached; programs shall not answer (RFC 3834)."""
    message = EmailMessage(policy=SMTP_POLICY)
    message["From"] = Address(clean(mail.sender_name), addr_spec=server.sender)
    message["To"] = Address(clean(mail.to_name), addr_spec=mail.to)
    message["Subject"] = clean(mail.subject)
    message["Date"] = format_datetime(mail.date)
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    if mail.pdf:
        message.add_attachment(
            mail.pdf, maintype="application", subtype="pdf", filename=mail.file_name
        )
    return message


def outcome_of(error: Exception) -> Outcome:
    """What an error of the mail server means for the letter."""
    if isinstance(error, SMTPAuthenticationError):
        return Outcome(Reason.LOGIN, without_addresses(error.message))
    if isinstance(error, SMTPRecipientsRefused):
        first = error.recipients[0]
        return by_code(first.code, first.message)
    if isinstance(error, SMTPResponseException):
        return by_code(error.code, error.message)
    return Outcome(Reason.UNREACHABLE, type(error).__name__)


def by_code(code: int, words: str) -> Outcome:
    """The outcome of a reply code (RFC 5321, 4.2): 5yz is for good, 4yz for now."""
    detail = without_addresses(f"{code} {words}")
    if code in FULL or code < PERMANENT:
        return Outcome(Reason.DEFERRED, detail)
    return Outcome(Reason.ADDRESS if code in NO_MAILBOX else Reason.REFUSED, detail)


def without_addresses(words: str) -> str:
    """What a server said, on one line, with nobody's address in it."""
    return _ADDRESS.sub("…", " ".join(words.split()))[:MOST_WORDS]


def mailer_of(settings: NotificationSettings) -> KeptMailer | SmtpMailer:
    """The mailer that is configured; without a server, mail is kept."""
    if not settings.smtp_host:
        return KeptMailer()
    return SmtpMailer(
        Server(
            host=settings.smtp_host,
            port=settings.smtp_port,
            security=settings.smtp_security,
            user=settings.smtp_user,
            password=settings.smtp_password.get_secret_value(),
            sender=settings.smtp_from,
            bounces=settings.smtp_bounces,
            timeout=settings.smtp_timeout,
        )
    )
