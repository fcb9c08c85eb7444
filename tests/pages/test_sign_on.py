"""Logging in by way of a provider (OpenID Connect), by hand in a browser."""

import json
from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio

from deploy.processes import free_port
from shared.vault import Vault
from tests.conftest import StandingClock
from tests.mediation.provider import CLIENT, SECRET, Provider
from tests.pages.conftest import Open, listening
from tests.pages.going import follow
from tests.pages.reading import usable
from tests.pages.site import ME, Site, a_site

GROUPS = [{"group": "mediators", "role": "mediator", "body": "main"}]


@pytest_asyncio.fixture(loop_scope="session")
async def provider(clock: StandingClock) -> AsyncGenerator[Provider]:
    """It listens where a browser and the platform reach it."""
    port = free_port()
    made = Provider(clock, issuer=f"http://127.0.0.1:{port}")
    async with listening(made.app(), port):
        yield made


@pytest_asyncio.fixture(loop_scope="session")
async def site(
    tmp_path_factory: pytest.TempPathFactory,
    vault: Vault,
    clock: StandingClock,
    provider: Provider,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncGenerator[Site]:
    for name, value in {
        "ISSUER": provider.issuer,
        "NAME": "市政统一登录",
        "CLIENT": CLIENT,
        "SECRET": SECRET,
        "GROUPS": json.dumps(GROUPS),
    }.items():
        monkeypatch.setenv(f"MEDIATION_OIDC_{name}", value)
    async with a_site(tmp_path_factory.mktemp("sign-on"), vault, clock) as made:
        yield made


@pytest.mark.parametrize("script", [True, False])
async def test_somebody_signs_on_works_and_signs_on_again_for_what_lasts(
    open_page: Open,
    site: Site,
    script: bool,  # noqa: FBT001 - with and without
) -> None:
    page = await open_page(f"{site.url}/mediation/login?next={ME}", script=script)
    if script:
        await usable(page, "login-sign-on")
    await follow(page, "text=市政统一登录")
    await follow(page, "text=我是周调解员")
    await page.wait_for_url(f"{site.url}{ME}")
    assert "周调解员" in await page.inner_text("main")
    await page.goto(f"{site.url}/mediation/cases")
    assert await page.locator("h1").inner_text() != ""
    site.clock.move(minutes=6)
    await page.goto(f"{site.url}{ME}/second-factor")
    if script:
        await usable(page, "login-sign-on-again")
    await follow(page, "text=开始设置")
    assert "请先重新统一登录" in await page.inner_text(".summary")
    await follow(page, "main a[href*='again=1']")
    await follow(page, "text=我是周调解员")
    await page.wait_for_url(f"{site.url}{ME}/second-factor")
    await follow(page, "text=开始设置")
    assert await page.locator("svg.qr").is_visible()


async def test_who_has_no_role_here_reads_why_they_do_not_get_in(
    open_page: Open, site: Site, provider: Provider
) -> None:
    provider.groups = ["gardeners"]
    page = await open_page(f"{site.url}/mediation/login")
    await follow(page, "text=市政统一登录")
    await follow(page, "text=我是周调解员")
    assert "在这里没有角色" in await page.inner_text("main")
    await page.goto(site.url + ME)
    await page.wait_for_url("**/mediation/login?next=*")
