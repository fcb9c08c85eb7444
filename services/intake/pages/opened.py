"""What stays open to whoever has shown number and code, for half an hour: short sealed cookies."""

from uuid import UUID

from fastapi import Request
from starlette.responses import Response

from services.intake.tables import ComplaintRow
from shared.web import forget, log_ids, recall, remember
from shared.work import Database

HERE = "/intake/status"
OPEN_SECONDS = 1800
STATUS, LETTERS, RECEIPT = "status", "letters", "receipt"


def open_here(request: Request, response: Response, row: ComplaintRow, what: str = STATUS) -> None:
    """Keep a complaint open for this browser: its status, or (LETTERS) its letters."""
    known = {"id": str(row.id), "generation": row.code_generation}
    remember(request, response, what, known, max_age=OPEN_SECONDS)


async def opened_here(request: Request, database: Database) -> ComplaintRow | None:
    """The complaint that this browser has open, unless its code was replaced since."""
    known = recall(request, STATUS)
    if known is None:
        return None
    async with database.reading() as session:
        row = await session.get(ComplaintRow, UUID(known["id"]))
    if row is None or row.code_generation != known["generation"]:
        return None
    log_ids(request, complaint_id=row.id)
    return row


def letters_open(request: Request, row: ComplaintRow) -> bool:
    """Whether a second code was used for this complaint, in this browser, a short while ago."""
    known = recall(request, LETTERS)
    return known == {"id": str(row.id), "generation": row.code_generation}


def leave(request: Request, response: Response) -> None:
    """Close everything: on a borrowed computer."""
    for what in (STATUS, LETTERS, RECEIPT):
        forget(request, response, what)
