"""Letters behind a second code in a real browser: on a phone, in both languages, without script."""

from collections.abc import AsyncGenerator
from pathlib import Path
from uuid import UUID

import pytest
import pytest_asyncio

from services.intake.ports import Means
from services.intake.storage import Folder
from services.intake.use_cases.letters_sending import send_due
from shared.bodies import Body, bodies_of
from shared.vault import Vault
from shared.work import Database
from tests.conftest import StandingClock
from tests.intake.builders import a_complaint
from tests.intake.letters import code_in
from tests.intake.office import LETTER, OfficeInMemory
from tests.pages.conftest import Open
from tests.pages.going import follow
from tests.pages.site import intake_alone
from tests.pages.test_intake import looked_at

BODY = Body("main", "安澜市消委会", "消委会", "安消", phone="0999-12315", letters_code=True)
WHO = {"name": "张三", "phone": "13800138000", "email": "zhang@example.invalid"}
Site = tuple[str, Database, OfficeInMemory]


@pytest_asyncio.fixture(loop_scope="session")
async def site(vault: Vault, clock: StandingClock, tmp_path: Path) -> AsyncGenerator[Site]:
    """Intake of a body that shows letters only with a second code."""
    office = OfficeInMemory()
    means = Means(bodies_of([BODY]), Folder(tmp_path / "attachments"), office)
    async with intake_alone(tmp_path, vault, clock, means) as (url, database):
        yield url, database, office


@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_letters_open_with_the_code_that_came(
    open_page: Open, site: Site, language: str
) -> None:
    url, database, office = site
    page = await open_page(f"{url}/intake/status", narrow=True, language=language)
    for email, name in (("zhang@example.invalid", "asked"), (None, "no-way")):
        sent = a_complaint(complainant=WHO | {"email": email})
        receipt = await (
            await page.request.post(f"{url}/intake/api/v1/complaints", data=sent)
        ).json()
        office.of[UUID(receipt["id"])] = [LETTER]
        await page.fill("#number", receipt["number"])
        await page.fill("#query_code", receipt["query_code"])
        await follow(page, "main form button")
        await follow(page, 'main a[href="/intake/status/letters"]')
        await looked_at(page, f"letters-{name}-{language}")
        if email:
            await follow(page, 'main form[action$="/code"] button')
            await send_due(database, office)
            await page.fill("#letters_code", "0000 0000")
            await follow(page, 'main form[action$="/letters"] button')
            await page.locator(".summary").wait_for()
            await looked_at(page, f"letters-wrong-{language}")
            await page.fill("#letters_code", code_in(office.mails[0].text))
            await follow(page, 'main form[action$="/letters"] button')
            await page.locator(f'a[href$="{LETTER.id}.pdf"]').wait_for()
            await looked_at(page, f"letters-{language}")
        await page.goto(f"{url}/intake/status")
        await follow(page, 'form[action$="/leave"] button')
