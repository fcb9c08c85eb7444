"""A short mail that intake hands over: it leaves at once, and nothing of it is kept."""

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select

from services.intake.clients import NotificationClient
from services.intake.ports import Mail
from services.notification.internal import internal
from services.notification.mailers import KeptMailer, Server, SmtpMailer, message_of
from services.notification.ports import Mailer, Office
from services.notification.tables import LetterRow
from shared.net import Unanswered, in_process
from shared.tokens import mint
from shared.web import EdgeOptions, edge
from shared.work import Database
from tests.notification.test_mailers import (
    MAIL,
    Sink,
    listening,
    mailer,
    received,
    server,
    sink,
)

__all__ = ["mailer", "server", "sink"]
ASKED = Mail(
    UUID(int=5), "main", "zhang@example.invalid", "一次性代码", "您好：\n\n7KQ4 M2XD 9RTB\n"
)


def client_of(database: Database, office: Office, carrier: Mailer) -> NotificationClient:
    """Intake's client of notification, which has this mailer."""
    routes = internal(replace(office, mailer=carrier))
    app = edge("notification", [routes], database, options=EdgeOptions())
    vault, clock = database.vault, database.clock
    return NotificationClient(
        in_process(app, lambda: mint(vault, "intake", "notification", clock()))
    )


async def nothing_kept(database: Database) -> bool:
    async with database.reading() as session:
        return (await session.scalars(select(LetterRow))).first() is None


async def test_it_arrives_as_it_was_written(
    database: Database, office: Office, mailer: SmtpMailer, sink: Sink
) -> None:
    assert await client_of(database, office, mailer).send(ASKED)
    message = received(sink)
    assert (message["To"], message["Subject"]) == (ASKED.to, ASKED.subject)
    assert message.get_content().splitlines() == ASKED.text.splitlines()
    assert list(message.iter_attachments()) == []
    assert await nothing_kept(database)


async def test_without_a_server_it_is_said_and_one_that_is_away_is_waited_for(
    database: Database, office: Office
) -> None:
    assert await client_of(database, office, KeptMailer()).send(ASKED) is False
    async with listening(Sink()) as there:
        gone = SmtpMailer(replace(there, port=1))
        with pytest.raises(Unanswered):
            await client_of(database, office, gone).send(ASKED)
    assert await nothing_kept(database)


async def test_a_fictitious_organisation_writes_to_nobody(
    database: Database, office: Office, mailer: SmtpMailer, sink: Sink
) -> None:
    demo = next(one for one in office.bodies.known if one.demo)
    assert await client_of(database, office, mailer).send(replace(ASKED, body=demo.code)) is False
    assert sink.envelopes == []


def test_a_letter_still_hangs_on_its_mail() -> None:
    told = Server("127.0.0.1", 25, "none", "", "", "letters@example.invalid", "", 5)
    names = [one.get_filename() for one in message_of(MAIL, told).iter_attachments()]
    assert names == [MAIL.file_name]
    assert list(message_of(replace(MAIL, pdf=b""), told).iter_attachments()) == []
