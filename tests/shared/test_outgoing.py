"""Calls go only where they may, and to the address that was looked at."""

import asyncio
import socket
from collections.abc import AsyncGenerator, Generator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from ipaddress import IPv4Address

import httpx
import pytest
from urllib3.exceptions import NewConnectionError

from shared.net import TooLongError, Unanswered, answer_of, to_others
from shared.outgoing import (
    CONFIGURED,
    OUTSIDE,
    AddressRefusedError,
    Reach,
    addresses_at_once,
    addresses_of,
    checked,
    open_stream,
)
from shared.pooled import pool

NOWHERE = str(IPv4Address(0))
REFUSED_FROM_OUTSIDE = [
    "127.0.0.1", "127.8.9.10", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "169.254.169.254", "169.254.0.23", "100.100.100.200", "100.64.0.1", "168.63.129.16",
    NOWHERE, "0.1.2.3", "224.0.0.1", "239.255.255.250", "255.255.255.255", "240.0.0.1",
    "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "192.0.0.192",
    "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1",
    "2001:db8::1", "::ffff:127.0.0.1", "::ffff:a9fe:a9fe", "::ffff:10.0.0.1", "::127.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:a9fe:a9fe::1",
    "2001:0:4136:e378:8000:63bf:80ff:fffe",
]  # fmt: skip
OUTSIDERS = ["1.1.1.1", "223.5.5.5", "2400:3200::1", "64:ff9b::101:101", "2002:101:101::1"]
OTHERWISE_WRITTEN = [
    "2130706433", "0x7f000001", "0x7f.1", "017700000001", "127.1", "0177.0.0.1", "localhost",
    "0", "2852039166", "0xa9fea9fe",
]  # fmt: skip
"""Ways to write 127.0.0.1 and 169.254.169.254 that the system's resolver reads."""


@pytest.mark.parametrize("address", REFUSED_FROM_OUTSIDE)
def test_what_lies_inside_is_refused_to_those_outside(address: str) -> None:
    with pytest.raises(AddressRefusedError) as refused:
        checked("partner.example", 443, [address], OUTSIDE)
    assert str(refused.value) == "Calls to partner.example:443 are not allowed."


@pytest.mark.parametrize("address", OUTSIDERS)
def test_what_lies_outside_is_allowed(address: str) -> None:
    assert checked("partner.example", 443, [address], OUTSIDE) == [address]


def test_one_address_inside_refuses_all() -> None:
    with pytest.raises(AddressRefusedError):
        checked("partner.example", 443, ["1.1.1.1", "10.0.0.1"], OUTSIDE)
    with pytest.raises(AddressRefusedError):
        checked("partner.example", 443, [], OUTSIDE)


@pytest.mark.parametrize("written", OTHERWISE_WRITTEN)
async def test_an_address_is_known_however_it_is_written(written: str) -> None:
    with pytest.raises(AddressRefusedError):
        await addresses_of(written, 443, OUTSIDE)
    with pytest.raises(AddressRefusedError):
        addresses_at_once(written, 443, OUTSIDE)


@pytest.mark.parametrize("port", [22, 25, 3306, 6379, 8080])
def test_other_ports_than_those_of_the_web_are_refused(port: int) -> None:
    with pytest.raises(AddressRefusedError):
        checked("partner.example", port, ["1.1.1.1"], OUTSIDE)


def test_what_an_administrator_sets_may_lie_inside_but_is_never_the_metadata() -> None:
    for address in ("127.0.0.1", "10.1.2.3", "192.168.1.9", "::1", "fd00::9", "1.1.1.1"):
        assert checked("clamd.intern", 3310, [address], CONFIGURED) == [address]
    for address in ("169.254.169.254", "100.100.100.200", "::ffff:169.254.169.254", "fe80::1",
                    NOWHERE, "224.0.0.1", "fd00:ec2::254"):  # fmt: skip
        with pytest.raises(AddressRefusedError):
            checked("clamd.intern", 3310, [address], CONFIGURED)


def test_a_host_that_the_settings_name_is_trusted_and_its_neighbour_is_not() -> None:
    trusting = Reach(trusted=frozenset({"hooks.intern"}), ports=frozenset({443}))
    assert checked("Hooks.Intern.", 8443, ["10.0.0.5"], trusting) == ["10.0.0.5"]
    with pytest.raises(AddressRefusedError):
        checked("other.intern", 443, ["10.0.0.5"], trusting)


class Web:
    """A server on this machine that notes what is asked of it, and answers as told."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        self.asked: list[bytes] = []

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(self.answer)
        await writer.drain()
        writer.close()


@asynccontextmanager
async def listening(web: Web) -> AsyncGenerator[int]:
    server = await asyncio.start_server(web, "127.0.0.1", 0)
    async with server:
        yield int(server.sockets[0].getsockname()[1])


FINE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
ELSEWHERE = (
    b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/latest/\r\nContent-Length: 0\r\n\r\n"
)


async def test_a_refused_call_reaches_nobody() -> None:
    web = Web(FINE)
    async with listening(web) as port, to_others(OUTSIDE) as client:
        for host in ("127.0.0.1", "localhost", "2130706433", "[::ffff:127.0.0.1]"):
            with pytest.raises(Unanswered):
                await client.get(f"http://{host}:{port}/")
        with pytest.raises(AddressRefusedError):
            await open_stream("127.0.0.1", port, OUTSIDE)
    assert web.asked == []


async def test_a_call_goes_to_the_address_that_was_looked_at_under_the_name_that_was_given() -> (
    None
):
    web = Web(FINE)
    async with listening(web) as port, to_others(CONFIGURED) as client:
        answer = await client.get(f"http://127.1:{port}/path?q=1")
        assert (answer.status_code, answer.text) == (200, "ok")
    [asked] = web.asked
    assert asked.startswith(b"GET /path?q=1 HTTP/1.1\r\n")
    assert f"Host: 127.1:{port}".encode() in asked


async def test_no_redirect_is_followed() -> None:
    web = Web(ELSEWHERE)
    async with listening(web) as port, to_others(CONFIGURED) as client:
        answer = await client.get(f"http://127.0.0.1:{port}/")
    assert answer.status_code == httpx.codes.FOUND
    assert len(web.asked) == 1


async def test_a_name_that_changes_its_mind_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The resolver is the world's, not ours: the first answer lies outside, the next inside."""
    answers = [["1.1.1.1"], ["127.0.0.1"]]
    asked: list[str] = []

    async def resolver(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        asked.append(host)
        found = answers.pop(0)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolver)
    assert await addresses_of("rebind.example", 443, OUTSIDE) == ["1.1.1.1"]
    with pytest.raises(AddressRefusedError):
        await addresses_of("rebind.example", 443, OUTSIDE)
    assert asked == ["rebind.example"] * 2


async def test_the_next_address_is_tried_where_the_first_does_not_answer() -> None:
    web = Web(FINE)
    async with listening(web) as port:
        # localhost is ::1 and 127.0.0.1 on most machines; only the second listens.
        reader, writer = await open_stream("localhost", port, CONFIGURED)
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
        assert (await reader.read()).endswith(b"ok")
        writer.close()
        await writer.wait_closed()


@contextmanager
def swallowing(host: str, port: int) -> Generator[None]:
    """Somebody who answers nothing: their queue is full, so what knocks is dropped."""
    with socket.socket() as server, ExitStack() as waiting:
        server.bind((host, port))
        server.listen(0)
        for _ in range(2):
            one = waiting.enter_context(socket.socket())
            one.settimeout(0)
            one.connect_ex((host, port))
        yield


async def test_an_address_that_answers_nothing_leaves_time_for_the_next_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The resolver is the world's, not ours."""
    web = Web(FINE)

    async def resolver(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        two = ("127.0.0.2", "127.0.0.1")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in two]

    async with listening(web) as port, to_others(CONFIGURED) as client:
        with swallowing("127.0.0.2", port):
            monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolver)
            answer = await client.get(f"http://two.example:{port}/", timeout=2)
    assert (answer.text, len(web.asked)) == ("ok", 1)


async def test_libraries_in_threads_reach_only_what_they_may_and_follow_no_redirect() -> None:
    moved = ELSEWHERE.replace(b"http://169.254.169.254/latest/", b"http://127.0.0.1:9/")
    web = Web(moved)
    async with listening(web) as port:

        def ask(reach: Reach) -> int:
            return pool(reach).request("GET", f"http://localhost:{port}/", retries=False).status

        with pytest.raises(NewConnectionError):
            await asyncio.to_thread(ask, OUTSIDE)
        assert web.asked == []
        answered = await asyncio.to_thread(
            lambda: pool(CONFIGURED).request("GET", f"http://localhost:{port}/").status
        )
    assert (answered, len(web.asked)) == (302, 1)


async def test_an_answer_is_read_only_as_far_as_it_may_be_long() -> None:
    web = Web(FINE)
    async with listening(web) as port, to_others(CONFIGURED) as client:
        url = f"http://127.0.0.1:{port}/"
        assert await answer_of(client, "GET", url, 2) == (200, b"ok")
        with pytest.raises(TooLongError):
            await answer_of(client, "POST", url, 1, data={"a": "b"})
        web.answer = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n" + bytes(9)
        with pytest.raises(TooLongError):
            await answer_of(client, "GET", url, 8)
