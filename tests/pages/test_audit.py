"""The trail in a browser: filtered, turned over, with and without script, in both widths."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from uuid import UUID

import pytest
import pytest_asyncio
from playwright.async_api import Page

from deploy.embedded import assemble
from services.mediation.use_cases.staff import account_of, add_staff
from shared.runtime.embedded import Embedded
from shared.settings import CommonSettings
from shared.trail import Chain, Doer, Noted, Said, note_all
from shared.vault import Vault
from tests.conftest import StandingClock
from tests.mediation.things import a_case
from tests.pages.conftest import Open, free_port, listening, shot, sideways, violations

PASSWORD = "a pass-phrase for the audit"


@dataclass(frozen=True)
class Site:
    """The whole platform behind one address, with something in every service's trail."""

    url: str
    platform: Embedded
    passwords: dict[str, str]
    """The one-time passwords of `shen`, an auditor, and `he`, the privacy officer."""
    number: str
    """The case that was looked into."""


@pytest_asyncio.fixture(loop_scope="session")
async def site(
    tmp_path_factory: pytest.TempPathFactory, vault: Vault, clock: StandingClock
) -> AsyncGenerator[Site]:
    port = free_port()
    common = CommonSettings(
        data=tmp_path_factory.mktemp("audit") / "data",
        public_url=f"http://127.0.0.1:{port}",
        rate_public_burst=1000,
    )
    platform = assemble(common, vault, clock)
    await platform.migrate()
    passwords, number = await filled(platform)
    async with listening(platform.app(), port) as url:
        yield Site(url, platform, passwords, number)
    await platform.close()


async def filled(platform: Embedded) -> tuple[dict[str, str], str]:
    """Two people, a case, looks at it by night, and settings changed in every service."""
    mediation = platform.running["mediation"].database
    passwords = {}
    async with mediation.work() as work:
        for name, display, role in (
            ("shen", "沈审计员", "auditor"),
            ("he", "何女士", "privacy_officer"),
        ):
            passwords[name] = await add_staff(work, name, display=display, role=role, body="")
        lin = (await account_of(work.session, "shen")).id
    case = await a_case(mediation)
    doer = Doer("staff", lin, "林调解员", "mediator", UUID(int=9), "华主任")
    for name, one in platform.running.items():
        said = [Said("setting.changed", {"name": f"{name} {n}"}) for n in range(12)]
        async with one.database.work() as work:
            await note_all(work, [Noted(Chain("setting", "mail"), doer, each) for each in said])
    look = Said("mask.opened", {"parts": ["complainant"], "reason": "contact", "in_hand": False})
    async with mediation.work() as work:
        await note_all(work, [Noted(Chain("case", str(case.id)), doer, look)] * 7)
    return passwords, case.number


async def logged_in(page: Page, site: Site, name: str) -> None:
    """Log in at the page, with a password of one's own."""
    await page.fill("#name", name)
    await page.fill("#password", site.passwords[name])
    await page.click("main button")
    await page.fill("#password", site.passwords[name])
    await page.fill("#new_password", PASSWORD)
    await page.click("main button")


async def looked_at(page: Page, name: str) -> None:
    """Usable for everybody, not wider than the window, and kept as a picture."""
    assert await violations(page) == [], name
    assert await sideways(page) <= 0, name
    await shot(page, f"audit-{name}")


async def test_an_auditor_filters_turns_over_and_takes_a_file(site: Site, open_page: Open) -> None:
    page = await open_page(f"{site.url}/mediation/audit")
    await logged_in(page, site, "shen")
    await page.goto(f"{site.url}/mediation/audit")
    assert await page.locator("tbody tr").count() == 50
    assert "代华主任" in await page.inner_text("tbody")
    await looked_at(page, "list")
    await page.click("text=下一页")
    assert "第一页" in await page.inner_text("nav.pages")
    await page.select_option("#filter-service", "analytics")
    await page.select_option("#filter-action", "setting.changed")
    await page.click("text=筛选 >> visible=true")
    assert await page.locator("tbody tr").count() == 12
    assert "analytics 11" in await page.inner_text("tbody tr:first-child")
    await looked_at(page, "filtered")
    async with page.expect_download() as download:
        await page.click("text=导出 CSV")
    text = (await (await download.value).path()).read_text("utf-8-sig")
    assert len(text.splitlines()) == 13
    await page.fill("#filter-person", "nobody")
    await page.click("text=筛选 >> visible=true")
    assert "没有账号或者姓名是“nobody”的人员。" in await page.inner_text("form.filters")
    await looked_at(page, "wrong")


async def test_without_script_on_a_telephone_it_is_as_readable(site: Site, open_page: Open) -> None:
    page = await open_page(f"{site.url}/mediation/audit", narrow=True, script=False)
    await logged_in(page, site, "shen")
    await page.goto(f"{site.url}/mediation/audit?case={site.number}")
    assert await page.locator("tbody tr").count() == 8
    assert await sideways(page) <= 0
    await shot(page, "audit-narrow")


async def test_the_privacy_officer_sees_what_to_ask_about(site: Site, open_page: Open) -> None:
    page = await open_page(f"{site.url}/mediation/looks")
    await logged_in(page, site, "he")
    await page.goto(f"{site.url}/mediation/looks")
    worth = await page.inner_text("section[aria-labelledby=unusual-name]")
    assert "不在自己手里的案件，看了7次" in worth
    assert "一天之内对同一件看了7次" in worth
    await looked_at(page, "looks")
    await page.goto(f"{site.url}/mediation/looks?lang=en")
    assert "Worth asking about" in await page.inner_text("main")
