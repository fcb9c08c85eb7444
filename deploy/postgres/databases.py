"""Four databases and four users: each service sees its own database and no other."""

from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

import asyncpg

from shared.postgres import connect
from shared.sisters import SERVICES

ADMINISTRATOR = "POSTGRES_ADMIN_URL"
"""What names the server to an administrator."""


async def existing(administrator: str) -> set[str]:
    """Which of the services have a database already."""
    connection = await connect(administrator, setting=ADMINISTRATOR)
    try:
        rows = await connection.fetch(
            "SELECT datname FROM pg_database WHERE datname = ANY($1)", list(SERVICES)
        )
    finally:
        await connection.close()
    return {row["datname"] for row in rows}


async def create(administrator: str, urls: Mapping[str, str]) -> None:
    """Create what is missing, set the passwords that the addresses name. Harmless when repeated.

    `urls` maps a service to its own address (`postgresql+asyncpg://user:password@host/name`).
    """
    connection = await connect(administrator, setting=ADMINISTRATOR)
    try:
        for url in urls.values():
            await _user(connection, url)
            await _database(connection, url)
    finally:
        await connection.close()


async def _user(connection: asyncpg.Connection, url: str) -> None:
    place = urlsplit(url)
    user, password = _quoted(place.username or ""), unquote(place.password or "")
    there = await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", place.username)
    word = "ALTER" if there else "CREATE"
    literal = await connection.fetchval("SELECT quote_literal($1::text)", password)
    await connection.execute(f"{word} ROLE {user} LOGIN PASSWORD {literal}")


async def _database(connection: asyncpg.Connection, url: str) -> None:
    place = urlsplit(url)
    name, user = place.path.strip("/"), _quoted(place.username or "")
    there = await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name)
    if not there:
        await connection.execute(f"CREATE DATABASE {_quoted(name)} OWNER {user}")
    await connection.execute(f"REVOKE ALL ON DATABASE {_quoted(name)} FROM PUBLIC")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
