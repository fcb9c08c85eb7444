"""Mediation's internal interface opens to sisters alone."""

import httpx
import pytest

from tests.mediation.things import Colleague


@pytest.mark.parametrize("path", ["/internal/session", "/internal/letter-facts"])
async def test_without_a_service_token_nothing_internal_opens(
    stranger: httpx.AsyncClient, lin: Colleague, path: str
) -> None:
    assert (await stranger.post(path, json={})).status_code == 401


async def test_no_service_token_makes_or_changes_an_account(sister: httpx.AsyncClient) -> None:
    for path in ("first-accounts", "staff", "staff/lin/end", "staff/lin/reset"):
        assert (await sister.post(f"/internal/{path}", json={})).status_code == 404
