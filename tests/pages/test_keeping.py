"""Keeping, holds, requests, erasure by two, assessments and keys, by hand in a browser."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import date

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Page
from sqlalchemy import update

from services.mediation.tables import CaseRow
from shared.rights import Role
from shared.runtime.embedded import Embedded
from shared.vault import Vault
from tests.conftest import StandingClock
from tests.journeys.walking import Walker
from tests.pages.conftest import NARROW, WIDE, Open, shot, sideways, violations
from tests.pages.going import follow
from tests.pages.reading import broken_words, reload_until
from tests.pages.site import Account, Site, a_site, type_in_first

HERE = "/mediation/keeping"
LONG_AGO = date(2016, 6, 22)
OFFICERS = [
    Account(name, display, Role.PRIVACY_OFFICER.value, "main")
    for name, display in (("zhou", "周专员"), ("wu", "吴专员"))
]


@dataclass(frozen=True)
class Kept:
    """Closed cases, and two privacy officers who look after them."""

    site: Site
    due: str
    held: str
    asked: str
    """Numbers of cases: two whose period is over, one that its complainant wants erased."""


@pytest_asyncio.fixture(loop_scope="session")
async def kept(
    tmp_path_factory: pytest.TempPathFactory, vault: Vault, clock: StandingClock
) -> AsyncGenerator[Kept]:
    async with a_site(tmp_path_factory.mktemp("keeping"), vault, clock, *OFFICERS) as site:
        numbers = await closed_cases(site)
        clock.move(days=1)
        await site.platform.settle()
        yield Kept(site, *numbers)


async def closed_cases(site: Site) -> list[str]:
    """The numbers of three complaints whose cases are closed, two of them long ago."""
    others = {"name": "王重阳", "phone": "13900000002"}
    async with httpx.AsyncClient(base_url=site.url) as http:
        walker = Walker(http, site.platform.settle)
        numbers = [
            (await walker.complain(**changes))["number"]
            for changes in ({"complainant": others}, {"complainant": others}, {})
        ]
    await site.platform.settle()
    for number, day in zip(numbers, (LONG_AGO, LONG_AGO, date(2026, 6, 1)), strict=True):
        await close(site.platform, number, day)
    return numbers


async def close(platform: Embedded, number: str, day: date) -> None:
    """The case was closed on a day."""
    ended = {"closed_on": day, "state": "closed", "outcome": "agreed"}
    async with platform.running["mediation"].database.work() as work:
        await work.session.execute(update(CaseRow).where(CaseRow.number == number).values(ended))


async def logged_in(open_page: Open, kept: Kept, name: str) -> Page:
    """A privacy officer with a password of their own, on the page of keeping."""
    page = await open_page(f"{kept.site.url}/mediation/login")
    await type_in_first(page, kept.site, name)
    await page.goto(kept.site.url + HERE)
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


async def surely(page: Page, words: str) -> None:
    """Press what cannot be undone, and once more after reading what follows."""
    await unfold(page, words)
    assert "不能恢复" in await page.inner_text("details.sure[open]")
    await follow(page, "details.sure[open] button")


async def test_what_is_due_is_held_or_approved_and_periods_stay_lawful(
    open_page: Open, kept: Kept
) -> None:
    page = await logged_in(open_page, kept, "zhou")
    due = page.locator("section[aria-labelledby=due]")
    assert await due.locator("tbody tr").count() == 2
    assert "AES-256-GCM" in await page.inner_text("section[aria-labelledby=keys]")
    await looked_at_in_both(page, "overview")

    if not await page.is_visible("#number"):
        await unfold(page, "暂停删除一件案件")
    await page.fill("#number", "260623-000000000")
    await page.fill("#reason", "法院调取")
    await follow(page, "section[aria-labelledby=holds] details button")
    assert await page.input_value("#reason") == "法院调取"
    assert "没有编号为" in await page.inner_text(".summary")
    await looked_at(page, "hold-wrong")
    await page.fill("#number", kept.held)
    await follow(page, "section[aria-labelledby=holds] details button")
    assert kept.held in await page.inner_text("section[aria-labelledby=holds] ul")
    assert await page.inner_text(".flash.ok") == "已经暂停删除。"
    assert await due.locator("tbody tr").count() == 1
    await surely(page, "批准删除所选案件")
    assert "请至少选一件到期的案件。" in await page.inner_text(".summary")
    await page.get_by_label(kept.due).check()
    await surely(page, "批准删除所选案件")
    assert await page.inner_text(".flash.ok") == "批准了，正在删除所选案件的内容。"
    assert "没有到期的案件" in await due.inner_text()
    await follow(page, "section[aria-labelledby=holds] button:has-text('解除')")
    assert await page.inner_text(".flash.ok") == "暂停已经解除。"
    assert "没有暂停删除的案件。" in await page.inner_text("section[aria-labelledby=holds]")

    if not await page.is_visible("#months"):
        await unfold(page, "修改保存期限")
    await page.select_option("#body", "main")
    await page.select_option("#code", "complaint")
    await page.fill("#months", "很久")
    await follow(page, "section[aria-labelledby=periods] details button")
    assert "保存期限要写成月数" in await page.inner_text("#months-error")
    assert await page.input_value("#months") == "很久"
    await looked_at(page, "period-wrong")
    await page.fill("#months", "240")
    await follow(page, "section[aria-labelledby=periods] details button")
    assert await page.inner_text(".flash.ok") == "保存期限改好了，下次检查按新的期限。"
    assert "240个月" in await page.inner_text("section[aria-labelledby=periods]")


async def test_one_officer_takes_an_erasure_down_and_another_one_decides(
    open_page: Open, kept: Kept
) -> None:
    zhou = await logged_in(open_page, kept, "zhou")
    await follow(zhou, "text=登记一项请求")
    await looked_at_in_both(zhou, "request-new")
    await zhou.check("text=删除关于本人的信息")
    await zhou.fill("#phone", "138 0000 0001")
    await follow(zhou, "main form button")
    assert "处要改，改好就能提交" in await zhou.inner_text(".summary")
    assert await zhou.input_value("#phone") == "138 0000 0001"
    assert await zhou.is_checked("input[value=erasure]")
    await looked_at(zhou, "request-wrong")
    await zhou.fill("#name", "张三丰")
    await zhou.fill("#checked", "当面看了居民身份证")
    await follow(zhou, "main form button")
    await zhou.wait_for_url("**/mediation/keeping/requests/*")
    assert "要由另一位个人信息保护负责人决定" in await zhou.inner_text("main")
    assert await zhou.locator("button[name=erase]").count() == 0
    assert kept.asked in await zhou.inner_text("main")
    await looked_at_in_both(zhou, "request-mine")

    wu = await logged_in(open_page, kept, "wu")
    await follow(wu, "section[aria-labelledby=requests] li a")
    await surely(wu, "同意，删除可以删除的")
    assert await wu.locator("#reason-error").count() == 1
    assert "可以删除" in await wu.inner_text("section[aria-labelledby=cases]")
    await looked_at(wu, "decision-wrong")
    await wu.fill("#reason", "本人撤回同意，第四十七条")
    await surely(wu, "同意，删除可以删除的")
    assert "已经同意" in await wu.inner_text(".flash")
    await reload_until(wu, "section[aria-labelledby=cases]", "已经删除")
    await looked_at_in_both(wu, "request-done")


async def test_a_copy_is_made_and_fetched(open_page: Open, kept: Kept) -> None:
    page = await logged_in(open_page, kept, "zhou")
    await page.goto(f"{kept.site.url}{HERE}/requests/new")
    await page.fill("#name", "张三丰")
    await page.fill("#phone", "13800000001")
    await page.fill("#checked", "当面看了居民身份证")
    await follow(page, "main form button")
    await page.wait_for_url("**/mediation/keeping/requests/*")
    await reload_until(page, "main", "下载副本")
    await looked_at_in_both(page, "copy")
    async with page.expect_download() as download:
        await page.click("text=下载副本")
    assert (await (await download.value).path()).read_bytes()[:2] == b"PK"


async def test_an_assessment_is_recorded_part_by_part(open_page: Open, kept: Kept) -> None:
    page = await logged_in(open_page, kept, "wu")
    await follow(page, "main a:has-text('影响评估')")
    await looked_at_in_both(page, "assessments")
    await follow(page, "section.panel li a >> nth=0")
    await looked_at_in_both(page, "assessment")
    await page.fill("#impact", "")
    await follow(page, "main form button")
    assert await page.inner_text("#impact-error") == "这一项要写。"
    await looked_at(page, "assessment-wrong")
    await page.fill("#impact", "可能被骚扰")
    await follow(page, "main form button")
    await page.wait_for_url("**/mediation/keeping/assessments?done=assessed")
    assert await page.inner_text(".flash.ok") == "评估记录好了，旧的版本还在。"
    assert "已记录" in await page.inner_text("main")
    assert "第1版" in await page.inner_text("main")
