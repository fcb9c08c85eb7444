"""Mediation alone, on a migrated database of either kind."""

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.clock import Clock
from shared.runtime.migrate import migrate
from shared.vault import Vault
from shared.work import Database


@pytest.fixture
async def database(engine: AsyncEngine, clock: Clock, vault: Vault) -> Database:
    """Mediation's own database, migrated, with the shipped calendar."""
    await migrate(engine, "mediation")
    return Database(engine, clock, vault)
