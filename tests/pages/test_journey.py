"""A complaint from the form to the letter, by hand in a browser, and looked at on the way."""

import re
from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio
from playwright.async_api import Page

from shared.vault import Vault
from tests.conftest import StandingClock
from tests.pages.conftest import Open, shot, sideways, violations
from tests.pages.going import follow
from tests.pages.reading import usable
from tests.pages.site import LIN, Site, a_site, type_in_first

STORY = "3月8日买的餐桌，4月裂开一条缝，店家说是家里太干，只肯补，不退。"


@pytest_asyncio.fixture(loop_scope="session")
async def site(
    tmp_path_factory: pytest.TempPathFactory, vault: Vault, clock: StandingClock
) -> AsyncGenerator[Site]:
    async with a_site(tmp_path_factory.mktemp("pages"), vault, clock, LIN) as made:
        yield made


async def looked_at(page: Page, name: str) -> None:
    await usable(page, f"journey-{name}")


async def complain(page: Page) -> tuple[str, str]:
    """A citizen fills the form, forgets something and mends it; number and query code."""
    await follow(page, "main >> text=我要投诉")
    await page.fill("#respondent-name", "安澜禾木家居有限公司")
    await page.fill("#matter-subject", "餐桌开裂")
    await page.fill("#matter-text", STORY)
    await page.fill("#complainant-name", "张小明")
    await page.fill("#complainant-phone", "1380000")
    await page.check("text=同意把处理这件事必需的内容转给商家")
    await looked_at(page, "form")
    await follow(page, "button.large")
    assert "处要改，改好就能提交" in await page.inner_text(".summary")
    assert await page.input_value("#matter-text") == STORY
    await looked_at(page, "form-again")
    await page.fill("#complainant-phone", "138 0013 8000")
    await follow(page, "button.large")
    await page.wait_for_url("**/intake/receipt")
    number, code = await page.locator("dl.slip dd").all_inner_texts()
    assert re.fullmatch(r"260623-[0-9A-Z]{9}", number)
    await looked_at(page, "receipt")
    return number, code


async def take(page: Page, step: str) -> None:
    """One lawful step on the page of a case."""
    form = page.locator(f"form[action$='/steps/{step}']")
    await page.locator(f"details:has(form[action$='/steps/{step}']) > summary").click()
    await follow(page, form.locator("button.button"))


async def look_behind_the_mask(page: Page) -> None:
    """Who complained is hidden until the case is taken, and a reason is given."""
    assert "张**" in await page.inner_text("main")
    assert await page.locator("button.look").count() == 0
    await take(page, "take")
    boxes = page.locator("#look [name=parts]")
    await boxes.evaluate_all("(all) => all.forEach((one) => { one.checked = true; })")
    await page.locator("button.look[data-part=complainant]").first.click()
    ticked = "(all) => all.filter((one) => one.checked).map((one) => one.value)"
    assert await boxes.evaluate_all(ticked) == ["complainant"]
    await looked_at(page, "look")
    await follow(page, "#look button:has-text('查看并记录')")
    assert "请选择为什么要看" in await page.inner_text("#look .summary")
    assert "13800138000" not in await page.inner_text("main")
    await looked_at(page, "look-again")
    await page.select_option("#look select", "contact")
    await follow(page, "#look button:has-text('查看并记录')")
    await page.wait_for_url("**/mediation/cases/*")
    assert "13800138000" in await page.inner_text("main")
    await looked_at(page, "looked")


async def invited(respondent: Page, clerk: Page) -> None:
    """The respondent sees the case by link and code on a phone, and not who complained."""
    case = clerk.url
    await follow(clerk, "text=邀请被投诉方")
    await follow(clerk, "main button:has-text('发出邀请')")
    link, code = await clerk.locator(".flash .code").all_inner_texts()
    await looked_at(clerk, "invitation")
    await clerk.goto(case)
    await respondent.goto(link)
    await respondent.fill("#code", code.lower())
    await looked_at(respondent, "respondent-code")
    await follow(respondent, "main button")
    await respondent.wait_for_url("**/mediation/respondent")
    seen = await respondent.inner_text("main")
    assert "餐桌开裂" in seen
    assert "张**" in seen
    assert "张小明" not in seen
    assert "13800138000" not in seen
    await looked_at(respondent, "respondent")


async def test_a_complaint_goes_its_way_through_the_pages(open_page: Open, site: Site) -> None:
    number, code = await complain(await open_page(site.url))
    await site.platform.settle()

    clerk = await open_page(site.url + "/mediation/cases")
    await clerk.wait_for_url("**/mediation/login?next=%2Fmediation%2Fcases")
    await type_in_first(clerk, site, "lin")
    await clerk.wait_for_url("**/mediation/cases")
    await looked_at(clerk, "desk")
    await follow(clerk, "text=餐桌开裂")
    await looked_at(clerk, "case")
    await take(clerk, "accept")
    await look_behind_the_mask(clerk)
    await take(clerk, "forward")
    await site.platform.settle()
    assert "已转送" in await clerk.inner_text(".head")
    await looked_at(clerk, "case-forwarded")
    await invited(await open_page(site.url, narrow=True), clerk)

    await follow(clerk, "nav >> text=函件")
    assert await clerk.locator("a.what").count() == 1
    await looked_at(clerk, "letters")
    await follow(clerk, "a.what")
    await looked_at(clerk, "letter")
    for path, name in (("/analytics/", "dashboard"), ("/mediation/register", "register")):
        await clerk.goto(site.url + path)
        await looked_at(clerk, name)

    # From another device, typed as people type.
    citizen = await open_page(site.url + "/intake/status", narrow=True)
    await citizen.fill("#number", number.lower().replace("-", " "))
    await citizen.fill("#query_code", code)
    await follow(citizen, "main button.button")
    assert "请商家在" in await citizen.inner_text("main")
    assert number not in citizen.url
    await looked_at(citizen, "status")


@pytest.mark.parametrize("place", ["/intake/complaints/new", "/intake/status", "/mediation/login"])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_open_pages_fit_a_phone_in_both_languages(
    open_page: Open, site: Site, place: str, language: str
) -> None:
    page = await open_page(site.url + place, narrow=True, language=language)
    assert await page.get_attribute("html", "lang") == language
    if language == "en":
        await page.evaluate("document.querySelector('#matter-region')?.replaceChildren()")
        assert re.findall(r"[\u4e00-\u9fff]+", await page.inner_text("main")) == []
    assert await violations(page) == []
    assert await sideways(page) <= 0
    await shot(page, f"phone{place.replace('/', '-')}-{language}")
