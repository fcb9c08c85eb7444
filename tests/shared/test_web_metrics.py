"""The figures are for who watches over the installation; for all others there are none."""

import httpx
import pytest

from shared.settings import CommonSettings
from shared.tokens import mint
from shared.vault import Vault
from shared.web import EdgeOptions, edge
from shared.web.options import options_of_settings
from shared.web.sessions import NobodyLoggedIn
from tests.conftest import StandingClock
from tests.shared.webs import database_of

INSIDE = EdgeOptions(trusted_hops=1)
ANYBODY, PROMETHEUS, HERE = "203.0.113.9", "10.1.2.3", "127.0.0.1"


async def asked(
    vault: Vault, clock: StandingClock, peer: str, options: EdgeOptions = INSIDE, **more: str
) -> httpx.Response:
    app = edge("x", [], database_of(vault, clock), options=options)
    transport = httpx.ASGITransport(app=app, client=(peer, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        return await client.get("/metrics", headers=more)


@pytest.mark.parametrize("peer", [HERE, "::1", "::ffff:127.0.0.1"])
async def test_who_asks_on_this_machine_reads_the_figures(
    vault: Vault, clock: StandingClock, peer: str
) -> None:
    answer = await asked(vault, clock, peer)
    assert (answer.status_code, "redress_requests_total" in answer.text) == (200, True)


@pytest.mark.parametrize(
    ("peer", "header"),
    [
        (ANYBODY, {}),
        (PROMETHEUS, {}),
        (HERE, {"X-Forwarded-For": ANYBODY}),
        (HERE, {"X-Forwarded-For": HERE}),
        (HERE, {"Forwarded": "for=127.0.0.1"}),
        (HERE, {"X-Real-IP": ANYBODY}),
        (ANYBODY, {"X-Forwarded-For": HERE}),
    ],
)
async def test_who_comes_from_outside_or_through_a_proxy_reads_that_there_is_nothing(
    vault: Vault, clock: StandingClock, peer: str, header: dict[str, str]
) -> None:
    answer = await asked(vault, clock, peer, INSIDE, **header)
    assert answer.status_code == 404
    assert "redress_" not in answer.text


async def test_a_service_token_reads_them_from_anywhere_and_a_false_one_does_not(
    vault: Vault, clock: StandingClock
) -> None:
    token = mint(vault, "console", "x", clock())
    good = await asked(vault, clock, ANYBODY, Authorization=f"Bearer {token}")
    bad = await asked(vault, clock, ANYBODY, Authorization="Bearer nonsense")
    assert (good.status_code, bad.status_code) == (200, 401)


async def test_a_setting_names_the_networks_of_who_watches(
    vault: Vault, clock: StandingClock
) -> None:
    told = CommonSettings(metrics_from="127.0.0.1, 10.1.0.0/16", public_url="http://test")
    options = options_of_settings(told, sessions=NobodyLoggedIn(), checks={})
    statuses = [
        (await asked(vault, clock, peer, options)).status_code
        for peer in (HERE, PROMETHEUS, "10.2.0.1", ANYBODY)
    ]
    assert statuses == [200, 200, 404, 404]
