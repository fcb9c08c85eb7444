"""The load generator, against a server that only says yes."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, suppress

import pytest

from deploy.bench.load import Pace, closed_loop, open_loop
from deploy.bench.wire import UNANSWERED, Address, Answer, Connection, NotLoopbackError, request

YES = b"HTTP/1.1 201 Created\r\nX-Thing: a\r\nContent-Length: 2\r\n\r\n{}"
LAST = b"HTTP/1.1 503 Away\r\nConnection: close\r\nContent-Length: 4\r\n\r\naway"


@asynccontextmanager
async def serving(*answers: bytes) -> AsyncGenerator[tuple[Address, list[bytes]]]:
    """A server that gives these answers in turn, the last one for ever; and what it was sent."""
    heard: list[bytes] = []

    talking: set[asyncio.Task[None] | None] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talking.add(asyncio.current_task())
        with suppress(asyncio.IncompleteReadError, OSError):
            while head := await reader.readuntil(b"\r\n\r\n"):
                answer = answers[min(len(heard), len(answers) - 1)]
                heard.append(head)
                writer.write(answer)
                if b"close" in answer:
                    break
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield Address("127.0.0.1", server.sockets[0].getsockname()[1]), heard
    await asyncio.gather(*(one for one in talking if one))


def endless(raw: bytes) -> Iterator[bytes]:
    while True:
        yield raw


def test_a_request_is_written_as_http_wants_it() -> None:
    assert request("POST", "/a", b"{}", {"x-key": "1"}) == (
        b"POST /a HTTP/1.1\r\nhost: 127.0.0.1\r\nx-key: 1\r\n"
        b"content-type: application/json\r\ncontent-length: 2\r\n\r\n{}"
    )
    assert request("POST", "/a").endswith(b"content-length: 0\r\n\r\n")
    assert request("GET", "/a") == b"GET /a HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n"


def test_load_is_made_on_this_machine_only() -> None:
    with pytest.raises(NotLoopbackError):
        Address("192.0.2.1", 80)


async def test_an_answer_has_status_body_and_headers() -> None:
    async with serving(YES) as (address, heard), Connection(address) as connection:
        answer = await connection.send(request("GET", "/"))
    assert (answer.status, answer.json(), answer.headers["x-thing"]) == (201, {}, "a")
    assert len(heard) == 1


async def test_a_closed_connection_is_opened_anew() -> None:
    async with serving(LAST, YES) as (address, _), Connection(address) as connection:
        said = [(await connection.send(request("GET", "/"))).status for _ in range(2)]
    assert said == [503, 201]


async def test_where_nobody_listens_there_is_no_answer() -> None:
    async with serving(YES) as (address, _):
        pass
    async with Connection(address) as connection:
        assert (await connection.send(request("GET", "/"))).status == UNANSWERED


async def test_something_that_is_not_http_is_no_answer() -> None:
    async with serving(b"hello\r\n\r\n") as (address, _), Connection(address) as connection:
        assert (await connection.send(request("GET", "/"))).status == UNANSWERED


async def test_a_closed_loop_ends_after_its_count() -> None:
    async with serving(YES) as (address, heard):
        tally = await closed_loop(address, endless(request("GET", "/")), Pace(4, 30.0, most=40))
    assert 40 <= tally.count == len(heard) < 44
    assert tally.errors == 0


async def test_an_open_loop_does_each_thing_once() -> None:
    async def do(number: int, connection: Connection) -> Answer:
        return await connection.send(request("GET", f"/{number}"))

    async with serving(YES) as (address, heard):
        tally = await open_loop(lambda: Connection(address), do, [0.0, 0.01, 0.01, 0.02])
    assert sorted(line.split()[1] for line in heard) == [b"/0", b"/1", b"/2", b"/3"]
    assert dict(tally.statuses) == {201: 4}
    assert list(tally.started) != []


async def test_each_cookie_of_an_answer_is_kept() -> None:
    cookies = b"set-cookie: a=1; Secure\r\nset-cookie: b=2\r\n"
    head = b"HTTP/1.1 200 OK\r\n" + cookies + b"content-length: 0\r\n\r\n"
    async with serving(head) as (address, _), Connection(address) as connection:
        answer = await connection.send(request("GET", "/"))
    assert answer.headers["set-cookie"].splitlines() == ["a=1; Secure", "b=2"]
