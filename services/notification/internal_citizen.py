"""What intake asks of notification for whoever complained: their letters, and a code sent to them.

Whether they may see them is for intake to say: it knows their codes.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from services.notification.domain.facts import KIND as FORWARDING
from services.notification.domain.states import FINISHED
from services.notification.ports import Office
from services.notification.tables import LetterRow
from services.notification.texting import Text, Texter
from services.notification.use_cases.files import pdf_of
from shared.kernel import ConflictError, UnknownError
from shared.net import Unanswered
from shared.web import TheDatabase, service
from shared.work import Database

FOR_CITIZENS = frozenset({FORWARDING})
"""Kinds of letters that whoever complained may read; a new kind stays closed until it is here."""


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class LettersAsked(Strict):
    """Whose letters are wanted."""

    complaint_id: UUID


class LetterAsked(LettersAsked):
    """Which of them."""

    letter_id: UUID


class LetterOut(BaseModel):
    """A letter that is out of the house."""

    id: UUID
    kind: str
    number: str
    issued_on: date
    sent_at: datetime | None


class WaysAsked(Strict):
    """Who would write."""

    body: str = Field(max_length=40)


class TextAsked(WaysAsked):
    """A short text message to one person."""

    id: UUID
    to: str = Field(max_length=20)
    text: str = Field(max_length=500)


class NoGatewayError(ConflictError):
    """There is nobody who could carry text messages."""


class NoSuchLetterError(UnknownError):
    """The complaint has no such letter that whoever complained may read."""


class TextNotTakenError(ConnectionError):
    """The gateway did not take a message: it is away for the one who asked."""


def internal_citizen(office: Office, texter: Texter) -> APIRouter:
    """The routes; each needs a service token."""
    router = APIRouter(prefix="/internal", dependencies=[service()], include_in_schema=False)

    @router.post("/citizen-letters")
    async def letters(asked: LettersAsked, database: TheDatabase) -> dict[str, list[LetterOut]]:
        """The letters of a complaint that are out of the house, the oldest first."""
        rows = await out_of_the_house(database, asked.complaint_id)
        return {"items": [letter_out(row) for row in rows]}

    @router.post("/citizen-letters/file")
    async def file(asked: LetterAsked, database: TheDatabase) -> Response:
        """One of them as PDF. Raises NoSuchLetterError, NotMadeYetError."""
        rows = await out_of_the_house(database, asked.complaint_id)
        row = next((one for one in rows if one.id == asked.letter_id), None)
        if row is None:
            raise NoSuchLetterError("没有这份函件。")
        return Response(await pdf_of(database, office, row), media_type="application/pdf")

    @router.post("/ways")
    async def ways(asked: WaysAsked) -> dict[str, bool]:
        """By what a code could be sent at the moment."""
        demo = is_demo(office, asked.body)
        return {"email": office.mailer.takes(demo=demo), "sms": texter.takes(demo=demo)}

    @router.post("/text", status_code=204)
    async def text(asked: TextAsked) -> None:
        """Hand a text message to the gateway at once; nothing of it is kept.

        Raises NoGatewayError where none is configured, TextNotTakenError.
        """
        if not texter.takes(demo=is_demo(office, asked.body)):
            raise NoGatewayError("没有设置短信通道，短信发不出去。")
        try:
            await texter.send(Text(asked.id, asked.to, asked.text))
        except Unanswered as error:
            raise TextNotTakenError(type(error).__name__) from None

    return router


def is_demo(office: Office, body: str) -> bool:
    """Whether an organisation is fictitious: nothing of it reaches anybody."""
    found = office.bodies.of(body) or office.bodies.default
    return found.demo


async def out_of_the_house(database: Database, complaint_id: UUID) -> list[LetterRow]:
    """The letters of a complaint that left and may be read by whoever complained."""
    wanted = select(LetterRow).where(
        LetterRow.complaint_id == complaint_id,
        LetterRow.kind.in_(FOR_CITIZENS),
        LetterRow.state.in_(FINISHED),
        LetterRow.facts.is_not(None),
    )
    async with database.reading() as session:
        return list(await session.scalars(wanted.order_by(LetterRow.issued_on, LetterRow.id)))


def letter_out(row: LetterRow) -> LetterOut:
    """What is told of a letter before it is opened."""
    facts: dict[str, Any] = {name: getattr(row, name) for name in ("id", "kind", "issued_on")}
    return LetterOut(number=row.document_number, sent_at=row.sent_at, **facts)
