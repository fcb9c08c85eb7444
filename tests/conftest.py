"""The platform under test: embedded, on a folder of its own, with a clock that stands still."""

import shutil
from collections.abc import AsyncGenerator, Generator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.database import open_engine
from shared.ids import Ids
from shared.settings import CommonSettings
from shared.vault import Vault, new_vault
from tests.databases import create_database, drop_database, postgres_server
from tests.migrated import lay_out, template, template_on

if TYPE_CHECKING:
    from shared.runtime.embedded import Embedded

settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")  # how long an example takes says how busy the machine is


def pytest_collection_finish() -> None:
    """Look for garbage as seldom as a server does: it took a sixth of the time of the tests."""
    from deploy.cli.memory import look_seldom  # noqa: PLC0415 - when everything is loaded

    look_seldom()


NOON = datetime(2026, 6, 23, 4, tzinfo=UTC)
"""12:00 in Shanghai, a Tuesday."""


class StandingClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **amount: float) -> None:
        """Move on by days, hours, minutes, seconds."""
        self.now += timedelta(**amount)


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture(autouse=True)
def ids_of_this_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ids begin anew: what another test let them go past was in a database of its own."""
    monkeypatch.setattr("shared.ids.OURS", Ids())


@pytest.fixture(scope="session")
def vault() -> Vault:
    return new_vault()


@pytest.fixture
def common(tmp_path: Path) -> CommonSettings:
    return CommonSettings(
        data=tmp_path / "data", hosts="test,127.0.0.1,localhost", public_url="http://test"
    )


@pytest.fixture
async def platform(
    common: CommonSettings, vault: Vault, clock: StandingClock
) -> AsyncGenerator["Embedded"]:
    from deploy.embedded import assemble  # noqa: PLC0415 - only whole-platform tests load it

    lay_out(common.data)
    made = assemble(common, vault, clock)
    await made.migrate()
    yield made
    await made.close()


@pytest.fixture
async def client(platform: "Embedded") -> AsyncGenerator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=platform.app())
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


@pytest.fixture(scope="session")
def postgres() -> Generator[str]:
    """The address of a throw-away PostgreSQL server; skipped by name where there is none."""
    with postgres_server() as url:
        yield url


@pytest.fixture
def schema() -> str | None:
    """The service whose tables an `engine` has; none, where a folder of tests does not name it."""
    return None


@pytest.fixture
async def sqlite_engine(tmp_path: Path, schema: str | None) -> AsyncGenerator[AsyncEngine]:
    """A database without rows in a file of SQLite."""
    if schema:
        shutil.copy(template() / f"{schema}.db", tmp_path / "test.db")
    engine = open_engine(f"sqlite+aiosqlite:///{tmp_path}/test.db")
    yield engine
    await engine.dispose()


@pytest.fixture
async def postgresql_engine(postgres: str, schema: str | None) -> AsyncGenerator[AsyncEngine]:
    """A database without rows on PostgreSQL."""
    url = create_database(postgres, template_on(postgres, schema) if schema else None)
    engine = open_engine(url)
    yield engine
    await engine.dispose()
    drop_database(postgres, url)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest) -> AsyncEngine:
    """A database without rows: once SQLite, once PostgreSQL."""
    made: AsyncEngine = request.getfixturevalue(f"{request.param}_engine")
    return made
