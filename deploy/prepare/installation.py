"""What must be there before a service starts: the key, the databases, their tables, the topics."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

import asyncpg

from deploy.cli.accounts import Account, first_accounts
from deploy.postgres import databases
from deploy.processes import ClusterError
from shared.clock import system_clock
from shared.database import open_engine, setting_of
from shared.outgoing import AddressRefusedError
from shared.runtime.kafka.topics import AWAY as KAFKA_AWAY
from shared.runtime.kafka.topics import create_topics
from shared.runtime.keys import make_key_file, vault_of
from shared.runtime.migrate import migrate
from shared.settings import CommonSettings
from shared.work import Database

PATIENCE = 60.0
AWAY = (asyncpg.CannotConnectNowError, *KAFKA_AWAY)
Answer = TypeVar("Answer")


async def prepare(
    administrator: str, urls: Mapping[str, str], common: CommonSettings
) -> list[Account]:
    """Do all of it; harmless when repeated. Raises ClusterError, KeyMissingError.

    Returns the first accounts with their one-time passwords, if they were made just now.

    Without the administrator's address databases and users must be there already.
    """
    if administrator:
        there = await patiently(lambda: databases.existing(administrator))
        make_key(common, there)
        await databases.create(administrator, urls)
    vault_of(common)
    for service, url in urls.items():
        engine = open_engine(url, setting_of(service))
        try:
            await migrate(engine, service)
        finally:
            await engine.dispose()
    await patiently(lambda: create_topics(common))
    return await make_accounts(urls["mediation"], common)


async def make_accounts(url: str, common: CommonSettings) -> list[Account]:
    """The first accounts, once: where there are accounts already, none."""
    database = Database(open_engine(url), system_clock, vault_of(common))
    try:
        return await first_accounts(database, demo=False)
    finally:
        await database.close()


def make_key(common: CommonSettings, existing: set[str]) -> None:
    """A new installation gets a new key; data whose key is gone gets none."""
    if common.key_path.exists() or common.key_source != "file":
        return
    if existing:
        raise ClusterError(
            f"the key file {common.key_path} is missing, and the databases hold sealed data: "
            "put the key back"
        )
    make_key_file(common, system_clock())


async def patiently(do: Callable[[], Awaitable[Answer]]) -> Answer:
    """Try again while database or broker are still on their way, a minute at most."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return await do()
        except AddressRefusedError as error:
            raise ClusterError(str(error)) from error
        except AWAY as error:
            if time.monotonic() > end:
                raise ClusterError(f"not reachable for a minute: {error!r}") from error
        await asyncio.sleep(0.5)
