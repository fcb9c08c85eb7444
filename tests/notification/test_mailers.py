"""Mail over a real SMTP server on loopback, well and badly behaved."""

import asyncio
import email.policy
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

import pytest
from aiosmtpd import smtp
from aiosmtpd.smtp import AuthResult, Envelope, Session
from pydantic import SecretStr, ValidationError

from services.notification.domain.states import Reason
from services.notification.mailers import (
    KeptMailer,
    Server,
    SmtpMailer,
    by_code,
    mailer_of,
    without_addresses,
)
from services.notification.ports import Mail
from services.notification.settings import NotificationSettings

MAIL = Mail(
    message_id="<01a2.1@test>",
    to="shop@example.invalid",
    to_name="安澜迅修手机维修店\nBcc: all@example.invalid",
    sender_name="安澜市消费者权益保护委员会",
    subject="投诉转送函 消转〔2026〕1号：请于2026年6月29日前答复",
    text="安澜迅修手机维修店：\n\n    现将投诉转送函发给贵单位。\n.\n",
    date=datetime(2026, 6, 23, 4, tzinfo=UTC),
    file_name="消转〔2026〕1号.pdf",
    pdf=b"%PDF-1.7 \x00\xff\r\n.\r\nend",
)


@dataclass
class Sink:
    """What the server was handed, and how it answers."""

    to_rcpt: list[str] = field(default_factory=list)
    to_data: list[str] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)
    sessions: set[int] = field(default_factory=set)
    hang_up_after_data: bool = False

    async def handle_RCPT(  # noqa: N802 - the server's own names
        self, server: smtp.SMTP, session: Session, envelope: Envelope, address: str, _: list[str]
    ) -> str:
        self.sessions.add(id(session))
        answer = self.to_rcpt.pop(0) if self.to_rcpt else "250 fine"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802 - the server's own name
        self, server: smtp.SMTP, session: Session, envelope: Envelope
    ) -> str:
        answer = self.to_data.pop(0) if self.to_data else "250 queued as 7"
        if answer.startswith("250"):
            self.envelopes.append(envelope)
        if self.hang_up_after_data:
            assert server.transport is not None
            server.transport.close()
        return answer


@pytest.fixture
def sink() -> Sink:
    return Sink()


@asynccontextmanager
async def listening(sink: Sink, **more: Any) -> AsyncGenerator[Server]:
    """A server on a port that the system picks."""
    loop = asyncio.get_running_loop()
    serving = await loop.create_server(
        lambda: smtp.SMTP(sink, hostname="mail.test", loop=loop, **more), "127.0.0.1", 0
    )
    port = serving.sockets[0].getsockname()[1]
    sender, bounces = "letters@example.invalid", "bounces@example.invalid"
    try:
        yield Server("127.0.0.1", port, "none", "", "", sender, bounces, 5)
    finally:
        serving.close()


@pytest.fixture
async def server(sink: Sink) -> AsyncGenerator[Server]:
    async with listening(sink) as server:
        yield server


@pytest.fixture
async def mailer(server: Server) -> AsyncGenerator[SmtpMailer]:
    made = SmtpMailer(server)
    yield made
    await made.hang_up()


def received(sink: Sink) -> EmailMessage:
    [envelope] = sink.envelopes
    assert isinstance(envelope.original_content, bytes)
    message = BytesParser(policy=email.policy.default).parsebytes(envelope.original_content)
    assert isinstance(message, EmailMessage)
    return message


async def test_a_mail_arrives_as_it_was_written(mailer: SmtpMailer, sink: Sink) -> None:
    outcome = await mailer.send(replace(MAIL, to_name="安澜迅修手机维修店"))
    assert (outcome.reason, outcome.detail) == (None, "queued as 7")
    message = received(sink)
    assert message["Subject"] == MAIL.subject
    assert message["To"] == "安澜迅修手机维修店 <shop@example.invalid>"
    assert message["From"] == "安澜市消费者权益保护委员会 <letters@example.invalid>"
    assert message["Message-ID"] == "<01a2.1@test>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"] == "Tue, 23 Jun 2026 04:00:00 +0000"
    body = message.get_body()
    assert body is not None
    assert body.get_content().splitlines() == MAIL.text.splitlines()
    [pdf] = message.iter_attachments()
    assert pdf.get_filename() == "消转〔2026〕1号.pdf"
    assert pdf.get_content() == MAIL.pdf
    assert sink.envelopes[0].mail_from == "bounces@example.invalid"
    assert sink.envelopes[0].rcpt_tos == ["shop@example.invalid"]


async def test_a_name_with_a_line_break_adds_no_recipient_and_no_header(
    mailer: SmtpMailer, sink: Sink
) -> None:
    outcome = await mailer.send(MAIL)
    assert outcome.reason is None
    message = received(sink)
    assert message["Bcc"] is None
    assert sink.envelopes[0].rcpt_tos == ["shop@example.invalid"]


async def test_one_connection_is_kept_for_several_mails(mailer: SmtpMailer, sink: Sink) -> None:
    for _ in range(3):
        assert (await mailer.send(MAIL)).reason is None
    assert len(sink.envelopes) == 3
    assert len(sink.sessions) == 1


async def test_an_unknown_mailbox_is_final_and_its_address_is_not_kept(
    mailer: SmtpMailer, sink: Sink
) -> None:
    sink.to_rcpt = ["550 5.1.1 <shop@example.invalid>: no such user"]
    outcome = await mailer.send(MAIL)
    assert (outcome.reason, outcome.final) == (Reason.ADDRESS, True)
    assert outcome.detail == "550 5.1.1 … no such user"
    assert sink.envelopes == []
    assert (await mailer.send(MAIL)).reason is None


async def test_a_greylisting_server_is_asked_again_later(mailer: SmtpMailer, sink: Sink) -> None:
    sink.to_rcpt = ["451 4.7.1 greylisted"]
    outcome = await mailer.send(MAIL)
    assert (outcome.reason, outcome.final) == (Reason.DEFERRED, False)


async def test_a_mail_refused_after_its_content_is_final(mailer: SmtpMailer, sink: Sink) -> None:
    sink.to_data = ["554 5.7.1 spam"]
    outcome = await mailer.send(MAIL)
    assert (outcome.reason, outcome.final, outcome.detail) == (
        Reason.REFUSED,
        True,
        "554 5.7.1 spam",
    )
    assert sink.envelopes == []


async def test_a_server_that_hangs_up_is_tried_again_later(mailer: SmtpMailer, sink: Sink) -> None:
    sink.hang_up_after_data = True
    outcome = await mailer.send(MAIL)
    assert (outcome.reason, outcome.final) == (Reason.UNREACHABLE, False)
    sink.hang_up_after_data = False
    assert (await mailer.send(MAIL)).reason is None


async def test_a_connection_that_died_meanwhile_is_opened_anew(server: Server, sink: Sink) -> None:
    mailer = SmtpMailer(server)
    assert (await mailer.send(MAIL)).reason is None
    await mailer.hang_up()
    assert (await mailer.send(MAIL)).reason is None
    assert len(sink.envelopes) == 2
    await mailer.hang_up()


async def test_nobody_there_is_said_as_such(server: Server) -> None:
    outcome = await SmtpMailer(replace(server, port=1)).send(MAIL)
    assert outcome.reason is Reason.UNREACHABLE
    assert outcome.detail == "ConnectionRefusedError"


async def test_a_wrong_password_is_our_own_fault_and_not_the_letters(sink: Sink) -> None:
    def refuse(*_: object) -> AuthResult:
        return AuthResult(success=False, handled=False)

    async with listening(sink, authenticator=refuse, auth_require_tls=False) as server:
        wrong = replace(server, user="redress", password="wrong")
        outcome = await SmtpMailer(wrong).send(MAIL)
    assert (outcome.reason, outcome.final) == (Reason.LOGIN, False)
    assert sink.envelopes == []


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (421, Reason.DEFERRED),
        (452, Reason.DEFERRED),
        (552, Reason.DEFERRED),
        (550, Reason.ADDRESS),
        (553, Reason.ADDRESS),
        (554, Reason.REFUSED),
        (521, Reason.REFUSED),
    ],
)
def test_reply_codes_mean_what_the_standard_says(code: int, reason: Reason) -> None:
    assert by_code(code, "words").reason is reason


def test_what_a_server_says_is_kept_short_and_without_addresses() -> None:
    assert without_addresses("to <a@b.cn>\nfrom 张三@例子.cn; " + "x" * 500).startswith(
        "to … from … xxx"
    )
    assert len(without_addresses("x" * 500)) == 300


async def test_a_mail_that_cannot_be_written_is_final(mailer: SmtpMailer, sink: Sink) -> None:
    outcome = await mailer.send(replace(MAIL, to="not an address"))
    assert (outcome.reason, outcome.final) == (Reason.UNPRINTABLE, True)
    assert sink.envelopes == []


async def test_without_a_server_nothing_leaves() -> None:
    kept = mailer_of(NotificationSettings(smtp_host=""))
    assert isinstance(kept, KeptMailer)
    assert not kept.takes(demo=False)
    assert (await kept.send(MAIL)).reason is Reason.REFUSED


def test_half_a_mail_server_is_refused_by_name() -> None:
    with pytest.raises(ValidationError, match="NOTIFICATION_SMTP_FROM"):
        NotificationSettings(smtp_host="mail.example.invalid")
    with pytest.raises(ValidationError, match="NOTIFICATION_SMTP_PASSWORD"):
        NotificationSettings(smtp_host="x", smtp_from="a@b.cn", smtp_user="u")


def test_a_configured_server_takes_everything_but_the_demonstration() -> None:
    settings = NotificationSettings(
        smtp_host="mail.example.invalid",
        smtp_from="letters@example.invalid",
        smtp_user="u",
        smtp_password=SecretStr("p"),
    )
    mailer = mailer_of(settings)
    assert isinstance(mailer, SmtpMailer)
    assert mailer.takes(demo=False)
    assert not mailer.takes(demo=True)
    assert "SecretStr('p')" not in repr(settings)
