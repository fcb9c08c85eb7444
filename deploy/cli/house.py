"""The platform on its own files, for as long as a command or a server needs it."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from deploy.cli.folder import open_vault, owning
from deploy.cli.operations import OPERATIONS
from deploy.cli.say import Counted, Facts
from deploy.embedded import assemble
from shared.clock import system_clock
from shared.log import configure
from shared.net import Client, in_process
from shared.runtime.embedded import Embedded
from shared.settings import CommonSettings
from shared.tokens import CONSOLE, minting


@asynccontextmanager
async def open_house(common: CommonSettings) -> AsyncGenerator[Embedded]:
    """Own the folder, open its databases and bring them to the newest schema."""
    configure("WARNING")
    with owning(common):
        vault, _ = open_vault(common)
        platform = assemble(common, vault, system_clock)
        try:
            await platform.migrate()
            yield platform
        finally:
            await platform.close()


async def ask_at_home(
    common: CommonSettings, name: str, asked: Mapping[str, Any], progress: Counted
) -> Facts:
    """Run an operation on the files, and what follows from it to its end."""
    async with open_house(common) as platform, platform.at_work():
        done = await OPERATIONS[name](platform, asked, progress)
        await platform.settle()
        return done


@asynccontextmanager
async def intake_at_home(common: CommonSettings) -> AsyncGenerator[Client]:
    """Intake's API on the files, asked by the console."""
    async with open_house(common) as platform, platform.at_work():
        token = minting(platform.vault, CONSOLE, "intake", system_clock)
        async with in_process(platform.app(), token) as client:
            client.headers["Host"] = min(common.accepted_hosts)
            yield client
        await platform.settle()
