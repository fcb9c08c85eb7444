"""A walker on the embedded platform."""

from typing import TYPE_CHECKING

import httpx
import pytest

from services.mediation.use_cases.staff import first_accounts
from tests.journeys.walking import Walker

if TYPE_CHECKING:
    from shared.runtime.embedded import Embedded

NEW_PASSWORD = "corner-quotes-for-what-is-said"


@pytest.fixture
async def walker(platform: "Embedded", client: httpx.AsyncClient) -> Walker:
    async with platform.running["mediation"].database.work() as work:
        accounts = await first_accounts(work, demo=False)
    walker = Walker(client, platform.settle)
    await walker.log_in(accounts[0][0], accounts[0][1], NEW_PASSWORD)
    return walker
