"""The page of a case and the desk, on a phone and on a wide screen, in both languages."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Page

from shared.vault import Vault
from tests.conftest import StandingClock
from tests.journeys.walking import Walker
from tests.pages.conftest import Open
from tests.pages.reading import broken_words, from_above, in_order, usable
from tests.pages.site import LIN, PASSWORD, a_site

ABOUT, DEADLINE, NEXT, PARTIES, HISTORY = (
    "#facts", ".clock h2", "#next", "#parties", "#happened",
)  # fmt: skip
PARTIES_TWO = "section[aria-labelledby=parties] .grid > div"
MATTER = {
    "subject": "石桥锦隆家用电器售后服务有限公司空调三次维修仍不制冷，拒绝退换",
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
class Case:
    """An accepted case, behind an address, and a mediator's session."""

    url: str
    number: str
    session: str


@pytest_asyncio.fixture(loop_scope="session")
async def case(
    tmp_path_factory: pytest.TempPathFactory, vault: Vault, clock: StandingClock
) -> AsyncGenerator[Case]:
    async with (
        a_site(tmp_path_factory.mktemp("case"), vault, clock, LIN) as site,
        httpx.AsyncClient(base_url=site.url) as http,
    ):
        walker = Walker(http, site.platform.settle)
        await walker.log_in(LIN.name, site.first[LIN.name], PASSWORD)
        receipt = await walker.complain(matter=MATTER)
        await site.platform.settle()
        await walker.went(await walker.case_of(receipt["number"]), "accept")
        await site.platform.settle()
        yield Case(site.url, receipt["number"], http.cookies["redress_session"])


async def looked_at(page: Page, name: str) -> None:
    """Usable for everybody, not wider than its window, no word of a label broken; a picture."""
    await usable(page, name)
    assert await broken_words(page) == [], name


async def the_page(open_page: Open, case: Case, path: str, language: str, *, narrow: bool) -> Page:
    address = f"{case.url}{path}?lang={language}"
    return await open_page(address, session=case.session, narrow=narrow)


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_a_phone_shows_what_it_is_about_then_the_deadline_the_next_step_and_the_rest(
    open_page: Open, case: Case, language: str
) -> None:
    page = await the_page(open_page, case, f"/mediation/cases/{case.number}", language, narrow=True)
    parts = (ABOUT, DEADLINE, NEXT, PARTIES, HISTORY)
    assert await from_above(page, *parts) == [*parts]
    assert await in_order(page, *parts) == [*parts]
    await looked_at(page, f"case-{language}-narrow")
    for fold in await page.locator("details.fold > summary").all():
        await fold.click()
    await looked_at(page, f"case-{language}-narrow-open")


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_a_wide_screen_shows_the_next_step_beside_what_it_is_about(
    open_page: Open, case: Case, language: str
) -> None:
    page = await the_page(
        open_page, case, f"/mediation/cases/{case.number}", language, narrow=False
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
async def test_the_desk_reads_well(open_page: Open, case: Case, language: str, width: str) -> None:
    page = await the_page(open_page, case, "/mediation/cases", language, narrow=width == "narrow")
    await looked_at(page, f"desk-{language}-{width}")
