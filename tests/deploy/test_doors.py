"""Whoever comes anew is let in soon, however busy it is inside."""

import asyncio
import socket

import uvloop

from deploy.cli.doors import DOORS, doors

CALLERS = 80


async def turns_until_all_are_in() -> int:
    """Turns of the loop until all callers, who came at once, were taken in."""
    inside: list[asyncio.BaseTransport] = []

    class Guest(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            inside.append(transport)

    loop, first = asyncio.get_running_loop(), socket.socket()
    first.bind(("127.0.0.1", 0))
    servers = [await loop.create_server(Guest, sock=one, backlog=200) for one in doors(first)]
    callers = [socket.create_connection(first.getsockname()) for _ in range(CALLERS)]
    turns = 0
    while len(inside) < CALLERS and turns < CALLERS:
        await asyncio.sleep(0)
        turns += 1
    for server in servers:
        server.close()
    for caller in callers:
        caller.close()
    return turns


def test_many_who_come_at_once_are_let_in_within_a_few_turns() -> None:
    assert uvloop.run(turns_until_all_are_in()) <= 2 * CALLERS // DOORS
