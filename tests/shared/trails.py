"""A database with the trail's tables alone, and usual things to note in it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.clock import Clock
from shared.messaging import tables as messaging
from shared.trail import Chain, Doer, Said, note
from shared.trail import tables as trail
from shared.trail.rows import opened
from shared.trail.tables import AuditRow
from shared.vault import Vault
from shared.work import Database

LIN = Doer("staff", UUID(int=7), "林调解员", "mediator")
HUA = UUID(int=9)


async def trail_on(engine: AsyncEngine, clock: Clock, vault: Vault) -> Database:
    """A database with what every service has."""
    async with engine.begin() as connection:
        for metadata in (messaging.Base.metadata, trail.Base.metadata):
            await connection.run_sync(metadata.create_all)
    return Database(engine, clock, vault)


async def noted(database: Database, key: str = "a", *texts: str, kind: str = "unit") -> None:
    """Note these texts, each in a work of its own."""
    for text in texts or ("一",):
        async with database.work() as work:
            await note(work, Chain(kind, key), LIN, Said("unit.changed", {"name": text}))


async def rows_of(database: Database, key: str = "a") -> Sequence[AuditRow]:
    statement = select(AuditRow).where(AuditRow.key == key).order_by(AuditRow.seq)
    async with database.reading() as session:
        return (await session.scalars(statement)).all()


def said_in(database: Database, row: AuditRow) -> dict[str, Any]:
    """What lies sealed in a row."""
    found = opened(database.vault, row.sealed, row.id)
    assert found is not None
    return found[1]
