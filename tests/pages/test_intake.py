"""The citizen's pages in a real browser: files kept, nothing lost, usable for everybody."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page
from sqlalchemy import select

from services.intake import pages
from services.intake.ports import Means
from services.intake.storage import Folder
from services.intake.tables import Base, ComplaintRow
from shared.bodies import Bodies
from shared.database import open_engine
from shared.messaging import tables
from shared.trail import tables as trail
from shared.vault import Vault
from shared.web import EdgeOptions, edge
from shared.work import Database
from tests.conftest import StandingClock
from tests.intake.office import OfficeInMemory
from tests.intake.samples import png
from tests.pages.conftest import Open, free_port, listening, shot, sideways, violations

STORY = "3月8日买的餐桌，4月裂开一条缝，店家说是家里太干，只肯补，不退。"


@pytest_asyncio.fixture(loop_scope="session")
async def intake(
    tmp_path: Path, vault: Vault, clock: StandingClock
) -> AsyncGenerator[tuple[str, Database]]:
    """Intake alone behind one address."""
    engine = open_engine(f"sqlite+aiosqlite:///{tmp_path}/intake.db")
    async with engine.begin() as connection:
        for metadata in (tables.Base.metadata, trail.Base.metadata, Base.metadata):
            await connection.run_sync(metadata.create_all)
    database, port = Database(engine, clock, vault), free_port()
    means = Means(Bodies(), Folder(tmp_path / "attachments"), OfficeInMemory())
    options = EdgeOptions(public_url=f"http://127.0.0.1:{port}")
    async with listening(
        edge("intake", pages.routers(means), database, options=options), port
    ) as url:
        yield url, database
    await database.close()


async def looked_at(page: Page, name: str) -> None:
    """Usable for everybody, not wider than the window, and kept as a picture."""
    assert await violations(page) == [], name
    assert await sideways(page) <= 0, name
    await shot(page, f"intake-{name}")


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
    await page.click("button.large")
    assert await page.locator("ul.files li").count() == 2
    assert await page.input_value("#matter-text") == STORY
    if script:
        await looked_at(page, "form-with-files")
    await page.click("ul.files li:first-child button")
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
    await page.click("button.large")
    await page.wait_for_url("**/intake/receipt")
    await looked_at(page, f"receipt-{language}")
    await page.click("main a.button")
    await looked_at(page, f"status-{language}")
    await page.click("a.danger")
    await looked_at(page, f"withdraw-{language}")
    await page.click("button.danger")
    await page.wait_for_url("**/intake/status")
    await looked_at(page, f"withdrawn-{language}")
    async with database.reading() as session:
        assert (await session.scalars(select(ComplaintRow.withdrawn_at))).one() is not None
