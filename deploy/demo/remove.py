"""Everything of the demonstration's body out of the books again."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, select

from services.intake import tables as intake
from services.mediation import tables as mediation
from services.notification import tables as notification
from shared.bodies import DEMO
from shared.work import Database

COMPLAINTS = select(intake.ComplaintRow.id).where(intake.ComplaintRow.demo)
CASES = select(mediation.CaseRow.id).where(mediation.CaseRow.demo)
LETTERS = select(notification.LetterRow.id).where(notification.LetterRow.demo)
LETTERED = select(notification.LetterRow.complaint_id).where(notification.LetterRow.demo)


async def remove(books: dict[str, Database]) -> list[str]:
    """Remove it from the books of these services; the ids of the complaints that are gone."""
    async with books["intake"].reading() as session:
        gone = [str(one) for one in await session.scalars(COMPLAINTS)]
    await emptied(
        books["notification"],
        [
            delete(notification.LetterFileRow).where(
                notification.LetterFileRow.letter_id.in_(LETTERS)
            ),
            delete(notification.AttemptRow).where(notification.AttemptRow.letter_id.in_(LETTERS)),
            delete(notification.SpokenRow).where(notification.SpokenRow.complaint_id.in_(LETTERED)),
            delete(notification.LetterRow).where(notification.LetterRow.demo),
            delete(notification.DocumentNumberRow).where(
                notification.DocumentNumberRow.body == DEMO.code
            ),
        ],
    )
    of_cases: Sequence[Any] = (
        mediation.CaseLogRow,
        mediation.CaseWordsRow,
        mediation.CaseLookupRow,
        mediation.WordsWantedRow,
        mediation.ForwardingRow,
        mediation.AmendmentRow,
        mediation.HeardRow,
    )
    await emptied(
        books["mediation"],
        [
            *(delete(table).where(table.case_id.in_(CASES)) for table in of_cases),
            delete(mediation.CaseRow).where(mediation.CaseRow.demo),
        ],
    )
    of_complaints: Sequence[Any] = (
        intake.AttachmentRow,
        intake.PublicStepRow,
        intake.AmendmentRow,
    )
    await emptied(
        books["intake"],
        [
            *(delete(table).where(table.complaint_id.in_(COMPLAINTS)) for table in of_complaints),
            delete(intake.ComplaintRow).where(intake.ComplaintRow.demo),
        ],
    )
    return gone


async def emptied(database: Database, deletions: Sequence[Any]) -> None:
    """Run these deletions in one transaction."""
    async with database.work() as work:
        for one in deletions:
            await work.session.execute(one, execution_options={"synchronize_session": False})


async def is_there(intake_books: Database) -> bool:
    """Whether there is anything of the demonstration."""
    counted = select(func.count()).select_from(COMPLAINTS.limit(1).subquery())
    async with intake_books.reading() as session:
        return bool(await session.scalar(counted))
