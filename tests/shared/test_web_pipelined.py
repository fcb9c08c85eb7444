"""Requests sent ahead on one connection: few wait, in order, and none of a peer that is gone."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvicorn
import uvloop

from shared.runtime.patient import MOST_WAITING, Patient

LOOPS = [asyncio.new_event_loop, uvloop.new_event_loop]
"""That of the tests, and that of the services: it says of a closed connection that it is closed."""
MANY = 300
SEEN = MOST_WAITING + 1
"""One is answered, the others wait."""


@dataclass
class Desk:
    """An application that answers each request with its path, when it may."""

    may: asyncio.Event = field(default_factory=asyncio.Event)
    begun: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    """What waits for its peer to leave, and was told."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        path = scope["path"]
        self.begun.append(path)
        if path == "/waits":
            while (await receive())["type"] != "http.disconnect":
                pass
            self.left.append(path)
            return
        await self.may.wait()
        body = path.encode()
        head = [(b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": body})
        self.ended.append(path)


@asynccontextmanager
async def served(desk: Any) -> AsyncGenerator[uvicorn.Server]:
    config = uvicorn.Config(desk, port=0, http=Patient, lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    running = asyncio.create_task(server._serve())  # noqa: SLF001 - without the runner's signals
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield server
    finally:
        server.should_exit = server.force_exit = True
        await running


def ahead(*paths: str) -> bytes:
    return b"".join(b"GET %s HTTP/1.1\r\nHost: test\r\n\r\n" % one.encode() for one in paths)


def numbered(count: int) -> list[str]:
    return [f"/{number}" for number in range(count)]


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0.01)


async def asking(
    server: uvicorn.Server, said: bytes
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection(*server.servers[0].sockets[0].getsockname())
    writer.write(said)
    await writer.drain()
    return reader, writer


def on_each(loop: Any, test: Any) -> None:
    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(test)


@pytest.mark.parametrize("loop", LOOPS)
def test_of_a_peer_that_leaves_nothing_waiting_is_begun_and_nothing_is_logged(
    loop: Any, caplog: pytest.LogCaptureFixture
) -> None:
    async def leaving() -> None:
        desk = Desk()
        async with served(desk) as server:
            _, writer = await asking(server, ahead(*numbered(MANY)))
            await until(lambda: desk.begun == ["/0"])
            writer.transport.abort()
            await until(lambda: not server.server_state.connections)
            desk.may.set()
            await until(lambda: desk.ended == ["/0"] and not server.server_state.tasks)
        assert desk.begun == ["/0"]

    with caplog.at_level(logging.INFO):
        caplog.clear()
        on_each(loop, leaving())
    told = [one for one in caplog.records if one.levelno > logging.INFO]
    assert [one.getMessage() for one in told] == []


@pytest.mark.parametrize("loop", LOOPS)
def test_a_request_that_others_wait_for_is_told_that_its_peer_is_gone(loop: Any) -> None:
    async def leaving() -> None:
        desk = Desk()
        async with served(desk) as server:
            _, writer = await asking(server, ahead("/waits", *numbered(3)))
            await until(lambda: desk.begun == ["/waits"])
            writer.transport.abort()
            await until(lambda: desk.left == ["/waits"])
        assert desk.begun == ["/waits"]

    on_each(loop, leaving())


@pytest.mark.parametrize("loop", LOOPS)
def test_so_many_wait_and_are_answered_in_order_and_the_last_answer_says_close(loop: Any) -> None:
    async def waiting() -> None:
        desk = Desk()
        async with served(desk) as server:
            reader, writer = await asking(server, ahead(*numbered(MANY)))
            await until(lambda: desk.begun == ["/0"])
            [connection] = server.server_state.connections
            assert isinstance(connection, Patient)
            assert len(connection.pipeline) == MOST_WAITING
            desk.may.set()
            answers = (await asyncio.wait_for(reader.read(), 10)).split(b"HTTP/1.1 200 OK\r\n")[1:]
            writer.close()
        assert desk.ended == numbered(SEEN)
        assert [one.partition(b"\r\n\r\n")[2].decode() for one in answers] == numbered(SEEN)
        assert [b"connection: close" in one for one in answers] == [False] * MOST_WAITING + [True]

    on_each(loop, waiting())


@pytest.mark.parametrize("loop", LOOPS)
def test_who_goes_on_sending_ahead_takes_no_more_room(loop: Any) -> None:
    async def going_on() -> None:
        desk = Desk()
        async with served(desk) as server:
            _, writer = await asking(server, ahead(*numbered(MANY)))
            await until(lambda: desk.begun == ["/0"])
            [connection] = server.server_state.connections
            assert isinstance(connection, Patient)
            for _ in range(20):
                connection.data_received(ahead(*numbered(MANY)))
            assert len(connection.pipeline) == MOST_WAITING
            assert connection.headers == [(b"host", b"test")]
            desk.may.set()
            await until(lambda: not server.server_state.connections)
            writer.close()
        assert desk.ended == numbered(SEEN)

    on_each(loop, going_on())


@pytest.mark.parametrize("loop", LOOPS)
def test_few_sent_ahead_leave_the_connection_open(loop: Any) -> None:
    async def few() -> None:
        desk = Desk()
        desk.may.set()
        async with served(desk) as server:
            reader, writer = await asking(server, ahead(*numbered(SEEN)))
            for path in numbered(SEEN):
                head = await reader.readuntil(b"\r\n\r\n")
                assert b"connection: close" not in head
                assert await reader.readexactly(len(path)) == path.encode()
            writer.write(ahead("/again"))
            await reader.readuntil(b"\r\n\r\n")
            assert await reader.readexactly(6) == b"/again"
            writer.close()

    on_each(loop, few())


@pytest.mark.parametrize("loop", LOOPS)
def test_a_body_sent_ahead_belongs_to_its_request(loop: Any) -> None:
    async def with_body() -> None:
        heard: list[tuple[str, bytes]] = []

        async def echo(scope: Any, receive: Any, send: Any) -> None:
            body, more = b"", True
            while more:
                message = await receive()
                body += message.get("body", b"")
                more = message.get("more_body", False)
            heard.append((scope["path"], body))
            head = [(b"content-length", b"0")]
            await send({"type": "http.response.start", "status": 200, "headers": head})
            await send({"type": "http.response.body"})

        posts = [
            b"POST /%d HTTP/1.1\r\nHost: test\r\nContent-Length: 6\r\n\r\n%06d" % (n, n)
            for n in range(MANY)
        ]
        async with served(echo) as server:
            reader, writer = await asking(server, b"".join(posts))
            await asyncio.wait_for(reader.read(), 10)
            writer.close()
        assert heard == [(f"/{n}", b"%06d" % n) for n in range(SEEN)]

    on_each(loop, with_body())
