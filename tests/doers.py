"""Who stands in the trail for what was done, and for whom: ids and names."""

from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select

from shared.trail.rows import opened
from shared.trail.tables import AuditRow
from shared.work import Database


class Did(NamedTuple):
    """One row of the trail, as far as it says who and for whom."""

    action: str
    doer: UUID | None
    name: str
    role: str
    for_id: UUID | None
    for_name: str


async def did(database: Database, *actions: str) -> list[Did]:
    """The rows with these actions (none: all of them), in the order in which they were noted."""
    async with database.reading() as session:
        rows = list(await session.scalars(select(AuditRow).order_by(AuditRow.id)))
    return [as_did(database, one) for one in rows if not actions or one.action in actions]


def as_did(database: Database, row: AuditRow) -> Did:
    said: dict[str, Any] = (opened(database.vault, row.sealed, row.id) or (b"", {}))[1]
    return Did(row.action, row.doer, said["by"], row.role, row.for_id, said["for"])
