"""Nobody calls other programs but those who are known to look first where a call goes."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = [file for top in ("shared", "services", "deploy") for file in (ROOT / top).rglob("*.py")]
NETWORK = {
    "aiohttp", "aiokafka", "aiosmtplib", "asyncpg", "confluent_kafka", "ftplib", "grpc",
    "http.client", "httpcore", "httpx", "imaplib", "minio", "poplib", "psycopg", "requests",
    "smtplib", "socket", "ssl", "telnetlib", "urllib.request", "urllib3", "websockets", "xmlrpc",
}  # fmt: skip
OPENING = {
    "create_connection", "create_datagram_endpoint", "create_pool", "create_unix_connection",
    "open_connection", "open_unix_connection", "sock_connect",
}  # fmt: skip
KNOWN = {
    "shared/outgoing.py": "the list, and connections within it",
    "shared/net.py": "HTTP: every connection is opened by Looking",
    "shared/pooled.py": "HTTP in threads: every connection is opened by `connected`",
    "shared/postgres.py": "PostgreSQL: looks, then connects",
    "shared/database.py": "kinds of errors; its engine connects by shared.postgres",
    "shared/hot.py": "its pool connects by shared.postgres",
    "shared/hot_changes.py": "kinds of errors",
    "shared/runtime/kafka/looking.py": "Kafka: every connection is opened by `connect`",
    "shared/runtime/kafka/clients.py": "its clients connect by looking",
    "shared/runtime/kafka/topics.py": "the same",
    "services/intake/scanner.py": "a socket file, or shared.outgoing",
    "services/intake/storage.py": "MinIO's client over shared.pooled",
    "services/notification/mailers.py": "SMTP over a socket of shared.outgoing",
    "deploy/postgres/databases.py": "connects by shared.postgres",
    "deploy/prepare/installation.py": "kinds of errors",
    "deploy/demo/identity.py": "a type of the driver",
    "deploy/cli/doors.py": "listens",
    "deploy/cli/server.py": "listens",
    "deploy/cli/examining.py": "listens, to see whether it can",
    "deploy/cluster/health.py": "this machine alone",
    "deploy/processes/ports.py": "this machine alone",
}
MEASURES = "deploy/bench/"
"""Speaks to the servers that it started itself on this machine; no part of a service."""
DRIVERS = {
    "asyncpg.connect": {"shared/postgres.py"},
    "asyncpg.create_pool": {"shared/hot.py"},
    "AIOKafkaProducer": {"shared/runtime/kafka/clients.py"},
    "AIOKafkaConsumer": {"shared/runtime/kafka/clients.py"},
    "AIOKafkaAdminClient": {"shared/runtime/kafka/topics.py"},
    "AsyncClient": {"shared/net.py"},
    "Minio": {"services/intake/storage.py"},
    "SMTP": {"services/notification/mailers.py"},
    "create_async_engine": {"shared/database.py"},
}
"""What opens connections, and who alone may make one."""


def name_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def named_in(node: ast.AST) -> set[str]:
    """The modules that an import names."""
    if isinstance(node, ast.Import):
        return {one.name for one in node.names}
    if isinstance(node, ast.ImportFrom) and node.module:
        return {node.module, *(f"{node.module}.{one.name}" for one in node.names)}
    return set()


def calls_out(tree: ast.Module) -> bool:
    nodes = list(ast.walk(tree))
    named = {".".join(one.split(".")[:deep]) for node in nodes for one in named_in(node)
             for deep in (1, 2)}  # fmt: skip
    opened = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    return bool(named & NETWORK or opened & OPENING)


def test_whoever_can_call_other_programs_is_known_for_how_it_looks_first() -> None:
    calling = {name_of(file) for file in FILES if calls_out(ast.parse(file.read_text()))}
    assert {one for one in calling if not one.startswith(MEASURES)} == set(KNOWN)


@pytest.mark.parametrize("driver", DRIVERS)
def test_what_opens_connections_is_made_in_one_place(driver: str) -> None:
    makers = {
        name_of(file)
        for file in FILES
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == driver
    }
    assert {one for one in makers if not one.startswith(MEASURES)} == DRIVERS[driver]
