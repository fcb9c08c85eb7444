"""The platform's databases, migrated once for each process of tests, and copied from then on."""

import atexit
import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from shared.database import open_engine
from shared.runtime.migrate import migrate
from shared.sisters import SERVICES
from tests.databases import at_once, create_database


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


@cache
def template_on(server: str, service: str) -> str:
    """The PostgreSQL database of a service that its databases are copied from."""
    url = create_database(server)
    at_once(migrated_at(url, service))
    return url


async def migrated(folder: Path) -> None:
    for name in ("bus", *SERVICES):
        await migrated_at(f"sqlite+aiosqlite:///{folder / name}.db", name)


async def migrated_at(url: str, service: str) -> None:
    engine = open_engine(url)
    await migrate(engine, service)
    await engine.dispose()
