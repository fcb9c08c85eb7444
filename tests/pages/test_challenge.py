"""In a real browser the form still goes through while a flood comes: with script, and without."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import func, select

from services.intake.ports import Means
from services.intake.storage import Folder
from services.intake.tables import ComplaintRow
from shared.bodies import Bodies
from shared.limits.challenge import Flood
from shared.vault import Vault
from shared.work import Database
from tests.conftest import StandingClock
from tests.intake.office import OfficeInMemory
from tests.pages.conftest import Open, violations
from tests.pages.going import follow
from tests.pages.site import intake_alone
from tests.pages.test_intake import fill, looked_at


@pytest.fixture
def times() -> int:
    """How many times as many come as usual."""
    return 8


@pytest_asyncio.fixture(loop_scope="session")
async def flooded(
    tmp_path: Path, vault: Vault, clock: StandingClock, times: int
) -> AsyncGenerator[tuple[str, Database]]:
    """Intake while that many come."""
    flood = Flood(5, lambda: 0.0)
    for _ in range(5 * times):
        flood.note()
    means = Means(Bodies(), Folder(tmp_path / "attachments"), OfficeInMemory(), flood)
    async with intake_alone(tmp_path, vault, clock, means) as made:
        yield made


async def count(database: Database) -> int:
    async with database.reading() as session:
        return await session.scalar(select(func.count()).select_from(ComplaintRow)) or 0


async def test_a_browser_with_script_computes_and_the_form_goes_through_at_once(
    open_page: Open, flooded: tuple[str, Database]
) -> None:
    url, database = flooded
    page = await open_page(f"{url}/intake/complaints/new", narrow=True)
    await fill(page, "13800138000")
    await looked_at(page, "form-in-a-flood")
    await follow(page, "button.large")  # whether it is done by now or not
    await page.wait_for_url("**/intake/receipt")
    assert await count(database) == 1


HURRIED = """(value) => {
    const form = document.querySelector("form[enctype]");
    for (const field of ["respondent.name", "matter.text", "complainant.name"])
        form.elements[field].value = value;
    form.elements["complainant.phone"].value = "13800138000";
    form.querySelector("button.large").click();
}"""


async def test_a_button_pressed_before_it_is_computed_need_not_be_pressed_again(
    open_page: Open, flooded: tuple[str, Database]
) -> None:
    url, database = flooded
    page = await open_page(f"{url}/intake/complaints/new")
    await page.evaluate(HURRIED, "张小明")
    await page.wait_for_url("**/intake/receipt")
    assert await count(database) == 1


async def test_one_sees_how_far_it_is(open_page: Open, flooded: tuple[str, Database]) -> None:
    page = await open_page(f"{flooded[0]}/intake/complaints/new")
    bar = page.get_by_role("progressbar", name="计算的进度", include_hidden=True)
    await page.locator("[data-challenge]", has_text="已经算好").wait_for()
    assert await bar.get_attribute("max") == "16"
    assert await bar.evaluate("(one) => one.value") == 16
    assert not await bar.is_visible()  # there is nothing left to wait for
    numbers = await page.input_value("[name=challenge_answer]")
    assert len(numbers.split(".")) == 16


@pytest.mark.parametrize("times", [1000])
async def test_on_a_slow_telephone_the_pause_is_as_good(
    open_page: Open, flooded: tuple[str, Database], clock: StandingClock
) -> None:
    url, database = flooded
    page = await open_page(f"{url}/intake/status")
    await page.clock.install()
    await page.goto(f"{url}/intake/complaints/new")
    await page.evaluate(HURRIED, "张小明")
    clock.move(seconds=121)
    assert await page.input_value("[name=challenge_answer]") == ""
    await page.clock.fast_forward(121_000)
    await page.wait_for_url("**/intake/receipt")
    assert await count(database) == 1


async def test_a_browser_without_script_waits_and_the_form_goes_through(
    open_page: Open, flooded: tuple[str, Database], clock: StandingClock
) -> None:
    url, database = flooded
    page = await open_page(f"{url}/intake/complaints/new", narrow=True, script=False)
    await fill(page, "13800138000")
    await follow(page, "button.large")
    assert "请过" in await page.inner_text(".summary")
    assert await page.input_value("#complainant-name") == "张小明"
    assert await count(database) == 0
    clock.move(seconds=120)
    await follow(page, "button.large")
    await page.wait_for_url("**/intake/receipt")
    assert await count(database) == 1


async def test_what_is_said_of_it_is_there_for_everybody(
    open_page: Open, flooded: tuple[str, Database]
) -> None:
    page = await open_page(f"{flooded[0]}/intake/complaints/new", language="en")
    assert "Very many people are sending forms" in await page.inner_text("main")
    assert await violations(page) == []
    await page.locator("[data-challenge]", has_text="Computed").wait_for()
