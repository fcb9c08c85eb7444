"""The throw-away PostgreSQL server that other tests stand on."""

from collections.abc import Iterator

import asyncpg
import pytest

from tests.databases import create_database, drop_database, postgres_server

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres_server() as url:
        yield url


async def ask(url: str, question: str) -> object:
    connection = await asyncpg.connect(url.replace("postgresql+asyncpg", "postgresql"))
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


async def test_each_test_gets_a_database_of_its_own(server: str) -> None:
    first, second = create_database(server), create_database(server)
    await ask(first, "CREATE TABLE seen (id int)")
    assert await ask(first, "SELECT count(*) FROM seen") == 0
    assert await ask(second, "SELECT to_regclass('seen')") is None


async def test_a_database_can_be_copied_from_a_template(server: str) -> None:
    template = create_database(server)
    await ask(template, "CREATE TABLE seen AS SELECT 7 AS id")
    assert await ask(create_database(server, template), "SELECT id FROM seen") == 7


async def test_a_dropped_database_is_gone_though_somebody_was_connected(server: str) -> None:
    url = create_database(server)
    idle = await asyncpg.connect(url.replace("postgresql+asyncpg", "postgresql"))
    drop_database(server, url)
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await ask(url, "SELECT 1")
    idle.terminate()
