"""The platform's databases, migrated once for each process of tests, and copied from then on."""

import atexit
import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from shared.database import open_engine
from shared.runtime.migrate import migrate
from shared.sisters import SERVICES
from tests.databases import at_once


def lay_out(data: Path) -> None:
    """Lay migrated databases with nothing in them into a folder: a platform begins there."""
    data.mkdir(parents=True, exist_ok=True)
    for file in template().iterdir():
        shutil.copy(file, data)


@cache
def template() -> Path:
    """The folder they are copied from."""
    folder = TemporaryDirectory(prefix="redress-migrated-")
    atexit.register(folder.cleanup)
    made = Path(folder.name)
    at_once(migrated(made))
    return made


async def migrated(folder: Path) -> None:
    for name in ("bus", *SERVICES):
        engine = open_engine(f"sqlite+aiosqlite:///{folder / name}.db")
        await migrate(engine, name)
        await engine.dispose()
