"""What a browser opens: the whole platform with people who log in, or intake alone."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from playwright.async_api import Page

from deploy.embedded import assemble
from deploy.processes import free_port
from services.intake import pages, routes
from services.intake.ports import Means
from services.intake.tables import Base
from services.mediation.use_cases.staff import ADMINISTRATOR, MEDIATOR, add_staff
from shared.database import open_engine
from shared.messaging import tables
from shared.runtime.embedded import Embedded
from shared.settings import CommonSettings
from shared.trail import tables as trail
from shared.vault import Vault
from shared.web import EdgeOptions, edge
from shared.work import Database
from tests.conftest import StandingClock
from tests.migrated import lay_out
from tests.pages.conftest import listening
from tests.pages.going import follow

PASSWORD = "餐桌 云雀 1987 铁路"
ME = "/mediation/me"


class Account(NamedTuple):
    """Somebody of the staff, with the role they begin with."""

    name: str
    display: str
    role: str
    body: str = ""


LIN = Account("lin", "林调解员", MEDIATOR, "main")
WANG, ZHAO = (Account(name, f"{name}管理员", ADMINISTRATOR) for name in ("wang", "zhao"))


@dataclass(frozen=True)
class Site:
    """The whole platform behind one address."""

    url: str
    platform: Embedded
    clock: StandingClock
    first: dict[str, str]
    """One-time passwords by account."""


@asynccontextmanager
async def a_site(
    folder: Path, vault: Vault, clock: StandingClock, *accounts: Account
) -> AsyncGenerator[Site]:
    """The platform at work with these accounts, until the block ends."""
    port = free_port()
    common = CommonSettings(
        data=folder / "data",
        public_url=f"http://127.0.0.1:{port}",
        rate_login_per_minute=1000,
        rate_public_burst=1000,
    )
    lay_out(common.data)
    platform = assemble(common, vault, clock)
    await platform.migrate()
    first = {}
    async with platform.running["mediation"].database.work() as work:
        for name, display, role, body in accounts:
            first[name] = await add_staff(work, name, display=display, role=role, body=body)
    async with listening(platform.app(), port) as url:
        yield Site(url, platform, clock, first)
    await platform.close()


@asynccontextmanager
async def intake_alone(
    folder: Path, vault: Vault, clock: StandingClock, means: Means
) -> AsyncGenerator[tuple[str, Database]]:
    """Intake's pages and API at an address, with an empty database, until the block ends."""
    engine = open_engine(f"sqlite+aiosqlite:///{folder}/intake.db")
    async with engine.begin() as connection:
        for metadata in (tables.Base.metadata, trail.Base.metadata, Base.metadata):
            await connection.run_sync(metadata.create_all)
    database, port = Database(engine, clock, vault), free_port()
    options = EdgeOptions(public_url=f"http://127.0.0.1:{port}")
    routers = [*routes.routers(means), *pages.routers(means)]
    async with listening(edge("intake", routers, database, options=options), port) as url:
        yield url, database
    await database.close()


async def type_in(page: Page, site: Site, name: str, *, first: bool = False) -> None:
    """Name and password; the first time a new one."""
    await page.goto(f"{site.url}/mediation/login?next={ME}")
    if first:
        await type_in_first(page, site, name)
    else:
        await page.fill("#name", name)
        await page.fill("#password", PASSWORD)
        await follow(page, "button.large")


async def type_in_first(page: Page, site: Site, name: str) -> None:
    """On the page of the log-in: the one-time password, then one of their own."""
    await page.fill("#name", name)
    await page.fill("#password", site.first[name])
    await follow(page, "button.large")
    await page.fill("#password", site.first[name])
    await page.fill("#new_password", PASSWORD)
    await follow(page, "button.large")
