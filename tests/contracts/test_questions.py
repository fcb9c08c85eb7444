"""What an address of the API is asked that it does not know is refused; pages overlook it."""

from typing import Any

import httpx
import pytest

from shared.runtime.embedded import Embedded
from shared.tokens import CONSOLE, minting
from tests.mediation.things import logged_in

SERVICES = ("intake", "mediation", "notification", "analytics")
PAGES = ("/mediation/cases", "/notification/letters", "/notification/mail", "/analytics/")


def told(platform: Embedded, service: str) -> dict[str, str]:
    token = minting(platform.vault, CONSOLE, service, platform.clock)
    return {"Authorization": f"Bearer {token()}", "Accept-Language": "zh"}


async def document_of(client: httpx.AsyncClient, service: str) -> dict[str, Any]:
    document: dict[str, Any] = (await client.get(f"/{service}/api/openapi.json")).json()
    return document


def lists(document: dict[str, Any]) -> dict[str, list[str]]:
    """Addresses that take a question, and the parameters they know."""
    return {
        path: known
        for path, methods in document["paths"].items()
        if "{" not in path
        and (known := [p["name"] for p in methods.get("get", {}).get("parameters", ())
                       if p["in"] == "query"])
    }  # fmt: skip


@pytest.mark.parametrize("service", SERVICES)
async def test_every_list_refuses_a_parameter_it_does_not_know_and_names_those_there_are(
    client: httpx.AsyncClient, platform: Embedded, service: str
) -> None:
    headers = told(platform, service)
    for path, known in lists(await document_of(client, service)).items():
        answer = await client.get(path, params={"stat": "open", "lang": "zh"}, headers=headers)
        [error] = answer.json()["errors"]
        assert (answer.status_code, error["pointer"]) == (422, "/query/stat"), path
        assert error["detail"] == f"没有查询参数“stat”；可以用的有：{', '.join(known)}。"


async def test_these_are_the_lists(client: httpx.AsyncClient) -> None:
    found = [path for one in SERVICES for path in lists(await document_of(client, one))]
    assert found == [
        "/mediation/api/v1/cases", "/mediation/api/v1/staff", "/mediation/api/v1/units",
        "/mediation/api/v1/assessments", "/mediation/api/v1/audit",
        "/notification/api/v1/letters", "/analytics/api/v1/figures",
    ]  # fmt: skip


async def test_a_link_with_words_added_still_opens_a_page(
    client: httpx.AsyncClient, platform: Embedded
) -> None:
    await logged_in(client, platform.running["mediation"].database, "lin")
    async with platform.at_work():
        for page in PAGES:
            answer = await client.get(page, params={"utm_source": "newsletter"})
            assert answer.status_code == 200, page
