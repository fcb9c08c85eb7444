"""Intake's database, empty, on both engines."""

from typing import TYPE_CHECKING

import pytest

from services.intake.tables import Base
from shared.messaging import tables
from shared.work import Database

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from sqlalchemy.ext.asyncio import AsyncEngine

    from shared.vault import Vault
    from tests.conftest import StandingClock


@pytest.fixture
async def database(
    engine: "AsyncEngine", clock: "StandingClock", vault: "Vault"
) -> "AsyncGenerator[Database]":
    async with engine.begin() as connection:
        for metadata in (tables.Base.metadata, Base.metadata):
            await connection.run_sync(metadata.create_all)
    made = Database(engine, clock, vault)
    yield made
    await made.close()
