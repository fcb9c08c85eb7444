"""The letters about a complaint, for whoever complained; where the body wants it, by a second code.

Everything goes by POST, so that number, codes and access are in no log.
"""

from datetime import date, datetime, timedelta
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from services.intake.domain.second_code import By
from services.intake.ports import Letter, Means
from services.intake.routes.following import NumberAndCode
from services.intake.tables import ComplaintRow
from services.intake.use_cases import letters, letters_codes, looking_up
from shared.clock import SHANGHAI
from shared.web import TheDatabase, guessing, log_ids, public
from shared.web.cookies import seal, unseal
from shared.work import Database

PLACE = "letters.access"
ACCEPTED = 202


class LettersAsked(NumberAndCode):
    """What opens the letters (编号、查询码、验证码)."""

    letters_code: str | None = Field(
        None, max_length=40, description="Second code (验证码), where the body asks for one."
    )


class LetterAsked(NumberAndCode):
    """What opens one letter."""

    access: str | None = Field(
        None, max_length=1000, description="As the list gave it, where the body asks for a code."
    )


class CodeOut(BaseModel):
    """Where a code goes, if enough did not go out already (验证码发往)."""

    sent_to: str | None = Field(
        description="Masked; null: the complaint has no address to which one can be sent now.",
        examples=["z***@example.com"],
    )
    by: By | None = Field(description="How (发送方式): `email` 电子邮件; `sms` 短信.")


class LetterOut(BaseModel):
    """One letter that is out of the house (函件)."""

    id: UUID
    kind: str = Field(description="Kind (函件种类): `forwarding` 投诉转送函.")
    number: str = Field(description="Document number (文号).")
    issued_on: date
    sent_at: datetime | None


class LettersOut(BaseModel):
    """The letters of a complaint, the oldest first."""

    items: list[LetterOut]
    access: str | None = Field(
        description="Opens each of them for half an hour; null where number and code do."
    )


class LetterRoutes:
    """The routes that need a query code, and a second one where the body says so."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self.router = APIRouter(
            prefix="/intake/api/v1/letters",
            tags=["complaints"],
            dependencies=[public(), guessing()],
        )
        add = self.router.add_api_route
        add("", self.post_letters, methods=["POST"])
        add("/code", self.post_code, methods=["POST"], status_code=ACCEPTED)
        add("/{letter_id}/pdf", self.post_letter, methods=["POST"], response_class=Response)

    async def post_code(
        self, request: Request, asked: NumberAndCode, database: TheDatabase
    ) -> CodeOut:
        """Have a second code sent (申请验证码); the same answer when enough went out already.

        Good once, for ten minutes; at most one a minute and five a day.
        """
        row = await looked_up(request, database, asked)
        to = await letters.ask_for_code(database, self._means.office, row)
        return CodeOut(sent_to=to.masked if to else None, by=to.by if to else None)

    async def post_letters(
        self, request: Request, asked: LettersAsked, database: TheDatabase
    ) -> LettersOut:
        """The letters that went out (函件列表). 403 where a second code is needed and not right."""
        row = await looked_up(request, database, asked)
        access = None
        if letters.needs_code(self._means.bodies, row):
            if asked.letters_code is None:
                raise letters.code_needed()
            await letters_codes.redeem(database, row.id, asked.letters_code)
            access = granted(database, row)
        found = await self._means.office.letters(row.id)
        return LettersOut(items=[letter_out(one) for one in found], access=access)

    async def post_letter(
        self, request: Request, letter_id: UUID, asked: LetterAsked, database: TheDatabase
    ) -> Response:
        """One of them as PDF (函件下载)."""
        row = await looked_up(request, database, asked)
        if letters.needs_code(self._means.bodies, row) and not grants(database, asked.access, row):
            raise letters.code_needed()
        content = await letters.open_letter(database, self._means.office, row, letter_id)
        headers = {"Cache-Control": "no-store"}
        return Response(content, headers=headers, media_type="application/pdf")


async def looked_up(request: Request, database: Database, asked: NumberAndCode) -> ComplaintRow:
    """The complaint with this number and code. Raises NoSuchComplaintError."""
    async with database.reading() as session:
        row = await looking_up.with_code(session, database.vault, asked.number, asked.query_code)
    log_ids(request, complaint_id=row.id)
    return row


def letter_out(one: Letter) -> LetterOut:
    """A letter as JSON, instants in Shanghai."""
    sent_at = one.sent_at.astimezone(SHANGHAI) if one.sent_at else None
    return LetterOut(
        id=one.id, kind=one.kind, number=one.number, issued_on=one.issued_on, sent_at=sent_at
    )


def granted(database: Database, row: ComplaintRow) -> str:
    """What a second code opened, sealed for the caller to bring back."""
    until = database.clock() + timedelta(seconds=letters.GRANT_SECONDS)
    return seal(database.vault, PLACE, {"until": until.timestamp(), "for": key_of(row)})


def grants(database: Database, access: str | None, row: ComplaintRow) -> bool:
    """Whether this opens the letters of this complaint now."""
    found = unseal(database.vault, PLACE, access) if access else None
    now = database.clock().timestamp()
    return found is not None and found["for"] == key_of(row) and found["until"] > now


def key_of(row: ComplaintRow) -> list[object]:
    """The complaint, with the generation of its query code: a new code closes what was open."""
    return [str(row.id), row.code_generation]
