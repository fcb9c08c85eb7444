"""Every database can be made, brought back to nothing, and made again; it is what the code says."""

import importlib

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, MetaData, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.messaging import local, tables
from shared.runtime.migrate import NewerSchemaError, downgrade, migrate, newest, revision_of
from shared.sisters import SERVICES
from shared.trail import tables as trail_tables

EVERY = [*SERVICES, "bus"]


def wanted(service: str) -> list[MetaData]:
    if service == "bus":
        return [local.Base.metadata]
    own: MetaData = importlib.import_module(f"services.{service}.tables").Base.metadata
    return [tables.Base.metadata, trail_tables.Base.metadata, own]


def differences(connection: Connection, service: str) -> list[object]:
    """What Alembic would still change."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    found: list[object] = list(compare_metadata(context, wanted(service)))  # type: ignore[arg-type]  # takes a list, too
    return found


def names(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names()) - {"alembic_version"}


@pytest.mark.parametrize("service", EVERY)
async def test_a_migrated_database_is_the_one_the_code_expects(
    engine: AsyncEngine, service: str
) -> None:
    await migrate(engine, service)
    async with engine.connect() as connection:
        assert await connection.run_sync(differences, service) == []
    assert await revision_of(engine) == newest(service)


@pytest.mark.parametrize("service", EVERY)
async def test_up_down_and_up_again(engine: AsyncEngine, service: str) -> None:
    await migrate(engine, service)
    async with engine.connect() as connection:
        full = await connection.run_sync(names)
    await migrate(engine, service)
    await downgrade(engine, service, "base")
    async with engine.connect() as connection:
        assert await connection.run_sync(names) == set()
    await migrate(engine, service)
    async with engine.connect() as connection:
        assert await connection.run_sync(names) == full


async def test_a_schema_newer_than_the_code_is_refused_and_left_alone(engine: AsyncEngine) -> None:
    await migrate(engine, "bus")
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerSchemaError):
        await migrate(engine, "bus")
    assert await revision_of(engine) == "9999"
    async with engine.connect() as connection:
        assert await connection.run_sync(names) == {"log", "cursors"}
