"""Logging in with a second factor, and one's own log-ins and tokens, by hand in a browser."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass

import pyotp
import pytest
import pytest_asyncio
from playwright.async_api import Page

from deploy.embedded import assemble
from services.mediation.use_cases.staff import ADMINISTRATOR, MEDIATOR, add_staff
from shared.runtime.embedded import Embedded
from shared.settings import CommonSettings
from shared.vault import Vault
from tests.conftest import StandingClock
from tests.pages.conftest import Open, free_port, listening, shot, sideways, violations

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


@pytest_asyncio.fixture(loop_scope="session")
async def site(
    tmp_path_factory: pytest.TempPathFactory, vault: Vault, clock: StandingClock
) -> AsyncGenerator[Site]:
    port = free_port()
    common = CommonSettings(
        data=tmp_path_factory.mktemp("login") / "data",
        public_url=f"http://127.0.0.1:{port}",
        rate_login_per_minute=1000,
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


async def enrolled(page: Page, site: Site) -> pyotp.TOTP:
    """Set the second factor up; the telephone."""
    await page.click("text=设置动态口令")
    await page.click("text=开始设置")
    await looked_at(page, "second-factor")
    assert await page.locator("svg.qr").is_visible()
    telephone = pyotp.TOTP((await page.inner_text("#secret")).strip())
    await page.fill("#code", "000000")
    await page.click("text=开启")
    assert "动态口令不对" in await page.inner_text(".summary")
    await page.fill("#code", telephone.at(site.clock()))
    await page.click("text=开启")
    assert await page.locator("ul.paper li").count() == 10
    await looked_at(page, "paper")
    return telephone


@pytest.mark.parametrize("script", [True, False])
async def test_log_in_with_a_second_factor_and_end_the_log_in_elsewhere(
    open_page: Open,
    site: Site,
    script: bool,  # noqa: FBT001 - with and without
) -> None:
    here = await open_page(f"{site.url}/mediation/login", script=script)
    await type_in(here, site, "lin", first=True)
    await here.wait_for_url(f"**{ME}")
    telephone = await enrolled(here, site) if script else None

    there = await open_page(f"{site.url}/mediation/login", script=script, narrow=True)
    await type_in(there, site, "lin")
    if telephone:
        await there.wait_for_url("**/mediation/login/code")
        await looked_at(there, "code")
        site.clock.move(seconds=30)
        await there.fill("#code", telephone.at(site.clock()))
        await there.click("button.large")
    await there.wait_for_url(f"**{ME}")
    if script:
        await looked_at(there, "me-narrow")

    await here.goto(site.url + ME)
    assert await here.locator("section:has(#sessions) tbody tr").count() == 2
    if script:
        await looked_at(here, "me")
    await here.click("text=结束其他全部登录")
    assert await here.locator("section:has(#sessions) tbody tr").count() == 1
    await there.goto(site.url + ME)
    await there.wait_for_url("**/mediation/login?next=*")


async def test_a_token_is_made_shown_once_used_and_ended(open_page: Open, site: Site) -> None:
    page = await open_page(f"{site.url}/mediation/login")
    await type_in(page, site, "lin", first=True)
    await page.click("summary:has-text('新建令牌')")
    await page.fill("#name", "夜间报表")
    await page.check("text=查看案件")
    await page.click("text=建立令牌")
    token = (await page.inner_text("#token")).strip()
    await looked_at(page, "token")
    context = page.context
    await context.clear_cookies()
    bearer = {"Authorization": f"Bearer {token}"}
    cases = f"{site.url}/mediation/api/v1/cases"
    assert (await context.request.get(cases, headers=bearer)).status == 200
    await type_in(page, site, "lin")
    await page.wait_for_url(f"**{ME}")
    assert token not in await page.content()
    await page.click("section:has(#tokens) td button")
    assert "还没有令牌" in await page.inner_text("section:has(#tokens)")
    await context.clear_cookies()
    assert (await context.request.get(cases, headers=bearer)).status == 401


async def test_two_administrators_let_a_colleague_back_in(open_page: Open, site: Site) -> None:
    lin = await open_page(f"{site.url}/mediation/login")
    await type_in(lin, site, "lin", first=True)
    await lin.wait_for_url(f"**{ME}")
    wang = await open_page(f"{site.url}/mediation/login")
    await type_in(wang, site, "wang", first=True)
    await wang.click("text=恢复同事的账号")
    await wang.fill("#name", "lin")
    await wang.fill("#reason", "手机和密码都丢了，见过本人和工作证")
    await wang.click("main button:has-text('申请')")
    assert "要由另一位管理员批准" in await wang.inner_text("section:has(#waiting)")
    zhao = await open_page(f"{site.url}/mediation/login", narrow=True)
    await type_in(zhao, site, "zhao", first=True)
    await zhao.goto(f"{site.url}/mediation/recoveries")
    await looked_at(zhao, "recoveries")
    await zhao.click("text=批准，换新密码")
    site.first["lin"] = (await zhao.inner_text("#password")).strip()
    await looked_at(zhao, "recovered")
    await lin.goto(site.url + ME)
    await lin.wait_for_url("**/mediation/login?next=*")
    await type_in(lin, site, "lin", first=True)
    await lin.wait_for_url(f"**{ME}")
    assert "您的账号恢复过" in await lin.inner_text("main")
