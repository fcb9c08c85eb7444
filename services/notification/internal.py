"""What sister services may ask of notification, with a service token."""

from base64 import b64encode
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from services.notification.ports import Mail, Office
from services.notification.tables import LetterRow
from services.notification.use_cases.files import NotMadeYetError, facts_in, pdf_of
from shared.kernel import ConflictError
from shared.vault import Vault
from shared.web import TheDatabase, service


class LettersAsked(BaseModel):
    """Whose letters are wanted."""

    model_config = ConfigDict(extra="forbid")

    complaint_id: UUID


class MailAsked(BaseModel):
    """A short mail to one person."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    body: str = Field(max_length=40)
    to: str = Field(max_length=200)
    subject: str = Field(max_length=200)
    text: str = Field(max_length=5000)


class NoServerError(ConflictError):
    """There is nobody who could carry mail."""


class NotTakenError(ConnectionError):
    """The mail server did not take a mail: it is away for the one who asked."""


def internal(office: Office) -> APIRouter:
    """The routes for sisters."""
    router = APIRouter(prefix="/internal", dependencies=[service()], include_in_schema=False)

    @router.post("/letters")
    async def letters(asked: LettersAsked, database: TheDatabase) -> dict[str, Any]:
        """The finished letters about a complaint: what they are, to whom, and PDF in base64.

        For the copy that a person is given of everything about them (个人信息保护法 art. 45).
        """
        wanted = select(LetterRow).where(LetterRow.complaint_id == asked.complaint_id)
        async with database.reading() as session:
            rows = list(await session.scalars(wanted.order_by(LetterRow.id)))
        found = []
        for row in rows:
            try:
                pdf = await pdf_of(database, office, row)
            except NotMadeYetError:
                continue
            found.append(told(database.vault, row) | {"pdf": b64encode(pdf).decode()})
        return {"items": found}

    @router.post("/mail", status_code=204)
    async def mail(asked: MailAsked, database: TheDatabase) -> None:
        """Hand a short mail to the mail server at once; nothing of it is kept.

        Raises NoServerError where none is configured, NotTakenError where it did not take it.
        """
        body = office.bodies.of(asked.body) or office.bodies.default
        if not office.mailer.takes(demo=body.demo):
            raise NoServerError("没有设置邮件服务器，邮件发不出去。")
        outcome = await office.mailer.send(short_mail(office, asked, body.name, database.clock()))
        if outcome.reason is not None:
            raise NotTakenError(str(outcome.reason))

    return router


def told(vault: Vault, row: LetterRow) -> dict[str, Any]:
    """What a person is told of a letter about them: to whom it went, when, and by what."""
    facts = facts_in(vault, row)
    return {
        "number": row.document_number,
        "kind": row.kind,
        "issued_on": row.issued_on.isoformat(),
        "to": facts.respondent.name,
        "sent_at": row.sent_at.isoformat() if row.sent_at else None,
        "way": row.way,
    }


def short_mail(office: Office, asked: MailAsked, sender: str, now: datetime) -> Mail:
    """A mail without a letter."""
    host = urlsplit(office.address).hostname or "localhost"
    return Mail(
        message_id=f"<{asked.id}@{host}>",
        to=asked.to,
        to_name="",
        sender_name=sender,
        subject=asked.subject,
        text=asked.text,
        date=now,
        file_name="",
        pdf=b"",
    )
