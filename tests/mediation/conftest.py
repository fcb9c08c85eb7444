"""Mediation alone, on a migrated database of either kind."""

import shutil
from collections.abc import AsyncGenerator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

import httpx
import pytest
from fastapi import APIRouter, FastAPI

from services.mediation.internal import Internal
from services.mediation.pages import pages
from services.mediation.pages.keeping import keeping_pages
from services.mediation.routes import routes
from services.mediation.settings import MediationSettings
from services.mediation.use_cases.api_tokens import holder_of
from services.mediation.use_cases.sessions import staff_of
from shared.acting import Staff
from shared.bodies import Bodies, bodies_of
from shared.clock import Clock
from shared.database import open_engine
from shared.net import in_process
from shared.tokens import minting
from shared.vault import Vault
from shared.web import EdgeOptions, edge
from shared.web.sessions import Remembered, staff_from
from shared.work import Database
from tests.databases import create_database, drop_database
from tests.hashing import hash_cheaply
from tests.mediation.keeping import PrivacyInMemory
from tests.mediation.things import Colleague, IntakeInMemory, logged_in
from tests.migrated import template, template_on

if TYPE_CHECKING:
    from services.mediation.ports import Intake


@pytest.fixture(autouse=True)
def cheap_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    hash_cheaply(monkeypatch)


@pytest.fixture
async def on_sqlite(tmp_path: Path, clock: Clock, vault: Vault) -> AsyncGenerator[Database]:
    """Mediation's own database in a file, with the shipped calendar."""
    file = shutil.copy(template() / "mediation.db", tmp_path)
    database = Database(open_engine(f"sqlite+aiosqlite:///{file}"), clock, vault)
    yield database
    await database.close()


@pytest.fixture
async def on_postgresql(postgres: str, clock: Clock, vault: Vault) -> AsyncGenerator[Database]:
    """The same on PostgreSQL."""
    url = create_database(postgres, template_on(postgres, "mediation"))
    database = Database(open_engine(url), clock, vault)
    yield database
    await database.close()
    drop_database(postgres, url)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> Database:
    """Mediation's own database: once SQLite, once PostgreSQL."""
    made: Database = request.getfixturevalue(f"on_{request.param}")
    return made


@pytest.fixture
async def twin(database: Database) -> AsyncGenerator[Database]:
    """The same database, as a second process sees it."""
    url = database.engine.url.render_as_string(hide_password=False)
    other = Database(open_engine(url), database.clock, database.vault)
    yield other
    await other.close()


@pytest.fixture
def intake() -> IntakeInMemory:
    return IntakeInMemory()


@pytest.fixture
def knowing_intake(intake: IntakeInMemory) -> None:
    """Intake has a record of every complaint."""
    intake.knows_everyone = True


@pytest.fixture
def bodies() -> Bodies:
    """One body, and the demonstration's."""
    return bodies_of([])


class AskedNow:
    """Stands for the intake of the test that runs: what is built once asks a new one each time."""

    of_this_test: IntakeInMemory

    def __getattr__(self, name: str) -> object:
        return getattr(AskedNow.of_this_test, name)


@cache
def routers_of(bodies: Bodies, _told: str) -> Sequence[APIRouter]:
    """All routes of these bodies with these settings; to make them takes as long as a short test.

    Some tests tell the settings otherwise: what they are told is known by `_told`.
    """
    intake, settings = cast("Intake", AskedNow()), MediationSettings()
    return (
        *routes(intake, bodies, settings),
        *pages(intake, bodies, settings),
        *keeping_pages(PrivacyInMemory(), bodies),
        Internal(intake).router(),
    )


@pytest.fixture
def site(database: Database, intake: IntakeInMemory, bodies: Bodies) -> FastAPI:
    """Mediation's edge, with itself as the one to ask about sessions."""

    async def look_up(cookie: str) -> Staff | None:
        async with database.reading() as session:
            said = await staff_of(session, cookie, database.clock())
        return staff_from(said) if said else None

    async def look_up_token(jti: str) -> Staff | None:
        async with database.reading() as session:
            said = await holder_of(session, jti, database.clock(), MediationSettings())
        return staff_from(said) if said else None

    AskedNow.of_this_test = intake
    sessions = Remembered(look_up, lambda: 0.0, look_up_token)
    options = EdgeOptions(public_url="http://test", sessions=sessions)
    return edge(
        "mediation", routers_of(bodies, repr(MediationSettings())), database, options=options
    )


@pytest.fixture
async def stranger(site: FastAPI) -> AsyncGenerator[httpx.AsyncClient]:
    """Somebody with a browser."""
    transport = httpx.ASGITransport(app=site)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


@pytest.fixture
async def other(site: FastAPI) -> AsyncGenerator[httpx.AsyncClient]:
    """Another program at another place."""
    transport = httpx.ASGITransport(app=site)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


@pytest.fixture
async def lin(stranger: httpx.AsyncClient, database: Database) -> Colleague:
    """A mediator of the main body, logged in."""
    return await logged_in(stranger, database, "lin")


@pytest.fixture
async def sister(site: FastAPI, vault: Vault, clock: Clock) -> AsyncGenerator[httpx.AsyncClient]:
    """A sister service with its token."""
    token = minting(vault, "notification", "mediation", clock)
    async with in_process(site, token) as client:
        yield client
