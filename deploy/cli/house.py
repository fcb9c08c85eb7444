"""The platform on its own files, for as long as a command or a server needs it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from deploy.cli.folder import open_vault, owning
from deploy.embedded import assemble
from shared.clock import system_clock
from shared.runtime.embedded import Embedded
from shared.settings import CommonSettings


@asynccontextmanager
async def open_house(common: CommonSettings) -> AsyncGenerator[Embedded]:
    """Own the folder, open its databases and bring them to the newest schema."""
    with owning(common):
        vault, _ = open_vault(common)
        platform = assemble(common, vault, system_clock)
        try:
            await platform.migrate()
            yield platform
        finally:
            await platform.close()
