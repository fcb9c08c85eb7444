"""urllib3 for libraries that bring it along: connects only where calls may go, no redirects."""

import socket
from typing import Any

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError
from urllib3.util.connection import create_connection

from shared.outgoing import Reach, addresses_at_once

RETRIES = urllib3.Retry(
    total=5, connect=1, redirect=False, backoff_factor=0.2, status_forcelist=[500, 502, 503, 504]
)
TIMEOUT = urllib3.Timeout(connect=10, read=60)
"""Seconds."""


def pool(reach: Reach) -> urllib3.PoolManager:
    """A pool of connections within `reach`; a call that may not go raises MaxRetryError."""

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return connected(self, reach)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return connected(self, reach)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    made = urllib3.PoolManager(
        timeout=TIMEOUT, maxsize=10, cert_reqs="CERT_REQUIRED", retries=RETRIES
    )
    made.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}
    return made


def connected(connection: HTTPConnection, reach: Reach) -> socket.socket:
    """A connection to the first address that answers. Raises NewConnectionError."""
    options: Any = connection.socket_options
    try:
        addresses = addresses_at_once(connection.host, connection.port, reach)
        return first_of(addresses, connection, options)
    except OSError as error:
        raise NewConnectionError(connection, str(error)) from error


def first_of(addresses: list[str], connection: HTTPConnection, options: Any) -> socket.socket:
    *others, last = addresses
    for address in others:
        try:
            return to(address, connection, options)
        except OSError:
            continue
    return to(last, connection, options)


def to(address: str, connection: HTTPConnection, options: Any) -> socket.socket:
    return create_connection((address, connection.port), connection.timeout, socket_options=options)
