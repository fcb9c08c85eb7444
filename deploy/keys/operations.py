"""`redress keys` in both modes: what differs is how the services are reached."""

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any

from deploy.cli.errors import CannotError
from deploy.cli.say import Counted, Facts
from deploy.cli.urls import database_url
from deploy.cli.wire import client
from deploy.keys.hands import Apart, Hand, Here
from deploy.keys.rotating import Note, Rotation
from deploy.keys.showing import shown
from shared.clock import system_clock
from shared.database import open_engine
from shared.runtime.embedded import Embedded
from shared.runtime.keys import provider_of, vault_of
from shared.settings import CommonSettings
from shared.sisters import SERVICES
from shared.trail import CONSOLE, Chain, Deed, Said, note
from shared.vault import LOOK, TRUSTED
from shared.work import Database

HERE = timedelta(seconds=5)
"""One process knows at once; what it (or one that loads for it) had sealed is kept by then."""
APART = timedelta(seconds=TRUSTED + LOOK + 10)
"""By then every process has looked again, and what it had sealed before is committed."""
HANGING_UP = 10.0
"""Seconds within which a rotation ends whose console was broken off."""
AT_WORK: set[int] = set()
"""The platforms of this process whose keys are being rotated."""


async def show(platform: Embedded, asked: Mapping[str, Any], progress: Counted) -> Facts:
    """The keys, asked of the process that has the data."""
    common = platform.common
    return await shown(provider_of(common), common.key_source, hands_of(platform))


async def rotate(platform: Embedded, asked: Mapping[str, Any], progress: Counted) -> Facts:
    """A rotation in the process that has the data. Raises CannotError."""
    await until_free(platform)
    AT_WORK.add(id(platform))
    try:
        rotation = Rotation(
            platform.vault.provider or provider_of(platform.common),
            platform.common.cipher,
            hands_of(platform),
            noting(platform.running["mediation"].database),
            system_clock,
            HERE,
            progress=progress,
        )
        return await rotation.run()
    finally:
        AT_WORK.discard(id(platform))


async def until_free(platform: Embedded) -> None:
    """Wait for the end of a rotation whose console hung up. Raises CannotError where it goes on."""
    end = time.monotonic() + HANGING_UP
    while id(platform) in AT_WORK:
        if time.monotonic() > end:
            raise CannotError("The keys are being rotated at this moment, by another command.")
        await asyncio.sleep(0.1)


def hands_of(platform: Embedded) -> list[Hand]:
    return [Here(one) for one in platform.running.values()]


async def show_apart(common: CommonSettings, asked: Mapping[str, Any], progress: Counted) -> Facts:
    """The keys, asked of each service's own process."""
    async with reached(common) as hands:
        return await shown(provider_of(common), common.key_source, hands)


async def rotate_apart(
    common: CommonSettings, asked: Mapping[str, Any], progress: Counted
) -> Facts:
    """A rotation by all services' own processes. Raises CannotError."""
    provider = provider_of(common)
    async with reached(common) as hands, mediation(common) as database:
        noted = noting(database)
        rotation = Rotation(
            provider, common.cipher, hands, noted, system_clock, APART, progress=progress
        )
        return await rotation.run()


@asynccontextmanager
async def mediation(common: CommonSettings) -> AsyncGenerator[Database]:
    """Mediation's database. Raises CannotError where it is not named."""
    url = database_url("mediation")
    if not url:
        raise CannotError("MEDIATION_DATABASE_URL is not set.")
    database = Database(open_engine(url), system_clock, vault_of(common))
    try:
        yield database
    finally:
        await database.close()


def noting(database: Database) -> Note:
    """Notes in mediation's trail, sealed with the key that is active at that moment."""

    async def noted(key: str, deed: Deed, values: Mapping[str, Any]) -> None:
        await asyncio.to_thread(database.vault.look)
        async with database.work() as work:
            await note(work, Chain("key", key), CONSOLE, Said(deed, values))

    return noted


@asynccontextmanager
async def reached(common: CommonSettings) -> AsyncGenerator[list[Hand]]:
    """Every service, over the wire."""
    async with AsyncExitStack() as stack:
        clients = {name: await stack.enter_async_context(client(common, name)) for name in SERVICES}
        yield [Apart(name, one) for name, one in clients.items()]
