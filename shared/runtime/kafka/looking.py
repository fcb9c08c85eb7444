"""Kafka's connections go only where calls may go: to brokers that are set, and that these name.

aiokafka takes neither a resolver nor a socket. It opens every connection by one function of its
own; that one is replaced here by one that looks first, so that a broker cannot send us elsewhere.
"""

from contextlib import suppress
from typing import Any

from aiokafka import client as library  # type: ignore[import-untyped]  # ships no types
from aiokafka.conn import (  # type: ignore[import-untyped]  # ships no types
    AIOKafkaConnection,
    collect_hosts,
    create_conn,
)
from aiokafka.errors import KafkaConnectionError  # type: ignore[import-untyped]  # ships no types

from shared.log import logger
from shared.outgoing import AddressRefusedError, addresses_of, configured, look_at

REACH = configured("REDRESS_KAFKA_SERVERS (and what its brokers advertise)")
SAID: set[str] = set()
"""What was refused and is in the log: the library asks again every tenth of a second."""


async def connect(host: str, port: int, **told: Any) -> AIOKafkaConnection:
    """A connection to the first address of a broker that answers.

    Raises AddressRefusedError, OSError, and what aiokafka raises.
    """
    try:
        *others, last = await addresses_of(host, port, REACH)
    except AddressRefusedError as error:
        say_once(str(error))
        raise
    for address in others:
        with suppress(OSError, KafkaConnectionError):
            return await create_conn(address, port, **told)
    return await create_conn(last, port, **told)


library.create_conn = connect


def say_once(reason: str) -> None:
    if reason not in SAID:
        SAID.add(reason)
        logger().error("address_refused", reason=reason)


async def look_at_brokers(servers: str) -> None:
    """Look where the brokers lead that are set. Raises AddressRefusedError."""
    await look_at([(host, port) for host, port, _ in collect_hosts(servers)], REACH)
