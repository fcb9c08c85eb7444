"""uvicorn's protocol with an end to its patience: heads must come soon, and not be endless.

Few requests of a connection wait for the one before them, and none of a peer that is gone.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from shared.runtime.heads import too_long

HEAD_SECONDS = 15.0
LONGEST_HEAD = 64 * 1024
"""Bytes of a request line with its headers; of shorter ones the edge itself refuses those that are
longer than it takes."""
READ_ON = 1024 * 1024
"""Bytes that are still read, and thrown away, of whoever was answered before they had finished: who
hangs up at once takes the answer back (RFC 9112, 9.6)."""
READ_ON_SECONDS = 5.0
UNREAD_SECONDS = 60.0
"""How long a peer may take nothing of what waits for them."""
MOST_WAITING = 16
"""Requests that one connection may send ahead (RFC 9112, 9.3.2) of the one that is answered."""


class Patient(HttpToolsProtocol):
    """Refuses a head that is too long (RFC 6585, 5), hangs up where one takes too long."""

    head_seconds = HEAD_SECONDS
    unread_seconds = UNREAD_SECONDS
    _unread: asyncio.TimerHandle | None = None
    _due: asyncio.TimerHandle | None = None
    _of_head = 0
    _answered = False
    """Whether the head was refused: what comes now is of no use any more."""
    _served: RequestResponseCycle | None = None
    """The request that is answered now; uvicorn itself knows only the newest one."""
    _full = False
    """Whether too many waited: what comes now is thrown away, the last answer says `close`."""
    _dropped = 0

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is there any more: what waits is not begun, what is under way is told."""
        self._cease()
        self._read()
        self.pipeline.clear()
        if self._served is not None and not self._served.response_complete:
            self._served.disconnected = True
            self._served.message_event.set()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        self._read()
        super().resume_writing()

    def data_received(self, data: bytes) -> None:
        if self._full:
            self._dropped += len(data)
            if self._dropped > READ_ON:
                self._hang_up()
            return
        if self._due is not None:
            self._of_head += len(data)
            if self._answered:
                if self._of_head > READ_ON:
                    self._hang_up()
                return
            if self._of_head > LONGEST_HEAD and not self._has_head(data):
                self._refuse(data)
                return
        super().data_received(data)

    def on_message_begin(self) -> None:
        if len(self.pipeline) >= MOST_WAITING:
            self._full = True
            self.cycle.keep_alive = False
        if not self._full:
            super().on_message_begin()
            self._wait()

    def on_url(self, url: bytes) -> None:
        if not self._full:
            super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self._full:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        if self._full:
            return
        self._cease()
        waiting = len(self.pipeline)
        super().on_headers_complete()
        if len(self.pipeline) == waiting:
            self._served = self.cycle
        elif self._is_little():
            self.flow.resume_reading()

    def on_body(self, body: bytes) -> None:
        if not self._full:
            super().on_body(body)

    def on_message_complete(self) -> None:
        if not self._full:
            super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """What is thrown away is not judged: those before it are still to be answered."""
        if not self._full:
            super().send_400_response(msg)

    def on_response_complete(self) -> None:
        self._served = self.pipeline[-1][0] if self.pipeline else None
        super().on_response_complete()

    def _is_little(self) -> bool:
        """Whether what waits takes so little room that we may read on.

        Only who reads learns that the peer is gone.
        """
        heads = sum(
            len(name) + len(value)
            for cycle, _ in self.pipeline
            for name, value in cycle.scope["headers"]
        )
        return heads + sum(len(cycle.body) for cycle, _ in self.pipeline) < HIGH_WATER_LIMIT

    def _watch(self, waiting: int) -> None:
        """Look again later whether the peer took anything of what waits."""
        self._read()
        self._unread = self.loop.call_later(self.unread_seconds, self._look, waiting)

    def _look(self, before: int) -> None:
        """Hang up on who took nothing since; who reads slowly is waited for."""
        waiting = self.transport.get_write_buffer_size()
        if waiting >= before:
            self._hang_up()
        else:
            self._watch(waiting)

    def _read(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _has_head(self, data: bytes) -> bool:
        """Whether the head ends in here: what follows is the body, which has limits of its own."""
        return b"\r\n\r\n" in data[:LONGEST_HEAD]

    def _refuse(self, data: bytes) -> None:
        """Say that the head is too long, and read on for a moment, so that this is heard."""
        if self.cycle is not None and not self.cycle.response_complete:
            self._hang_up()
            return
        self._cease()
        self._answered = True
        started = self._of_head > len(data)
        target, lines = (self.url, self.headers) if started else (b"", [])
        self.transport.write(too_long(target, lines, data, LONGEST_HEAD))
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._due = self.loop.call_later(READ_ON_SECONDS, self._hang_up)

    def _wait(self) -> None:
        if self._due is None:
            self._of_head = 0
            self._due = self.loop.call_later(self.head_seconds, self._hang_up)

    def _cease(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None

    def _hang_up(self) -> None:
        self._cease()
        self.transport.abort()
