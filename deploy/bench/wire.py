"""A small, fast HTTP/1.1 client for load: one request at a time per connection, kept alive."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self, cast

import httptools

UNANSWERED = 0
"""The status of a request that got no answer."""
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class NotLoopbackError(Exception):
    """Load is made on this machine only."""


@dataclass(frozen=True)
class Address:
    """Where requests go: loopback only."""

    host: str
    port: int

    def __post_init__(self) -> None:
        if self.host not in LOOPBACK:
            raise NotLoopbackError(f"{self.host}: load is made on this machine only")

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"


@dataclass(frozen=True)
class Answer:
    """What came back; header names in lower case."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    """By name; one that was sent several times, such as cookies, has a line for each."""

    @property
    def fine(self) -> bool:
        return 200 <= self.status < 300  # noqa: PLR2004 - HTTP's own classes

    def json(self) -> Any:
        return json.loads(self.body)


def request(
    method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> bytes:
    """The bytes of one request, its body JSON. Made outside the time that is measured."""
    lines = [f"{method} {path} HTTP/1.1", "host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body:
        lines.append("content-type: application/json")
    if body or method != "GET":
        lines.append(f"content-length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


class Reading(asyncio.Protocol):
    """Reads answers off one connection and hands each to whom it belongs."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.waiting: asyncio.Future[Answer] | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._body: list[bytes] = []
        self._headers: dict[str, str] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's is no subclass of it

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._fail(ConnectionError(str(error)))

    def connection_lost(self, exc: Exception | None) -> None:
        self.transport = None
        self._fail(exc or ConnectionError("closed"))

    def on_header(self, name: bytes, value: bytes) -> None:
        known, said = name.decode("latin-1").lower(), value.decode("latin-1")
        self._headers[known] = f"{self._headers[known]}\n{said}" if known in self._headers else said

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        answer = Answer(self._parser.get_status_code(), b"".join(self._body), self._headers)
        self._body, self._headers = [], {}
        if not self._parser.should_keep_alive() and self.transport:
            self.transport.close()
            self.transport = None
        waiting, self.waiting = self.waiting, None
        if waiting is not None and not waiting.done():
            waiting.set_result(answer)

    def _fail(self, error: Exception) -> None:
        if self.transport:
            self.transport.abort()
            self.transport = None
        waiting, self.waiting = self.waiting, None
        if waiting is not None and not waiting.done():
            waiting.set_exception(error)


@dataclass
class Connection:
    """One caller's connection; opened when needed, and anew after it was closed."""

    address: Address
    timeout: float = 60.0
    _reading: Reading | None = None

    async def send(self, raw: bytes) -> Answer:
        """The answer; status UNANSWERED where none came, with the reason as its body."""
        try:
            async with asyncio.timeout(self.timeout):
                reading = await self._opened()
                future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
                reading.waiting = future
                assert reading.transport is not None  # noqa: S101 - just looked
                reading.transport.write(raw)
                return await future
        except (OSError, TimeoutError) as error:
            self.close()
            return Answer(UNANSWERED, repr(error).encode())

    async def _opened(self) -> Reading:
        if self._reading is None or self._reading.transport is None:
            _, self._reading = await asyncio.get_running_loop().create_connection(
                Reading, self.address.host, self.address.port
            )
        return self._reading

    def close(self) -> None:
        if self._reading is not None and self._reading.transport is not None:
            self._reading.transport.abort()
        self._reading = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()
