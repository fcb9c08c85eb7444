"""What sister services may ask of notification, with a service token."""

from base64 import b64encode
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select

from services.notification.ports import Office
from services.notification.tables import LetterRow
from services.notification.use_cases.files import NotMadeYetError, pdf_of
from shared.web import TheDatabase, service


class LettersAsked(BaseModel):
    """Whose letters are wanted."""

    model_config = ConfigDict(extra="forbid")

    complaint_id: UUID


def internal(office: Office) -> APIRouter:
    """The routes for sisters."""
    router = APIRouter(prefix="/internal", dependencies=[service()], include_in_schema=False)

    @router.post("/letters")
    async def letters(asked: LettersAsked, database: TheDatabase) -> dict[str, Any]:
        """The finished letters about a complaint: document number, and PDF in base64.

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
            found.append({"number": row.document_number, "pdf": b64encode(pdf).decode()})
        return {"items": found}

    return router
