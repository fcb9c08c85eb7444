"""A body on its way in: not too large, not too slow, not nested too deep."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import NamedTuple

from starlette.requests import HTTPConnection
from starlette.types import Message, Receive

from shared.limits.underway import Place
from shared.web.nesting import too_deep
from shared.web.options import Pace
from shared.web.unwelcome import TooLarge, TooNested, TooSlow, admitted

FORMS = (b"multipart/", b"application/x-www-form-urlencoded")


class Known(NamedTuple):
    """What is known of a body before it comes."""

    declared: int
    """The length its header announces, in bytes; 0 if it says none."""
    json: bool
    pace: Pace


@dataclass
class Waiting:
    """How long one body is waited for. What we do between its pieces is not counted."""

    pace: Pace
    waited: float = 0.0
    since: float = 0.0
    """How long was waited when the stretch began that is under way."""
    came: int = 0
    """Bytes of that stretch."""

    def left(self, size: int) -> float:
        """Seconds until the next piece must come of a body that may have `size` bytes."""
        pace = self.pace
        return min(self.since + pace.seconds, pace.whole(size)) - self.waited

    def add(self, size: int, seconds: float) -> None:
        """A piece of `size` bytes came after so many seconds."""
        self.waited += seconds
        self.came += size
        if self.came >= self.pace.least:
            self.since, self.came = self.waited, 0


@dataclass
class Incoming:
    """Hands on what is received, and counts it.

    Raises TooLarge, TooSlow, TooNested, NoPlace.
    """

    known: Known
    most: Callable[[], int]
    """The largest body of the route; known once that was chosen."""
    receive: Receive
    place: Place | None = None
    """Among all that is under way; None: sisters are not limited."""
    ticks: Callable[[], float] = monotonic
    received: int = 0
    ended: bool = False
    pieces: list[bytes] = field(default_factory=list)
    waiting: Waiting = field(init=False)

    def __post_init__(self) -> None:
        self.waiting = Waiting(self.known.pace)

    async def __call__(self) -> Message:
        """The next piece; after the last one only that the caller went away."""
        if self.ended:
            return await self.receive()
        most = self.most()
        if self.received == 0 and self.known.declared > most:
            raise TooLarge(most)
        if self.place:
            admitted(self.place.begin())
        message = await self._in_time(self.known.declared or most)
        body: bytes = message.get("body", b"")
        self.received += len(body)
        if self.received > most:
            raise TooLarge(most)
        if self.place:
            admitted(self.place.came(len(body)))
        self.ended = not message.get("more_body", False)
        if self.ended and self.place:
            self.place.whole()
        if self.known.json:
            self.pieces.append(body)
            if self.ended and too_deep(b"".join(self.pieces)):
                raise TooNested
        return message

    async def _in_time(self, size: int) -> Message:
        left = self.waiting.left(size)
        if left <= 0:
            raise TooSlow
        began = self.ticks()
        try:
            async with asyncio.timeout(left):
                message = await self.receive()
        except TimeoutError:
            raise TooSlow from None
        self.waiting.add(len(message.get("body", b"")), self.ticks() - began)
        return message

    def leave(self) -> None:
        """The request is answered: what came with it is under way no longer."""
        if self.place:
            self.place.leave()


def is_json(headers: Mapping[bytes, bytes]) -> bool:
    """Whether the body will be read as JSON: whatever is no form might be."""
    return not headers.get(b"content-type", b"").startswith(FORMS)


def declared(headers: Mapping[bytes, bytes]) -> int:
    """The length a request announces; 0 if it says none."""
    length = headers.get(b"content-length", b"0")
    return int(length) if length.isdigit() else 0


def announced(request: HTTPConnection) -> int:
    """The same of a request: bytes, 0 if it says none."""
    return declared(dict(request.scope["headers"]))
