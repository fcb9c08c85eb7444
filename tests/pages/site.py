"""The whole platform behind one address, with a mediator and two administrators who log in."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Page

from deploy.embedded import assemble
from services.mediation.use_cases.staff import ADMINISTRATOR, MEDIATOR, add_staff
from shared.runtime.embedded import Embedded
from shared.settings import CommonSettings
from shared.vault import Vault
from tests.conftest import StandingClock
from tests.pages.conftest import free_port, listening, shot, sideways, violations

PASSWORD = "餐桌 云雀 1987 铁路"
ME = "/mediation/me"


@dataclass(frozen=True)
class Site:
    """The whole platform behind one address."""

    url: str
    platform: Embedded
    clock: StandingClock
    first: dict[str, str]
    """One-time passwords by account."""


@asynccontextmanager
async def a_site(folder: Path, vault: Vault, clock: StandingClock) -> AsyncGenerator[Site]:
    """The platform at work, until the block ends."""
    port = free_port()
    common = CommonSettings(
        data=folder / "data", public_url=f"http://127.0.0.1:{port}", rate_login_per_minute=1000
    )
    platform = assemble(common, vault, clock)
    await platform.migrate()
    first = {}
    async with platform.running["mediation"].database.work() as work:
        first["lin"] = await add_staff(work, "lin", display="林调解员", role=MEDIATOR, body="main")
        for name in ("wang", "zhao"):
            first[name] = await add_staff(work, name, display=f"{name}管理员", role=ADMINISTRATOR)
    async with listening(platform.app(), port) as url:
        yield Site(url, platform, clock, first)
    await platform.close()


async def looked_at(page: Page, name: str) -> None:
    """Usable for everybody, not wider than the window, and kept as a picture."""
    assert await violations(page) == [], name
    assert await sideways(page) <= 0, name
    await shot(page, f"login-{name}")


async def type_in(page: Page, site: Site, name: str, *, first: bool = False) -> None:
    """Name and password; the first time a new one."""
    await page.goto(f"{site.url}/mediation/login?next={ME}")
    await page.fill("#name", name)
    await page.fill("#password", site.first[name] if first else PASSWORD)
    await page.click("button.large")
    if first:
        await page.fill("#password", site.first[name])
        await page.fill("#new_password", PASSWORD)
        await page.click("button.large")
