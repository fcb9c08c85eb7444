"""Logging in with a second factor, and one's own log-ins and tokens, by hand in a browser."""

from collections.abc import AsyncGenerator

import pyotp
import pytest
import pytest_asyncio
from playwright.async_api import Page

from shared.vault import Vault
from tests.conftest import StandingClock
from tests.pages.conftest import Open
from tests.pages.going import follow
from tests.pages.reading import usable
from tests.pages.site import LIN, ME, PASSWORD, WANG, ZHAO, Site, a_site, type_in


@pytest_asyncio.fixture(loop_scope="session")
async def site(
    tmp_path_factory: pytest.TempPathFactory, vault: Vault, clock: StandingClock
) -> AsyncGenerator[Site]:
    async with a_site(tmp_path_factory.mktemp("login"), vault, clock, LIN, WANG, ZHAO) as made:
        yield made


async def looked_at(page: Page, name: str) -> None:
    await usable(page, f"login-{name}")


async def enrolled(page: Page, site: Site) -> pyotp.TOTP:
    """Set the second factor up; the telephone."""
    await follow(page, "text=设置动态口令")
    await follow(page, "text=开始设置")
    await looked_at(page, "second-factor")
    assert await page.locator("svg.qr").is_visible()
    telephone = pyotp.TOTP((await page.inner_text("#secret")).strip())
    await page.fill("#code", "000000")
    await follow(page, "text=开启")
    assert "动态口令不对" in await page.inner_text(".summary")
    await page.fill("#code", telephone.at(site.clock()))
    await follow(page, "text=开启")
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
        await follow(there, "button.large")
    await there.wait_for_url(f"**{ME}")
    if script:
        await looked_at(there, "me-narrow")

    await here.goto(site.url + ME)
    assert await here.locator("section:has(#sessions) tbody tr").count() == 2
    if script:
        await looked_at(here, "me")
    await follow(here, "text=结束其他全部登录")
    assert await here.locator("section:has(#sessions) tbody tr").count() == 1
    await there.goto(site.url + ME)
    await there.wait_for_url("**/mediation/login?next=*")


async def test_a_token_is_made_shown_once_used_and_ended(open_page: Open, site: Site) -> None:
    page = await open_page(f"{site.url}/mediation/login")
    await type_in(page, site, "lin", first=True)
    await page.click("summary:has-text('新建令牌')")
    await page.fill("#name", "夜间报表")
    await page.check("text=查看案件")
    await follow(page, "text=建立令牌")
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
    await page.click("section:has(#tokens) td details.sure > summary")
    await follow(page, "section:has(#tokens) td details.sure[open] button")
    assert "还没有令牌" in await page.inner_text("section:has(#tokens)")
    await context.clear_cookies()
    assert (await context.request.get(cases, headers=bearer)).status == 401


async def test_what_lasts_takes_the_password_once_more(open_page: Open, site: Site) -> None:
    page = await open_page(f"{site.url}/mediation/login")
    await type_in(page, site, "lin", first=True)
    await page.wait_for_url(f"**{ME}")
    site.clock.move(minutes=6)
    await page.goto(f"{site.url}{ME}/second-factor")
    await page.fill("#proof", "wrong")
    await follow(page, "text=开始设置")
    assert "现在的密码不对" in await page.inner_text(".summary")
    await looked_at(page, "proof")
    await page.fill("#proof", PASSWORD)
    await follow(page, "text=开始设置")
    assert await page.locator("svg.qr").is_visible()
    assert await page.locator("#proof").count() == 0


async def test_letting_somebody_act_takes_the_password_once_more_and_ends_on_my_page(
    open_page: Open, site: Site
) -> None:
    page = await open_page(f"{site.url}/mediation/login")
    await type_in(page, site, "zhao", first=True)
    await page.wait_for_url(f"**{ME}")
    assert "没有人代理您" in await page.inner_text("section:has(#stand-ins)")
    site.clock.move(minutes=6)
    await page.goto(f"{site.url}{ME}/stand-in")
    await page.select_option("#stand_in", label="wang管理员")
    await page.fill("#first_on", "2026-06-23")
    await page.fill("#last_on", "2026-06-30")
    await page.fill("#proof", "wrong")
    await follow(page, "main button:has-text('安排')")
    assert "现在的密码不对" in await page.inner_text(".summary")
    assert await page.input_value("#last_on") == "2026-06-30"
    await looked_at(page, "stand-in-proof")
    await page.fill("#proof", PASSWORD)
    await follow(page, "main button:has-text('安排')")
    assert "代理安排好了" in await page.inner_text("main")
    await page.goto(f"{site.url}{ME}")
    assert "wang管理员" in await page.inner_text("section:has(#stand-ins)")
    await looked_at(page, "me-stand-in")
    await follow(page, "section:has(#stand-ins) button")
    assert "代理结束了" in await page.inner_text("main")


async def test_two_administrators_give_a_powerful_role(open_page: Open, site: Site) -> None:
    wang = await open_page(f"{site.url}/mediation/login")
    await type_in(wang, site, "wang", first=True)
    await wang.goto(f"{site.url}/mediation/staff")
    await follow(wang, "text=林调解员")
    await follow(wang, "text=给一个角色")
    await wang.select_option("#role", "auditor")
    await follow(wang, "main button:has-text('授予')")
    assert "另一位管理员7天内确认" in await wang.inner_text("main")
    waiting = "section:has(#requests)"
    assert "要由另一位管理员确认" in await wang.inner_text(waiting)
    assert await wang.locator(f"{waiting} button:has-text('确认授予')").count() == 0
    await looked_at(wang, "role-asked")
    zhao = await open_page(f"{site.url}/mediation/login", narrow=True)
    await type_in(zhao, site, "zhao", first=True)
    await zhao.goto(f"{site.url}/mediation/staff")
    await looked_at(zhao, "role-to-confirm")
    await follow(zhao, "text=确认授予")
    assert "角色给了" in await zhao.inner_text("main")
    assert await zhao.locator(waiting).count() == 0
    assert "审计员" in await zhao.inner_text("section:has(#held)")


async def test_two_administrators_let_a_colleague_back_in(open_page: Open, site: Site) -> None:
    lin = await open_page(f"{site.url}/mediation/login")
    await type_in(lin, site, "lin", first=True)
    await lin.wait_for_url(f"**{ME}")
    wang = await open_page(f"{site.url}/mediation/login")
    await type_in(wang, site, "wang", first=True)
    await follow(wang, "text=恢复同事的账号")
    await wang.fill("#name", "lin")
    await wang.fill("#reason", "手机和密码都丢了，见过本人和工作证")
    await follow(wang, "main button:has-text('申请')")
    assert "要由另一位管理员批准" in await wang.inner_text("section:has(#waiting)")
    zhao = await open_page(f"{site.url}/mediation/login", narrow=True)
    await type_in(zhao, site, "zhao", first=True)
    await zhao.goto(f"{site.url}/mediation/recoveries")
    await looked_at(zhao, "recoveries")
    await zhao.click("summary:has-text('批准，换新密码')")
    await follow(zhao, "button:has-text('确定批准')")
    site.first["lin"] = (await zhao.inner_text("#password")).strip()
    await looked_at(zhao, "recovered")
    await lin.goto(site.url + ME)
    await lin.wait_for_url("**/mediation/login?next=*")
    await type_in(lin, site, "lin", first=True)
    await lin.wait_for_url(f"**{ME}")
    assert "您的账号恢复过" in await lin.inner_text("main")
