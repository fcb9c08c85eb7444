"""What cannot be undone asks again, in place, with and without script, and says what follows."""

from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio
from playwright.async_api import Page
from sqlalchemy import select

from services.mediation.tables import GrantRow, UnitRow
from services.mediation.use_cases.people.doing import CONSOLE
from services.mediation.use_cases.people.giving import WishedGrant
from services.mediation.use_cases.people.granting import grant_role
from services.mediation.use_cases.people.units import Wished, make_unit
from services.mediation.use_cases.staff import account_of
from shared.rights import Role
from shared.vault import Vault
from shared.work import Database
from tests.conftest import StandingClock
from tests.mediation.people import BODIES
from tests.pages.conftest import Open, shot, sideways, violations
from tests.pages.going import follow
from tests.pages.site import Account, Site, a_site, type_in_first

BOSS = Account("boss", "赵管理员", Role.ADMINISTRATOR.value)
LIN = Account("lin", "林调解员", Role.MEDIATOR.value, "main")


@pytest_asyncio.fixture(loop_scope="session")
async def house(
    tmp_path_factory: pytest.TempPathFactory, vault: Vault, clock: StandingClock
) -> AsyncGenerator[Site]:
    async with a_site(tmp_path_factory.mktemp("again"), vault, clock, BOSS, LIN) as made:
        yield made


def books(house: Site) -> Database:
    """The database of mediation."""
    return house.platform.running["mediation"].database


async def looked_at(page: Page, name: str) -> None:
    """Usable for everybody at both widths, and kept as a picture."""
    assert await violations(page) == [], name
    for size, width in (("-narrow", 360), ("", 1280)):
        await page.set_viewport_size({"width": width, "height": 900})
        assert await sideways(page) <= 0, name
        await shot(page, f"again-{name}{size}")


@pytest.mark.parametrize("script", [True, False])
async def test_ending_a_unit_and_revoking_a_role_take_a_second_button(
    open_page: Open, house: Site, *, script: bool
) -> None:
    async with books(house).work() as work:
        unit = (await make_unit(work, "main", Wished("sn", "遂宁市消委会"), CONSOLE)).id
        lin = (await account_of(work.session, "lin")).id
        await grant_role(work, lin, WishedGrant("leader", "main"), BODIES, CONSOLE)
    page = await open_page(house.url + "/mediation/login", script=script)
    await type_in_first(page, house, BOSS.name)

    await page.goto(f"{house.url}/mediation/units/{unit}")
    await page.click("text=撤销部门 >> nth=-1")
    assert "遂宁市消委会不再收案件" in await page.inner_text("details.sure")
    async with books(house).reading() as session:
        assert (await session.get_one(UnitRow, unit)).ended_at is None
    if script:
        await looked_at(page, "unit")
    await follow(page, "button:has-text('确定撤销')")
    assert "部门已经撤销。" in await page.inner_text(".flash")

    await page.goto(f"{house.url}/mediation/staff/{lin}")
    row = page.locator("tr", has_text="部门负责人")
    await row.locator("summary").click()
    assert "林调解员和代理的人都不能再用这个角色" in await row.inner_text()
    async with books(house).reading() as session:
        ended = (
            await session.scalars(select(GrantRow.ended_at).where(GrantRow.staff_id == lin))
        ).all()
    assert ended == [None, None]
    if script:
        await looked_at(page, "role")
    await follow(page, row.locator("button:has-text('确定收回')"))
    assert "角色收回了。" in await page.inner_text(".flash")


async def test_on_a_phone_in_english_no_name_is_printed_over_its_value(
    open_page: Open, house: Site
) -> None:
    page = await open_page(house.url + "/mediation/login", narrow=True, language="en")
    await type_in_first(page, house, BOSS.name)
    await page.goto(house.url + "/mediation/me")
    cell = page.locator("td[data-label='At the latest until']")
    name, value = await cell.evaluate(
        """cell => {
          const before = getComputedStyle(cell, "::before");
          const value = cell.querySelector("time").getBoundingClientRect().left;
          return [parseFloat(before.width), value - cell.getBoundingClientRect().left];
        }"""
    )
    assert 0 < name < value
    assert await sideways(page) <= 0
    await shot(page, "again-phone-english")
