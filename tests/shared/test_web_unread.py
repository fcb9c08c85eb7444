"""Whoever asks and does not read the answer is cut off; whoever reads slowly is not."""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn

from shared.runtime.patient import Patient

SIZE = 2**23
ASK = b"GET / HTTP/1.1\r\nHost: test\r\n\r\n"


class Hasty(Patient):
    """The same, in a hurry."""

    unread_seconds = 0.5


async def large(scope: Any, _receive: Any, send: Any) -> None:
    """A large answer."""
    head = [(b"content-length", str(SIZE).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": head})
    for _ in range(SIZE // 2**16):
        await send({"type": "http.response.body", "body": b"x" * 2**16, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


@asynccontextmanager
async def served() -> AsyncGenerator[uvicorn.Server]:
    config = uvicorn.Config(large, port=0, http=Hasty, lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    running = asyncio.create_task(server._serve())  # noqa: SLF001 - without the runner's signals
    while not server.started:
        await asyncio.sleep(0.01)
    yield server
    server.should_exit = True
    await running


def asking(server: uvicorn.Server) -> socket.socket:
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    one.connect(server.servers[0].sockets[0].getsockname())
    one.sendall(ASK * 20)
    return one


async def test_who_never_reads_is_cut_off() -> None:
    async with served() as server:
        with asking(server):
            async with asyncio.timeout(10):
                while not server.server_state.connections:
                    await asyncio.sleep(0.01)
                while server.server_state.connections:
                    await asyncio.sleep(0.05)


async def test_who_reads_slowly_gets_the_whole_answer() -> None:
    async with served() as server:
        reader, writer = await asyncio.open_connection(
            *server.servers[0].sockets[0].getsockname(), limit=2**16
        )
        writer.write(ASK)
        await reader.readuntil(b"\r\n\r\n")
        got = 0
        while got < SIZE:
            got += len(await reader.read(2**19))
            await asyncio.sleep(0.02)
        assert got == SIZE
        writer.close()
