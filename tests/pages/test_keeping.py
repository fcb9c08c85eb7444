"""Keeping, holds, requests, erasure by two, assessments and keys, by hand in a browser."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import date

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Page
from sqlalchemy import update

from deploy.embedded import assemble
from services.mediation.tables import CaseRow
from services.mediation.use_cases.staff import add_staff
from shared.rights import Role
from shared.runtime.embedded import Embedded
from shared.settings import CommonSettings
from shared.vault import Vault
from tests.conftest import StandingClock
from tests.journeys.walking import Walker
from tests.pages.conftest import (
    NARROW,
    WIDE,
    Open,
    free_port,
    listening,
    shot,
    sideways,
    violations,
)
from tests.pages.reading import broken_words, reload_until

PASSWORD = "a pass-phrase for keeping"
HERE = "/mediation/keeping"
LONG_AGO = date(2016, 6, 22)


@dataclass(frozen=True)
class Site:
    """The whole platform behind one address, with closed cases and two privacy officers."""

    url: str
    passwords: dict[str, str]
    due: str
    held: str
    asked: str
    """Numbers of cases: two whose period is over, one that its complainant wants erased."""


@pytest_asyncio.fixture(loop_scope="session")
async def site(
    tmp_path_factory: pytest.TempPathFactory, vault: Vault, clock: StandingClock
) -> AsyncGenerator[Site]:
    port = free_port()
    common = CommonSettings(
        data=tmp_path_factory.mktemp("keeping") / "data", public_url=f"http://127.0.0.1:{port}"
    )
    platform = assemble(common, vault, clock)
    await platform.migrate()
    passwords = {}
    async with platform.running["mediation"].database.work() as work:
        for name, display in (("zhou", "周专员"), ("wu", "吴专员")):
            role = Role.PRIVACY_OFFICER.value
            passwords[name] = await add_staff(work, name, display=display, role=role, body="main")
    numbers = await closed_cases(platform, common.public_url)
    clock.move(days=1)
    await platform.settle()
    async with listening(platform.app(), port) as url:
        yield Site(url, passwords, *numbers)
    await platform.close()


async def closed_cases(platform: Embedded, url: str) -> list[str]:
    """The numbers of three complaints whose cases are closed, two of them long ago."""
    others = {"name": "王重阳", "phone": "13900000002"}
    transport = httpx.ASGITransport(app=platform.app())
    async with httpx.AsyncClient(transport=transport, base_url=url) as http:
        walker = Walker(http, platform.settle)
        numbers = [
            (await walker.complain(**changes))["number"]
            for changes in ({"complainant": others}, {"complainant": others}, {})
        ]
    await platform.settle()
    for number, day in zip(numbers, (LONG_AGO, LONG_AGO, date(2026, 6, 1)), strict=True):
        await close(platform, number, day)
    return numbers


async def close(platform: Embedded, number: str, day: date) -> None:
    """The case was closed on a day."""
    ended = {"closed_on": day, "state": "closed", "outcome": "agreed"}
    async with platform.running["mediation"].database.work() as work:
        await work.session.execute(update(CaseRow).where(CaseRow.number == number).values(ended))


async def logged_in(open_page: Open, site: Site, name: str) -> Page:
    """A privacy officer with a password of their own, on the page of keeping."""
    page = await open_page(f"{site.url}/mediation/login")
    await page.fill("#name", name)
    await page.fill("#password", site.passwords[name])
    await page.click("button.large")
    await page.fill("#password", site.passwords[name])
    await page.fill("#new_password", PASSWORD)
    await page.click("button.large")
    await page.goto(site.url + HERE)
    return page


async def looked_at(page: Page, name: str) -> None:
    """Usable for everybody at both widths, no word of a label broken; kept as pictures."""
    assert await violations(page) == [], name
    for size, words in ((NARROW, "narrow"), (WIDE, "wide")):
        await page.set_viewport_size({"width": size["width"], "height": size["height"]})
        assert await sideways(page) <= 0, (name, words)
        assert await broken_words(page) == [], (name, words)
        await shot(page, f"keeping-{name}-{words}")


async def looked_at_in_both(page: Page, name: str) -> None:
    """The same page in English, and in Chinese again."""
    address = page.url.partition("#")[0].partition("?")[0]
    for language in ("en", "zh"):
        await page.goto(f"{address}?lang={language}")
        closed = page.locator("main details.fold:not([open]) > summary")
        while await closed.count():
            await closed.first.click()
        await looked_at(page, f"{name}-{language}")


async def unfold(page: Page, words: str) -> None:
    await page.locator("summary", has_text=words).click()


async def test_what_is_due_is_held_or_approved_and_periods_stay_lawful(
    open_page: Open, site: Site
) -> None:
    page = await logged_in(open_page, site, "zhou")
    due = page.locator("section[aria-labelledby=due]")
    assert await due.locator("tbody tr").count() == 2
    assert "AES-256-GCM" in await page.inner_text("section[aria-labelledby=keys]")
    await looked_at_in_both(page, "overview")

    if not await page.is_visible("#number"):
        await unfold(page, "暂停删除一件案件")
    await page.fill("#number", "260623-000000000")
    await page.fill("#reason", "法院调取")
    await page.click("section[aria-labelledby=holds] details button")
    assert await page.input_value("#reason") == "法院调取"
    assert "没有编号为" in await page.inner_text(".summary")
    await looked_at(page, "hold-wrong")
    await page.fill("#number", site.held)
    await page.click("section[aria-labelledby=holds] details button")
    assert site.held in await page.inner_text("section[aria-labelledby=holds] ul")
    assert await due.locator("tbody tr").count() == 1
    await page.click("section[aria-labelledby=due] button")
    assert "请至少选一件到期的案件。" in await page.inner_text(".summary")
    await page.get_by_label(site.due).check()
    await page.click("section[aria-labelledby=due] button")
    assert "没有到期的案件" in await due.inner_text()
    await page.click("section[aria-labelledby=holds] button:has-text('解除')")
    assert "没有暂停删除的案件。" in await page.inner_text("section[aria-labelledby=holds]")

    if not await page.is_visible("#months"):
        await unfold(page, "修改保存期限")
    await page.select_option("#body", "main")
    await page.select_option("#code", "complaint")
    await page.fill("#months", "很久")
    await page.click("section[aria-labelledby=periods] details button")
    assert "保存期限要写成月数" in await page.inner_text("#months-error")
    assert await page.input_value("#months") == "很久"
    await looked_at(page, "period-wrong")
    await page.fill("#months", "240")
    await page.click("section[aria-labelledby=periods] details button")
    assert "240个月" in await page.inner_text("section[aria-labelledby=periods]")


async def test_one_officer_takes_an_erasure_down_and_another_one_decides(
    open_page: Open, site: Site
) -> None:
    zhou = await logged_in(open_page, site, "zhou")
    await zhou.click("text=登记一项请求")
    await looked_at_in_both(zhou, "request-new")
    await zhou.check("text=删除关于本人的信息")
    await zhou.fill("#phone", "138 0000 0001")
    await zhou.click("main form button")
    assert "处要改，改好就能提交" in await zhou.inner_text(".summary")
    assert await zhou.input_value("#phone") == "138 0000 0001"
    assert await zhou.is_checked("input[value=erasure]")
    await looked_at(zhou, "request-wrong")
    await zhou.fill("#name", "张三丰")
    await zhou.fill("#checked", "当面看了居民身份证")
    await zhou.click("main form button")
    await zhou.wait_for_url("**/mediation/keeping/requests/*")
    assert "要由另一位个人信息保护负责人决定" in await zhou.inner_text("main")
    assert await zhou.locator("button[name=erase]").count() == 0
    assert site.asked in await zhou.inner_text("main")
    await looked_at_in_both(zhou, "request-mine")

    wu = await logged_in(open_page, site, "wu")
    await wu.click("section[aria-labelledby=requests] li a")
    await wu.click("button[name=erase][value=true]")
    assert await wu.locator("#reason-error").count() == 1
    assert "可以删除" in await wu.inner_text("section[aria-labelledby=cases]")
    await looked_at(wu, "decision-wrong")
    await wu.fill("#reason", "本人撤回同意，第四十七条")
    await wu.click("button[name=erase][value=true]")
    assert "已经同意" in await wu.inner_text(".flash")
    await reload_until(wu, "section[aria-labelledby=cases]", "已经删除")
    await looked_at_in_both(wu, "request-done")


async def test_a_copy_is_made_and_fetched(open_page: Open, site: Site) -> None:
    page = await logged_in(open_page, site, "zhou")
    await page.goto(f"{site.url}{HERE}/requests/new")
    await page.fill("#name", "张三丰")
    await page.fill("#phone", "13800000001")
    await page.fill("#checked", "当面看了居民身份证")
    await page.click("main form button")
    await page.wait_for_url("**/mediation/keeping/requests/*")
    await reload_until(page, "main", "下载副本")
    await looked_at_in_both(page, "copy")
    async with page.expect_download() as download:
        await page.click("text=下载副本")
    assert (await (await download.value).path()).read_bytes()[:2] == b"PK"


async def test_an_assessment_is_recorded_part_by_part(open_page: Open, site: Site) -> None:
    page = await logged_in(open_page, site, "wu")
    await page.click("main a:has-text('影响评估')")
    await looked_at_in_both(page, "assessments")
    await page.click("section.panel li a >> nth=0")
    await looked_at_in_both(page, "assessment")
    await page.fill("#impact", "")
    await page.click("main form button")
    assert await page.inner_text("#impact-error") == "这一项要写。"
    await looked_at(page, "assessment-wrong")
    await page.fill("#impact", "可能被骚扰")
    await page.click("main form button")
    await page.wait_for_url("**/mediation/keeping/assessments")
    assert "已记录" in await page.inner_text("main")
    assert "第1版" in await page.inner_text("main")
