"""A throw-away PostgreSQL server, and a fresh database for each test that asks."""

import asyncio
import itertools
import os
import tempfile
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest

from deploy.postgres.programs import programs
from deploy.postgres.server import Server
from deploy.processes import MissingError, end, free_port, start, wait_for_ports

FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
counter = itertools.count(1)


def missing_is(error: MissingError) -> None:
    """On a machine that promises everything a missing program is an error, else a named skip."""
    if in_ci():
        raise error
    pytest.skip(str(error))


def in_ci() -> bool:
    """Whether this machine promises everything."""
    return os.environ.get("CI") == "true"  # noqa: TID251 - CI's own variable, not a setting


@contextmanager
def postgres_server() -> Iterator[str]:
    """A server that keeps nothing; yields the administrator's address (`postgresql://…`).

    Skips the test by name where there is no PostgreSQL (with CI=true: an error).
    """
    try:
        programs()
    except MissingError as error:
        missing_is(error)
    with tempfile.TemporaryDirectory(prefix="redress-postgres-", ignore_cleanup_errors=True) as tmp:
        folder = Path(tmp)
        folder.chmod(0o711)
        server = Server(folder / "server", free_port(), folder / "log", FAST, throw_away=True)
        server.make()
        running = start(server.program())
        try:
            wait_for_ports("PostgreSQL", [server.port], [running])
            yield server.url
        finally:
            end(running, server.program())


def create_database(server: str, template: str | None = None) -> str:
    """A fresh database there; returns its address for SQLAlchemy (`postgresql+asyncpg://…`).

    `template` is the address or name of a database to copy (nobody may be connected to it).
    """
    name = f"test_{next(counter)}"
    copied = f' TEMPLATE "{_name(template)}"' if template else ""
    at_once(_tell(server, f'CREATE DATABASE "{name}"{copied}'))
    return urlsplit(server)._replace(scheme="postgresql+asyncpg", path=f"/{name}").geturl()


def drop_database(server: str, url: str) -> None:
    """Drop it, sending away whoever is still connected."""
    at_once(_tell(server, f'DROP DATABASE IF EXISTS "{_name(url)}" WITH (FORCE)'))


def at_once(work: Coroutine[Any, Any, None]) -> None:
    """Run it to its end, also where a loop is already running in this thread."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


def _name(address: str) -> str:
    return urlsplit(address).path.strip("/") if "://" in address else address


async def _connected(server: str) -> asyncpg.Connection:
    """A connection; a server that has just opened its port may ask to wait a little."""
    async with asyncio.timeout(60):
        while True:
            try:
                return await asyncpg.connect(server)
            except asyncpg.CannotConnectNowError:
                await asyncio.sleep(0.05)


async def _tell(server: str, command: str) -> None:
    connection = await _connected(server)
    try:
        await connection.execute(command)
    finally:
        await connection.close()
