"""A provider, and somebody with a browser before a door that knows it."""

from collections.abc import AsyncGenerator

import httpx
import pytest
from fastapi import FastAPI

from services.mediation.clients import OpenIdProvider
from services.mediation.pages.sign_on import SignOnPages
from shared.net import Client, in_process
from shared.web import edge
from shared.work import Database
from tests.conftest import StandingClock
from tests.mediation.provider import CLIENT, ISSUER, SECRET, Provider
from tests.mediation.sign_on.browser import LEAVE, SETTINGS
from tests.shared.webs import Ticks


@pytest.fixture
def provider(clock: StandingClock) -> Provider:
    return Provider(clock)


@pytest.fixture
async def wire(provider: Provider) -> AsyncGenerator[Client]:
    async with in_process(provider.app()) as client:
        yield client


@pytest.fixture
def known(wire: Client) -> OpenIdProvider:
    """The provider as mediation knows it."""
    return OpenIdProvider(ISSUER, CLIENT, SECRET, wire, Ticks())


@pytest.fixture
async def visitor(
    site: FastAPI, known: OpenIdProvider, database: Database
) -> AsyncGenerator[httpx.AsyncClient]:
    """Somebody with a browser, where the provider is set."""
    pages = [SignOnPages(known, SETTINGS).router()]
    own = edge("mediation", pages, database, options=site.state.options)
    ways = [one for one in own.routes if getattr(one, "path", "").startswith(LEAVE)]
    site.router.routes[:0] = ways
    transport = httpx.ASGITransport(app=site)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client
