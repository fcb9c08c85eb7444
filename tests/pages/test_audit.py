"""The trail in a browser: filtered, turned over, with and without script, in both widths."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from uuid import UUID

import pytest
import pytest_asyncio
from playwright.async_api import Page

from services.mediation.use_cases.staff import account_of
from shared.rights import Role
from shared.runtime.embedded import Embedded
from shared.trail import Chain, Doer, Noted, Said, note_all
from shared.vault import Vault
from tests.conftest import StandingClock
from tests.mediation.things import a_case
from tests.pages.conftest import Open, shot, sideways
from tests.pages.going import follow
from tests.pages.reading import usable
from tests.pages.site import Account, Site, a_site, type_in_first

SHEN = Account("shen", "沈审计员", Role.AUDITOR.value)
HE = Account("he", "何女士", Role.PRIVACY_OFFICER.value)


@dataclass(frozen=True)
class Audited:
    """The whole platform, with something in every service's trail."""

    site: Site
    number: str
    """The case that was looked into."""

    @property
    def url(self) -> str:
        """Where it is."""
        return self.site.url


@pytest_asyncio.fixture(loop_scope="session")
async def audited(
    tmp_path_factory: pytest.TempPathFactory, vault: Vault, clock: StandingClock
) -> AsyncGenerator[Audited]:
    async with a_site(tmp_path_factory.mktemp("audit"), vault, clock, SHEN, HE) as site:
        yield Audited(site, await filled(site.platform))


async def filled(platform: Embedded) -> str:
    """A case, looks at it by night, and settings changed in every service; the case's number."""
    mediation = platform.running["mediation"].database
    async with mediation.reading() as session:
        lin = (await account_of(session, SHEN.name)).id
    case = await a_case(mediation)
    doer = Doer("staff", lin, "林调解员", "mediator", UUID(int=9), "华主任")
    for name, one in platform.running.items():
        said = [Said("setting.changed", {"name": f"{name} {n}"}) for n in range(12)]
        async with one.database.work() as work:
            await note_all(work, [Noted(Chain("setting", "mail"), doer, each) for each in said])
    look = Said("mask.opened", {"parts": ["complainant"], "reason": "contact", "in_hand": False})
    async with mediation.work() as work:
        await note_all(work, [Noted(Chain("case", str(case.id)), doer, look)] * 7)
    return case.number


async def looked_at(page: Page, name: str) -> None:
    await usable(page, f"audit-{name}")


async def test_an_auditor_filters_turns_over_and_takes_a_file(
    audited: Audited, open_page: Open
) -> None:
    page = await open_page(f"{audited.url}/mediation/audit")
    await type_in_first(page, audited.site, "shen")
    await page.goto(f"{audited.url}/mediation/audit")
    assert await page.locator("tbody tr").count() == 50
    assert "代华主任" in await page.inner_text("tbody")
    await looked_at(page, "list")
    await follow(page, "text=下一页")
    assert "第一页" in await page.inner_text("nav.pages")
    await page.select_option("#filter-service", "analytics")
    await page.select_option("#filter-action", "setting.changed")
    await follow(page, "text=筛选 >> visible=true")
    assert await page.locator("tbody tr").count() == 12
    assert "analytics 11" in await page.inner_text("tbody tr:first-child")
    await looked_at(page, "filtered")
    async with page.expect_download() as download:
        await page.click("text=导出 CSV")
    text = (await (await download.value).path()).read_text("utf-8-sig")
    assert len(text.splitlines()) == 13
    await page.fill("#filter-person", "nobody")
    await follow(page, "text=筛选 >> visible=true")
    assert "没有这样的人员：请写全账号，或者写全姓名。" in await page.inner_text("form.filters")
    await looked_at(page, "wrong")


async def test_without_script_on_a_telephone_it_is_as_readable(
    audited: Audited, open_page: Open
) -> None:
    page = await open_page(f"{audited.url}/mediation/audit", narrow=True, script=False)
    await type_in_first(page, audited.site, "shen")
    await page.goto(f"{audited.url}/mediation/audit?case={audited.number}")
    assert await page.locator("tbody tr").count() == 8
    assert await sideways(page) <= 0
    await shot(page, "audit-narrow")


async def test_the_privacy_officer_sees_what_to_ask_about(
    audited: Audited, open_page: Open
) -> None:
    page = await open_page(f"{audited.url}/mediation/looks")
    await type_in_first(page, audited.site, "he")
    await page.goto(f"{audited.url}/mediation/looks")
    worth = await page.inner_text("section[aria-labelledby=unusual-name]")
    assert "不在自己手里的案件，看了7次" in worth
    assert "一天之内对同一件看了7次" in worth
    await looked_at(page, "looks")
    await page.goto(f"{audited.url}/mediation/looks?lang=en")
    assert "Worth asking about" in await page.inner_text("main")
