"""Short ways to do and to see things in notification's database."""

from collections.abc import Sequence

from sqlalchemy import select

from services.notification.ports import Office
from services.notification.tables import AttemptRow, LetterRow
from services.notification.use_cases.make import make_letters
from services.notification.use_cases.owe import owe_letters
from shared.events import CaseForwarded, Event, decode
from shared.messaging.tables import OutboxRow
from shared.work import Database


async def owe(database: Database, office: Office, events: Sequence[CaseForwarded]) -> None:
    async with database.work() as work:
        await owe_letters(work, events, office.bodies)


async def made(database: Database, office: Office, *events: CaseForwarded) -> list[LetterRow]:
    """Owe letters for these events and make them."""
    await owe(database, office, events)
    while await make_letters(database, office):
        pass
    return await letters(database)


async def letters(database: Database) -> list[LetterRow]:
    async with database.reading() as session:
        rows = select(LetterRow).order_by(LetterRow.year, LetterRow.body, LetterRow.number)
        return list((await session.scalars(rows)).all())


async def only(database: Database) -> LetterRow:
    [letter] = await letters(database)
    return letter


async def attempts(database: Database) -> list[AttemptRow]:
    async with database.reading() as session:
        rows = select(AttemptRow).order_by(AttemptRow.letter_id, AttemptRow.place)
        return list((await session.scalars(rows)).all())


async def said(database: Database) -> list[Event]:
    """What was announced, in order."""
    async with database.reading() as session:
        bodies = await session.scalars(select(OutboxRow.payload).order_by(OutboxRow.sequence))
        return [event for event in map(decode, bodies) if event]
