"""Helpers for what is kept apart and what is erased."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from services.intake.tables import ComplaintRow
from services.intake.use_cases.receipts import Receipt
from services.intake.use_cases.receiving import receive_complaints
from shared.events import Event, decode
from shared.messaging.tables import OutboxRow
from shared.trail.rows import kept
from shared.trail.tables import AuditRow
from shared.work import Database
from tests.chains import first_break
from tests.intake.builders import a_submission

COLUMNS = tuple(column.name for column in AuditRow.__table__.columns)


async def receive(database: Database, **given: Any) -> Receipt:
    return await database.together(receive_complaints, a_submission(**given))


async def count(database: Database, table: type[Any]) -> int:
    async with database.reading() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def row_of(database: Database, complaint: UUID) -> ComplaintRow:
    async with database.reading() as session:
        return (await session.scalars(select(ComplaintRow).filter_by(id=complaint))).one()


async def said(database: Database) -> list[Event]:
    """What was announced, in its order."""
    async with database.reading() as session:
        rows = await session.scalars(select(OutboxRow).order_by(OutboxRow.sequence))
        return [one for row in rows if (one := decode(row.payload))]


async def noted(database: Database) -> list[AuditRow]:
    async with database.reading() as session:
        return list(await session.scalars(select(AuditRow).order_by(AuditRow.key, AuditRow.seq)))


def intact(database: Database, rows: list[AuditRow]) -> bool:
    """Whether the rows of one chain follow each other unchanged."""
    columns = [{name: getattr(row, name) for name in COLUMNS} for row in rows]
    return first_break(kept(database.vault, one) for one in columns) is None
