"""Which databases an installation has, and bringing them to the newest schema."""

from collections.abc import Sequence

from deploy.cli.folder import owning
from deploy.cli.urls import database_url
from shared.database import open_engine, setting_of
from shared.runtime.migrate import migrate, newest, revision_of
from shared.settings import CommonSettings

Schemas = dict[str, dict[str, str | None]]


async def migrate_all(common: CommonSettings, names: Sequence[str]) -> Schemas:
    """Migrate these services' databases; each one's revision before and after."""
    urls = {name: url for name in names if (url := database_url(name))}
    done = {name: await migrated(name, url) for name, url in urls.items()}
    own = [name for name in names if name not in urls]
    if own and not (urls and len(names) > 1):
        with owning(common):
            for name in ["bus", *own]:
                done[name] = await migrated(name, f"sqlite+aiosqlite:///{common.data}/{name}.db")
    return done


async def migrated(name: str, url: str) -> dict[str, str | None]:
    engine = open_engine(url, setting_of(name))
    try:
        was = await revision_of(engine)
        await migrate(engine, name)
    finally:
        await engine.dispose()
    return {"was": was, "at": newest(name)}
