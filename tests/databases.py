"""A throw-away PostgreSQL server, and a fresh database for each test that asks."""

import asyncio
import itertools
import os
import shutil
import tempfile
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
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
ROOM = 2 * 2**30
"""Bytes that a server may take in memory; twice as much as it has been seen to."""
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
    kept = tempfile.TemporaryDirectory(
        prefix="redress-postgres-", dir=roomy(), ignore_cleanup_errors=True
    )
    with kept as tmp:
        folder = Path(tmp)
        folder.chmod(0o711)
        server = Server(folder / "server", free_port(), folder / "log", FAST, throw_away=True)
        server.make()
        running = start(server.program())
        try:
            wait_for_ports("PostgreSQL", [server.port], [running])
            yield server.url
        finally:
            if known := administrators.pop(server.url, None):
                known.leave()
            end(running, server.program())


def roomy() -> Path | None:
    """Memory as a folder, where there is some: thousands of databases come and go within minutes.

    On a disk the file system looks through the numbers of the files that were just deleted.
    """
    memory = Path("/dev/shm")  # noqa: S108 - a folder of its own in it
    there = memory.is_dir() and os.access(memory, os.W_OK)
    return memory if there and shutil.disk_usage(memory).free > ROOM else None


def create_database(server: str, template: str | None = None) -> str:
    """A fresh database there; returns its address for SQLAlchemy (`postgresql+asyncpg://…`).

    `template` is the address or name of a database to copy (nobody may be connected to it).
    """
    name = f"test_{next(counter)}"
    copied = f' TEMPLATE "{_name(template)}"' if template else ""
    administrator_of(server).do(f'CREATE DATABASE "{name}"{copied} STRATEGY FILE_COPY')
    return urlsplit(server)._replace(scheme="postgresql+asyncpg", path=f"/{name}").geturl()


def drop_database(server: str, url: str) -> None:
    """Drop it, sending away whoever is still connected."""
    administrator_of(server).do(f'DROP DATABASE IF EXISTS "{_name(url)}" WITH (FORCE)')


class Administrator:
    """One connection to a server, used from any thread: a new one for each would take longer."""

    def __init__(self, server: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever)
        self._thread.start()
        self._connection = self._done(_connected(server))

    def do(self, command: str) -> None:
        """One command to the end."""
        self._done(self._connection.execute(command))

    def leave(self) -> None:
        """Hang up."""
        self._done(self._connection.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _done(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


administrators: dict[str, Administrator] = {}
"""Those of the servers that run."""


def administrator_of(server: str) -> Administrator:
    """The one of this server, from its first use to its end."""
    if server not in administrators:
        administrators[server] = Administrator(server)
    return administrators[server]


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
