"""Intake's database, empty, on both engines."""

from typing import TYPE_CHECKING
from uuid import UUID

import httpx
import pytest

from services.intake import pages, routes
from services.intake.internal import Internal
from services.intake.ports import Means
from services.intake.storage import Folder
from shared.acting import Staff
from shared.bodies import Bodies
from shared.database import open_engine
from shared.limits.rates import Rate
from shared.tokens import mint
from shared.web import EdgeOptions, edge
from shared.web.options import Limits
from shared.web.sessions import NobodyLoggedIn
from shared.work import Database
from tests.intake.office import OfficeInMemory

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from sqlalchemy.ext.asyncio import AsyncEngine

    from shared.vault import Vault
    from tests.conftest import StandingClock


FREELY = Rate(per_second=10_000, burst=10_000)
WIDE = Limits(strangers=FREELY, guesses=FREELY)


@pytest.fixture
def schema() -> str:
    return "intake"


@pytest.fixture
async def database(
    engine: "AsyncEngine", clock: "StandingClock", vault: "Vault"
) -> "AsyncGenerator[Database]":
    made = Database(engine, clock, vault)
    yield made
    await made.close()


@pytest.fixture
async def twin(database: Database) -> "AsyncGenerator[Database]":
    """The same database, as a second process sees it."""
    url = database.engine.url.render_as_string(hide_password=False)
    other = Database(open_engine(url), database.clock, database.vault)
    yield other
    await other.close()


STAFF = Staff(UUID(int=7), "lin", "林调解员", "mediator", "main")


class OneSession(NobodyLoggedIn):
    """One person is logged in, with the cookie `good`."""

    async def of(self, cookie: str) -> Staff | None:
        return STAFF if cookie == "good" else None

    def known(self, cookie: str) -> Staff | None:
        return STAFF if cookie == "good" else None


@pytest.fixture
def means(tmp_path: "Path") -> Means:
    return Means(Bodies(), Folder(tmp_path / "attachments"), OfficeInMemory())


@pytest.fixture
async def web(database: Database, means: Means) -> "AsyncGenerator[httpx.AsyncClient]":
    """A stranger before intake's edge."""
    options = EdgeOptions(public_url="http://test", sessions=OneSession(), limits=WIDE)
    routers = [*routes.routers(means), *pages.routers(means), Internal(means).router]
    app = edge("intake", routers, database, options=options)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


@pytest.fixture
def token(database: Database) -> dict[str, str]:
    """The headers of a sister service."""
    made = mint(database.vault, "console", "intake", database.clock())
    return {"Authorization": f"Bearer {made}"}
