"""Alembic, per service, in both modes."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.database import is_postgres

HERE = Path(__file__).parent / "alembic"
LOCK = 0x52454452
"""Two processes that migrate the same database wait for each other (PostgreSQL advisory lock)."""


class NewerSchemaError(Exception):
    """The database was written by a newer version of the program than this one."""


def versions_of(service: str) -> Path:
    """Where a service's migrations lie; `bus` is the embedded log's."""
    if service == "bus":
        return HERE.parent / "bus_versions"
    return Path(__file__).parents[2] / "services" / service / "migrations" / "versions"


def config_of(service: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("version_locations", str(versions_of(service)))
    config.set_main_option("path_separator", "newline")
    return config


async def migrate(engine: AsyncEngine, service: str, to: str = "head") -> None:
    """Bring a database to the newest schema; harmless when repeated.

    Raises NewerSchemaError where the database knows a revision that this code does not.
    """
    await in_a_transaction(engine, partial(move, service=service, change=command.upgrade, to=to))


async def downgrade(engine: AsyncEngine, service: str, to: str) -> None:
    """Bring a database back to an older revision (`base`: to nothing)."""
    await in_a_transaction(engine, partial(move, service=service, change=command.downgrade, to=to))


async def revision_of(engine: AsyncEngine) -> str | None:
    """The revision a database is at; None for an empty one."""
    async with engine.connect() as connection:
        return await connection.run_sync(current)


async def in_a_transaction(engine: AsyncEngine, change: Callable[[Connection], None]) -> None:
    """Run a change of the schema; SQLite's foreign keys rest meanwhile and are checked after."""
    if is_postgres(engine):
        async with engine.begin() as connection:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            await connection.run_sync(change)
        return
    async with engine.connect() as connection:
        raw = await connection.get_raw_connection()
        driver: Any = raw.driver_connection
        await driver.execute("PRAGMA foreign_keys=OFF")
        try:
            async with connection.begin():
                await connection.run_sync(change)
                broken = (await connection.exec_driver_sql("PRAGMA foreign_key_check")).all()
                if broken:
                    raise RuntimeError(f"{len(broken)} rows would point nowhere.")
        finally:
            await driver.execute("PRAGMA foreign_keys=ON")


def move(connection: Connection, service: str, change: Callable[..., None], to: str) -> None:
    config = config_of(service)
    refuse_newer(connection, config)
    config.attributes["connection"] = connection
    change(config, to)


def refuse_newer(connection: Connection, config: Config) -> None:
    at = current(connection)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if at is not None and at not in known:
        raise NewerSchemaError(at)


def current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def newest(service: str) -> str | None:
    """The revision this code wants."""
    return ScriptDirectory.from_config(config_of(service)).get_current_head()


def messaging_tables(op: Any) -> None:
    """Create outbox, inbox and dead letters: part of every service's first migration."""
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "outbox",
        sa.Column("sequence", number, sa.Identity(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("aggregatetype", sa.Text(), nullable=False),
        sa.Column("aggregateid", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", instant, nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_outbox"),
    )
    op.create_table(
        "inbox",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("handled_at", instant, nullable=False),
        sa.PrimaryKeyConstraint("event_id", name="pk_inbox"),
    )
    op.create_table(
        "dead_letters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("buried_at", instant, nullable=False),
        sa.Column("replayed_at", instant, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_dead_letters"),
    )
    op.create_index("ix_dead_letters_waiting", "dead_letters", ["replayed_at", "buried_at"])


def drop_messaging_tables(op: Any) -> None:
    """The way back of `messaging_tables`."""
    for table in ("dead_letters", "inbox", "outbox"):
        op.drop_table(table)
