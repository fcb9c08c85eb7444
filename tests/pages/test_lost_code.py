"""The pages of the notice and of a lost code in a real browser: usable for everybody."""

from datetime import datetime

import pytest

from shared.work import Database
from tests.conftest import StandingClock
from tests.pages.conftest import Open
from tests.pages.going import follow
from tests.pages.test_intake import intake, looked_at

__all__ = ["intake"]


@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_the_notice_and_the_way_back_are_there_for_everybody(
    open_page: Open, intake: tuple[str, Database], clock: StandingClock, language: str
) -> None:
    url, _ = intake
    clock.now = datetime.fromisoformat("2026-11-22T12:00:00+08:00")
    page = await open_page(f"{url}/intake/complaints/new", narrow=True, language=language)
    await follow(page, 'main a[href^="/intake/privacy"]')
    await looked_at(page, f"privacy-{language}")
    await page.goto(f"{url}/intake/status")
    await follow(page, 'main a[href="/intake/status/lost"]')
    await looked_at(page, f"lost-{language}")
    await page.fill("#number", "261122-7KQ4M2XD9")
    await page.fill("#contact", "13800138000")
    await follow(page, "main form button")
    await looked_at(page, f"lost-asked-{language}")
    await follow(page, 'main a[href="/intake/status/lost/code"]')
    await page.fill("#number", "261122-7KQ4M2XD9")
    await page.fill("#one_time_code", "7KQ4 M2XD 9RTB")
    await follow(page, "main form button")
    await page.locator(".summary").wait_for()
    await looked_at(page, f"redeem-{language}")
