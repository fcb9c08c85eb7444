"""uvicorn's protocol with an end to its patience: heads must come soon, and not be endless."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS = 15.0
LONGEST_HEAD = 64 * 1024
"""Bytes of a request line with its headers; the edge refuses long ones in words well before."""


class Patient(HttpToolsProtocol):
    """Hangs up where the head of a request takes too long or is too long (RFC 9110, 15.5.9)."""

    head_seconds = HEAD_SECONDS
    _due: asyncio.TimerHandle | None = None
    _of_head = 0

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._cease()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._due is not None:
            self._of_head += len(data)
            if self._of_head > LONGEST_HEAD and not self._has_head(data):
                self.transport.abort()
                return
        super().data_received(data)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._wait()

    def on_headers_complete(self) -> None:
        self._cease()
        super().on_headers_complete()

    def _has_head(self, data: bytes) -> bool:
        """Whether the head ends in here: what follows is the body, which has limits of its own."""
        return b"\r\n\r\n" in data[:LONGEST_HEAD]

    def _wait(self) -> None:
        if self._due is None:
            self._of_head = 0
            self._due = self.loop.call_later(self.head_seconds, self._hang_up)

    def _cease(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None

    def _hang_up(self) -> None:
        self._due = None
        self.transport.abort()
