"""Connections to PostgreSQL, opened only where calls may go.

asyncpg resolves names itself and takes no socket: where a name leads is looked at right before it
is handed on.
"""

from functools import partial
from typing import Any, TypeAlias

import asyncpg
from sqlalchemy import make_url

from shared.outgoing import configured, look_at

Host: TypeAlias = str | list[str] | None
Port: TypeAlias = int | list[int] | None
PORT = 5432


def places(host: Host, port: Port) -> list[tuple[str, int]]:
    """The hosts and ports that the driver would try; files of local sockets are none."""
    hosts = [host] if isinstance(host, str) else list(host or ())
    ports = [port] if isinstance(port, int) else list(port or ())
    ports += (ports[:1] or [PORT]) * (len(hosts) - len(ports))
    pairs = zip(hosts, ports, strict=False)
    return [(name, number) for name, number in pairs if not name.startswith("/")]


def places_in(url: str) -> list[tuple[str, int]]:
    """The same of an address of a database; of a file none."""
    made = make_url(url)
    if made.get_backend_name() != "postgresql":
        return []
    _, told = made.set(drivername="postgresql+asyncpg").get_dialect()().create_connect_args(made)
    return places(told.get("host"), told.get("port"))


async def connect(
    *dsn: str, host: Host = None, port: Port = None, setting: str = "", **told: Any
) -> "asyncpg.Connection[Any]":
    """A connection of the driver, told by an address or by host and port.

    `setting` is what names the server. Raises AddressRefusedError, and what asyncpg raises.
    """
    named = [place for one in dsn for place in places_in(one)]
    await look_at([*named, *places(host, port)], configured(setting))
    made: asyncpg.Connection[Any] = await asyncpg.connect(*dsn, host=host, port=port, **told)
    return made


def connecting(setting: str) -> "partial[Any]":
    """The same as SQLAlchemy wants it, for the database that this setting names."""
    return partial(connect, setting=setting)
