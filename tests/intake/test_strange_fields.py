"""Forms with fields that no page of ours has."""

import httpx
import pytest

from shared.work import Database
from tests.intake.test_pages import FILLED, blank, kept, send


@pytest.mark.parametrize("name", [".".join("a" * 5000), "claims." + "9" * 5000])
async def test_names_of_fields_that_nobody_has_cost_nobody_what_was_typed(
    web: httpx.AsyncClient, database: Database, name: str
) -> None:
    fields = await blank(web) | FILLED | {"respondent.name": "", name: "x"}
    answer = await send(web, fields)
    assert answer.status_code == 422
    assert "餐桌开裂" in answer.text
    assert await kept(database) == 0
