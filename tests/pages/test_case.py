"""The page of a case and the desk, on a phone and on a wide screen, in both languages."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Page

from deploy.embedded import assemble
from services.mediation.use_cases.staff import MEDIATOR, add_staff
from shared.settings import CommonSettings
from shared.vault import Vault
from tests.conftest import StandingClock
from tests.journeys.walking import Walker
from tests.pages.conftest import Open, free_port, listening, shot, sideways, violations
from tests.pages.reading import broken_words, from_above, in_order

PASSWORD = "一个很长很长的密码2026"
ABOUT, DEADLINE, NEXT, PARTIES, HISTORY = (
    "#facts", ".clock h2", "#next", "#parties", "#happened",
)  # fmt: skip
PARTIES_TWO = "section[aria-labelledby=parties] .grid > div"
MATTER = {
    "subject": "空调三次维修仍不制冷",
    "text": "2026年5月买的空调，修了三次还是不制冷，商家不同意退货。" * 4,
    "happened_on": "2026-06-01",
    "region": "510903",
    "amount_fen": 329900,
    "place": "遂宁市船山区蓝天路1号",
    "goods_or_service": "1.5匹壁挂式空调",
    "order_no": "2026050112345678",
    "category": "goods_home_electronics",
    "nature": "after_sales",
}


@dataclass(frozen=True)
class Site:
    """The whole platform behind one address, with an accepted case."""

    url: str
    number: str
    session: str


@pytest_asyncio.fixture(loop_scope="session")
async def site(
    tmp_path_factory: pytest.TempPathFactory, vault: Vault, clock: StandingClock
) -> AsyncGenerator[Site]:
    port = free_port()
    common = CommonSettings(
        data=tmp_path_factory.mktemp("case") / "data", public_url=f"http://127.0.0.1:{port}"
    )
    platform = assemble(common, vault, clock)
    await platform.migrate()
    async with platform.running["mediation"].database.work() as work:
        password = await add_staff(work, "lin", display="林调解员", role=MEDIATOR, body="main")
    transport = httpx.ASGITransport(app=platform.app())
    async with httpx.AsyncClient(transport=transport, base_url=common.public_url) as http:
        walker = Walker(http, platform.settle)
        await walker.log_in("lin", password, PASSWORD)
        receipt = await walker.complain(matter=MATTER)
        await platform.settle()
        await walker.went(await walker.case_of(receipt["number"]), "accept")
    await platform.settle()
    async with listening(platform.app(), port) as url:
        yield Site(url, receipt["number"], http.cookies["redress_session"])
    await platform.close()


async def looked_at(page: Page, name: str) -> None:
    """Usable for everybody, not wider than its window, no word of a label broken; a picture."""
    assert await violations(page) == [], name
    assert await sideways(page) <= 0, name
    assert await broken_words(page) == [], name
    await shot(page, name)


async def the_page(open_page: Open, site: Site, path: str, language: str, *, narrow: bool) -> Page:
    address = f"{site.url}{path}?lang={language}"
    return await open_page(address, session=site.session, narrow=narrow)


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_a_phone_shows_what_it_is_about_then_the_deadline_the_next_step_and_the_rest(
    open_page: Open, site: Site, language: str
) -> None:
    page = await the_page(open_page, site, f"/mediation/cases/{site.number}", language, narrow=True)
    parts = (ABOUT, DEADLINE, NEXT, PARTIES, HISTORY)
    assert await from_above(page, *parts) == [*parts]
    assert await in_order(page, *parts) == [*parts]
    await looked_at(page, f"case-{language}-narrow")
    for fold in await page.locator("details.fold > summary").all():
        await fold.click()
    await looked_at(page, f"case-{language}-narrow-open")


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_a_wide_screen_shows_the_next_step_beside_what_it_is_about(
    open_page: Open, site: Site, language: str
) -> None:
    page = await the_page(
        open_page, site, f"/mediation/cases/{site.number}", language, narrow=False
    )
    about, aside = [await page.locator(one).bounding_box() for one in (ABOUT, ".course > .sticky")]
    assert about is not None
    assert aside is not None
    assert aside["x"] > about["x"] + about["width"]
    assert abs(aside["y"] - about["y"]) < 40
    one, other = [await each.bounding_box() for each in await page.locator(PARTIES_TWO).all()]
    assert one is not None
    assert other is not None
    assert (other["y"], other["x"] > one["x"] + one["width"]) == (one["y"], True)
    await looked_at(page, f"case-{language}-wide")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", ["narrow", "wide"])
async def test_the_desk_reads_well(open_page: Open, site: Site, language: str, width: str) -> None:
    page = await the_page(open_page, site, "/mediation/cases", language, narrow=width == "narrow")
    await looked_at(page, f"desk-{language}-{width}")
