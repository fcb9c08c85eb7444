"""Units, staff, roles and permissions in a browser, by hand, without a fault that axe finds."""

import re
from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio
from playwright.async_api import Page

from services.mediation.use_cases.people.doing import CONSOLE
from services.mediation.use_cases.people.units import Wished, make_unit
from services.mediation.use_cases.people.units.wished import DEEPEST
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
    async with a_site(tmp_path_factory.mktemp("people"), vault, clock, BOSS) as made:
        yield made


async def looked_at(page: Page, name: str) -> None:
    """Usable for everybody at both widths, and kept as a picture."""
    assert await violations(page) == [], name
    await page.set_viewport_size({"width": 360, "height": 780})
    assert await sideways(page) <= 0, name
    await shot(page, f"people-{name}-narrow")
    await page.set_viewport_size({"width": 1280, "height": 900})
    assert await sideways(page) <= 0, name
    await shot(page, f"people-{name}")


async def logged_in(open_page: Open, house: Site) -> Page:
    """The administrator, who chooses a password at the first log-in."""
    page = await open_page(house.url + "/mediation/login")
    await type_in_first(page, house, BOSS.name)
    await page.wait_for_url("**/mediation/staff")
    return page


async def test_units_are_made_and_a_person_gets_a_role_and_leaves(
    open_page: Open, house: Site
) -> None:
    page = await logged_in(open_page, house)
    assert await page.locator("nav.nav a").all_inner_texts() == ["人员"]
    await page.goto(house.url + "/mediation/units?body=main")
    for name, code, above in (("遂宁市消委会", "sn", ""), ("船山区消委会", "cs", "遂宁市消委会")):
        await page.fill("#name", name)
        await page.fill("#code", code)
        if above:
            await page.select_option("#parent", label=above)
        await follow(page, "main form button:has-text('新增')")
    assert await page.locator("main li li a").first.inner_text() == "船山区消委会"
    await page.fill("#code", "SN")
    await page.fill("#name", "又一个")
    await follow(page, "main form button:has-text('新增')")
    assert "已经有部门在用" in await page.inner_text("#code-error")
    await looked_at(page, "units")

    await page.goto(house.url + "/mediation/staff/new")
    await page.fill("#display", "林静")
    await page.fill("#name", "lin")
    await page.select_option("#body", "main")
    await page.select_option("#role", "mediator")
    await follow(page, "main form button:has-text('新增')")
    once = await page.inner_text(".flash .code")
    assert re.fullmatch(r"[a-z2-9]{4}(-[a-z2-9]{4}){3}", once)
    await follow(page, "text=给一个角色")
    await page.select_option("#role", "leader")
    await page.select_option("#body", "main")
    await page.fill("#last_on", "2026-12-31")
    await follow(page, "button:has-text('授予')")
    assert "部门负责人" in await page.inner_text("main table")
    await looked_at(page, "person")
    await follow(page, "text=停用账号")
    await looked_at(page, "end")
    await follow(page, "button:has-text('停用')")
    assert "已停用" in await page.inner_text(".head .state")


async def test_permissions_lists_and_imports_are_fit_for_everybody(
    open_page: Open, house: Site
) -> None:
    page = await logged_in(open_page, house)
    await looked_at(page, "staff")
    await follow(page, "footer >> text=权限表")
    assert await page.locator("main h2").count() == len(Role) + 1
    await looked_at(page, "permissions")
    await page.goto(house.url + "/mediation/staff/import")
    table = "账号,姓名,角色\nwang,王芳,调解员\nli,李强,国王\n"
    await page.set_input_files(
        "#file", {"name": "人员.csv", "mimeType": "text/csv", "buffer": table.encode("gbk")}
    )
    await page.select_option("#body", "main")
    await follow(page, "button:has-text('先看一遍')")
    await looked_at(page, "preview")
    await follow(page, "button:has-text('导入这1行')")
    assert "1个一次性密码" in await page.inner_text("main")
    await looked_at(page, "imported")
    await page.goto(house.url + "/mediation/me/stand-in")
    await looked_at(page, "stand-in")


async def a_deep_tree(house: Site, levels: int) -> None:
    """Units one below the other, each with an English name and a code as long as they get."""
    async with house.platform.running["mediation"].database.work() as work:
        above = None
        for level in range(1, levels + 1):
            wished = Wished(f"{level:02d}-{'x' * 37}", f"Office of level {level}", above, "510903")
            above = (await make_unit(work, "main", wished, CONSOLE)).id


async def test_a_deep_tree_stays_on_a_phone(open_page: Open, house: Site) -> None:
    await a_deep_tree(house, DEEPEST)
    page = await logged_in(open_page, house)
    await page.goto(house.url + "/mediation/units?body=main&lang=en")
    assert await page.locator("main li").count() >= DEEPEST
    assert "Office of level 64" in await page.inner_text("main")
    await page.set_viewport_size({"width": 360, "height": 780})
    assert await sideways(page) <= 0
    await shot(page, "people-units-deep-narrow")
