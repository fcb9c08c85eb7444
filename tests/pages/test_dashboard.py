"""The dashboard in a browser: axe, both widths, folds open, a picture."""

from collections.abc import AsyncGenerator

import pytest_asyncio

from deploy.processes import free_port
from shared.events import encode
from shared.settings import CommonSettings
from shared.vault import Vault
from tests.analytics.conftest import Analytics, analytics_on
from tests.analytics.histories import Story
from tests.analytics.test_figures import town
from tests.analytics.test_scopes import NEXT, WARD
from tests.analytics.test_units import LATE, TODAY, open_case, tree
from tests.conftest import StandingClock
from tests.pages.conftest import Open, listening, shot, sideways, violations
from tests.pages.going import follow
from tests.shared.webs import COOKIE


@pytest_asyncio.fixture(loop_scope="session")
async def served(
    common: CommonSettings, vault: Vault, clock: StandingClock
) -> AsyncGenerator[tuple[Analytics, str]]:
    port = free_port()
    async with (
        analytics_on(common, vault, clock) as analytics,
        listening(analytics.running.web(), port) as url,
    ):
        yield analytics, url


async def test_the_dashboard_reads_well_at_both_widths_with_its_tables_open(
    served: tuple[Analytics, str], open_page: Open
) -> None:
    analytics, url = served
    await analytics.say([*town(), *month()])
    for narrow in (False, True):
        page = await open_page(f"{url}/analytics/", session=COOKIE, narrow=narrow)
        await shot(page, f"dashboard-{'narrow' if narrow else 'wide'}")
        for fold in await page.locator("details.fold > summary").all():
            await fold.click()
        assert await violations(page) == []
        assert await sideways(page) == 0


async def test_the_units_have_their_names_and_bars_that_fit_a_phone(
    served: tuple[Analytics, str], open_page: Open
) -> None:
    analytics, url = served
    await analytics.publish([encode(one) for one in tree()])
    await analytics.say(in_hand())
    for language in ("zh", "en"):
        for narrow in (False, True):
            address = f"{url}/analytics/?lang={language}"
            page = await open_page(address, session=COOKIE, narrow=narrow)
            panel = page.locator('figure[aria-labelledby="figure-unit"]')
            assert await panel.get_by_text("临江市城东站").first.is_visible()
            box, words = await panel.bounding_box(), panel.locator("svg text")
            assert box is not None
            for one in await words.all():
                place = await one.bounding_box()
                assert place is not None
                assert place["x"] + place["width"] <= box["x"] + box["width"]
            await panel.locator("summary").click()
            await panel.scroll_into_view_if_needed()
            await shot(page, f"units-{language}-{'narrow' if narrow else 'wide'}")
            assert await violations(page) == []
            assert await sideways(page) == 0


async def test_an_empty_dashboard_reads_well(
    served: tuple[Analytics, str], open_page: Open
) -> None:
    analytics, url = served
    await analytics.settle()
    page = await open_page(f"{url}/analytics/", session=COOKIE)
    assert await violations(page) == []
    await shot(page, "dashboard-empty")


async def test_filters_work_without_script(served: tuple[Analytics, str], open_page: Open) -> None:
    analytics, url = served
    await analytics.say(town())
    page = await open_page(f"{url}/analytics/", session=COOKIE, script=False)
    await page.get_by_label("渠道").select_option("phone")
    await follow(page, page.get_by_role("button", name="筛选"))
    assert "channel=phone" in page.url
    assert await page.locator("dl.tiles dd").first.inner_text() == "2"
    await follow(page, page.get_by_role("link", name="按月"))
    assert "channel=phone" in page.url
    assert "grain=month" in page.url


def in_hand() -> list[Story]:
    """Open cases in two stations and in none, some of them late."""
    lies = [WARD] * 14 + [NEXT] * 5 + [None] * 2
    return [
        open_case(number, one, LATE if number % 4 == 0 else TODAY)
        for number, one in enumerate(lies, 1)
    ]


def month() -> list[Story]:
    """Complaints of a busy month, by several channels and in several units."""
    stories = []
    for number in range(20, 110):
        channel = ("web", "phone", "walk_in", "hotline_12345")[number % 4]
        category = ("goods_home_electronics", "services_social", None)[number % 3]
        story = Story(number).days_later(number % 22)
        story.received(channel=channel, category=category).opened(unit=("南城", "北城")[number % 2])
        if number % 5:
            story.accepted()
        if number % 3 == 0:
            story.days_later(number % 4).agreed().closed(recovered_fen=number * 1000)
        stories.append(story)
    return stories
