"""The trail tells when the demonstration is loaded and removed; what it is made of is no deed."""

from collections.abc import Mapping
from typing import Any

from shared.trail import CONSOLE, Chain, Deed, Said, note
from shared.work import Database

CHAIN = Chain("setting", "demo")


async def note_loading(intake: Database, rows: int) -> None:
    """Before so many complaints are loaded, those included that are there already."""
    await note_on_console(intake, Deed.DEMO_LOADED, {"rows": rows})


async def note_removal(intake: Database) -> None:
    """Before all of it is removed."""
    await note_on_console(intake, Deed.DEMO_REMOVED, {})


async def note_on_console(intake: Database, deed: Deed, values: Mapping[str, Any]) -> None:
    """One row: only the console does this."""
    async with intake.work() as work:
        await note(work, CHAIN, CONSOLE, Said(deed.value, values))
