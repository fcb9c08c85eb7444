"""A body on its way in: not too large, not too slow, not nested too deep."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from time import monotonic
from typing import NamedTuple

from starlette.exceptions import HTTPException
from starlette.types import Message, Receive

from shared.i18n import N_
from shared.web.nesting import too_deep
from shared.web.options import Pace

FORMS = (b"multipart/", b"application/x-www-form-urlencoded")


class TooLarge(HTTPException):
    """A body above the limit; raised while it is read."""

    def __init__(self, most: int) -> None:
        super().__init__(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        self.most = most


class TooSlow(HTTPException):
    """A body of which too little comes in a while; the connection is closed with the answer."""

    sentence = N_("内容传得太慢，没有收完，请换个网络再试。")

    def __init__(self) -> None:
        super().__init__(HTTPStatus.REQUEST_TIMEOUT, headers={"Connection": "close"})


class TooNested(HTTPException):
    """JSON with more levels than any document of ours."""

    sentence = N_("JSON套得太深，请检查内容。")

    def __init__(self) -> None:
        super().__init__(HTTPStatus.BAD_REQUEST)


class Known(NamedTuple):
    """What is known of a body before it comes."""

    declared: int
    """The length its header announces, in bytes; 0 if it says none."""
    json: bool
    pace: Pace


@dataclass
class Incoming:
    """Hands on what is received, and counts it. Raises TooLarge, TooSlow, TooNested."""

    known: Known
    most: Callable[[], int]
    """The largest body of the route; known once that was chosen."""
    receive: Receive
    began: float = field(default_factory=monotonic)
    received: int = 0
    ended: bool = False
    pieces: list[bytes] = field(default_factory=list)

    async def __call__(self) -> Message:
        """The next piece; after the last one only that the caller went away."""
        if self.ended:
            return await self.receive()
        most = self.most()
        if self.received == 0 and self.known.declared > most:
            raise TooLarge(most)
        message = await self._in_time()
        body: bytes = message.get("body", b"")
        self.received += len(body)
        if self.received > most:
            raise TooLarge(most)
        self.ended = not message.get("more_body", False)
        if self.known.json:
            self.pieces.append(body)
            if self.ended and too_deep(b"".join(self.pieces)):
                raise TooNested
        return message

    async def _in_time(self) -> Message:
        left = self.known.pace.left(monotonic() - self.began, self.received)
        try:
            async with asyncio.timeout(left):
                return await self.receive()
        except TimeoutError:
            raise TooSlow from None


def is_json(headers: Mapping[bytes, bytes]) -> bool:
    """Whether the body will be read as JSON: whatever is no form might be."""
    return not headers.get(b"content-type", b"").startswith(FORMS)


def declared(headers: Mapping[bytes, bytes]) -> int:
    """The length a request announces; 0 if it says none."""
    length = headers.get(b"content-length", b"0")
    return int(length) if length.isdigit() else 0
