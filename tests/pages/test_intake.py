"""The citizen's pages in a real browser: files kept, nothing lost, usable for everybody."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page
from sqlalchemy import select

from services.intake.ports import Means
from services.intake.storage import Folder
from services.intake.tables import ComplaintRow
from shared.bodies import Bodies
from shared.vault import Vault
from shared.work import Database
from tests.conftest import StandingClock
from tests.intake.office import OfficeInMemory
from tests.intake.samples import png
from tests.pages.conftest import Open
from tests.pages.going import follow
from tests.pages.reading import usable
from tests.pages.site import intake_alone

STORY = "3月8日买的餐桌，4月裂开一条缝，店家说是家里太干，只肯补，不退。"


@pytest_asyncio.fixture(loop_scope="session")
async def intake(
    tmp_path: Path, vault: Vault, clock: StandingClock
) -> AsyncGenerator[tuple[str, Database]]:
    """Intake alone behind one address."""
    means = Means(Bodies(), Folder(tmp_path / "attachments"), OfficeInMemory())
    async with intake_alone(tmp_path, vault, clock, means) as made:
        yield made


async def looked_at(page: Page, name: str) -> None:
    """Usable for everybody, not wider than the window, and kept as a picture."""
    await usable(page, f"intake-{name}")


async def fill(page: Page, phone: str) -> None:
    await page.fill("#respondent-name", "安澜禾木家居有限公司")
    await page.fill("#matter-subject", "餐桌开裂")
    await page.fill("#matter-text", STORY)
    await page.fill("#complainant-name", "张小明")
    await page.fill("#complainant-phone", phone)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
async def test_files_stay_through_errors_with_and_without_script(
    open_page: Open,
    intake: tuple[str, Database],
    script: bool,  # noqa: FBT001 - a parameter
) -> None:
    url, database = intake
    page = await open_page(f"{url}/intake/complaints/new", narrow=True, script=script)
    await fill(page, "1380000")
    chosen = [
        {"name": f"桌面裂缝{n}.png", "mimeType": "image/png", "buffer": png(n)} for n in range(2)
    ]
    await page.set_input_files("#files", chosen)  # type: ignore[arg-type] # dicts are its payloads
    await follow(page, "button.large")
    assert await page.locator("ul.files li").count() == 2
    assert await page.input_value("#matter-text") == STORY
    if script:
        await looked_at(page, "form-with-files")
    await follow(page, "ul.files li:first-child button")
    assert await page.locator("ul.files li").count() == 1
    await page.fill("#complainant-phone", "13800138000")
    await page.press("#complainant-phone", "Enter")
    await page.wait_for_url("**/intake/receipt")
    async with database.reading() as session:
        row = (await session.scalars(select(ComplaintRow))).one()
    assert row.files == 1


@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_withdrawing_asks_and_says_what_it_did(
    open_page: Open, intake: tuple[str, Database], language: str
) -> None:
    url, database = intake
    page = await open_page(f"{url}/intake/complaints/new", narrow=True, language=language)
    await fill(page, "13800138000")
    await follow(page, "button.large")
    await page.wait_for_url("**/intake/receipt")
    await looked_at(page, f"receipt-{language}")
    await follow(page, "main a.button")
    await looked_at(page, f"status-{language}")
    await follow(page, "a.danger")
    await looked_at(page, f"withdraw-{language}")
    await follow(page, "button.danger")
    await page.wait_for_url("**/intake/status")
    await looked_at(page, f"withdrawn-{language}")
    async with database.reading() as session:
        assert (await session.scalars(select(ComplaintRow.withdrawn_at))).one() is not None
