"""Steps that have nothing to do: they look, and keep nobody who writes waiting."""

import asyncio

from services.intake.ports import Means
from services.intake.use_cases.dropping import drop_stored
from services.intake.use_cases.letters_sending import send_due
from services.intake.use_cases.reporters import move_reporters
from shared.work import Database
from tests.intake.office import OfficeInMemory


async def test_who_has_nothing_to_write_does_not_wait_for_who_writes(
    database: Database, means: Means
) -> None:
    async with asyncio.timeout(20), database.work():
        assert await move_reporters(database) == 0
        assert await drop_stored(database, means.storage) == 0
        assert await send_due(database, OfficeInMemory()) == 0
