"""A whole province of units on its page: folded, searched, and chosen from by typing."""

from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio
from playwright.async_api import Page

from services.mediation.use_cases.people.doing import CONSOLE
from services.mediation.use_cases.people.units import Wished, make_unit
from shared.rights import Role
from shared.vault import Vault
from tests.conftest import StandingClock
from tests.pages.conftest import Open, shot, sideways, violations
from tests.pages.going import follow
from tests.pages.site import Account, Site, a_site, type_in_first

BOSS = Account("boss", "赵管理员", Role.ADMINISTRATOR.value)


@pytest_asyncio.fixture(loop_scope="session")
async def house(
    tmp_path_factory: pytest.TempPathFactory, vault: Vault, clock: StandingClock
) -> AsyncGenerator[Site]:
    """A province with four cities of six counties each."""
    async with a_site(tmp_path_factory.mktemp("many"), vault, clock, BOSS) as made:
        async with made.platform.running["mediation"].database.work() as work:
            top = (await make_unit(work, "main", Wished("sc", "四川省消委会"), CONSOLE)).id
            for city in range(1, 5):
                wished = Wished(f"c{city}", f"第{city}市消委会", top)
                above = (await make_unit(work, "main", wished, CONSOLE)).id
                for county in range(1, 7):
                    below = Wished(f"c{city}-{county}", f"第{city}市{county}县消委会", above)
                    await make_unit(work, "main", below, CONSOLE)
        yield made


async def looked_at(page: Page, name: str) -> None:
    """Usable for everybody at both widths, and kept as a picture."""
    assert await violations(page) == [], name
    for size, width in (("-narrow", 360), ("", 1280)):
        await page.set_viewport_size({"width": width, "height": 900})
        assert await sideways(page) <= 0, name
        await shot(page, f"many-units-{name}{size}")


async def test_units_below_the_second_level_are_folded_with_their_counts_and_found_without_script(
    open_page: Open, house: Site
) -> None:
    page = await open_page(house.url + "/mediation/login", script=False)
    await type_in_first(page, house, BOSS.name)
    await page.goto(house.url + "/mediation/units?body=main")
    assert await page.locator("main section li >> visible=true").count() == 5
    fold = page.locator("details.fold", has_text="第2市").locator("summary")
    told = ["下面6个部门", "第2市消委会", "0人", "·", "在办0件"]
    assert (await fold.inner_text()).split() == told
    await fold.click()
    assert await page.locator("main section li >> visible=true").count() == 11
    await page.fill("#q", "3县")
    await follow(page, "text=查找 >> nth=-1")
    assert await page.locator("main .panel li").count() == 4
    assert "在四川省消委会 › 第1市消委会下面" in await page.inner_text("main .panel li >> nth=0")
    assert await page.input_value("#q") == "3县"
    await page.goto(house.url + "/mediation/units?body=main&q=Nowhere&lang=en")
    assert "No unit is called so." in await page.inner_text("main")


async def test_a_long_list_is_narrowed_by_typing_and_sends_what_was_chosen(
    open_page: Open, house: Site
) -> None:
    page = await open_page(house.url + "/mediation/login")
    await type_in_first(page, house, BOSS.name)
    await page.goto(house.url + "/mediation/units?body=main")
    await looked_at(page, "folded")
    await page.goto(house.url + "/mediation/units?body=main&q=3县")
    await looked_at(page, "found")
    await page.goto(house.url + "/mediation/units?body=main")
    box = page.get_by_placeholder("输入几个字，在29项里找")
    await box.fill("第4市6")
    shown = page.locator("#parent option:not([hidden])")
    assert [one.strip("\u3000") for one in await shown.all_inner_texts()] == [
        "（没有，最上一级）",
        "第4市6县消委会",
    ]
    await looked_at(page, "narrowed")
    await page.select_option("#parent", label="\u3000\u3000第4市6县消委会")
    await page.fill("#name", "第一所")
    await page.fill("#code", "one")
    await box.press("Enter")
    await follow(page, "main form button:has-text('新增')")
    await page.fill("#q", "第一所")
    await follow(page, "text=查找 >> nth=-1")
    assert "第4市消委会 › 第4市6县消委会下面" in await page.inner_text("main .panel li")
