"""ClamAV's clamd, asked over its own protocol (clamd(8), INSTREAM): a file goes, a word comes."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from services.intake.domain.scanning import Scan
from services.intake.ports import Scanner, ScannerAwayError
from services.intake.settings import IntakeSettings
from shared.outgoing import CONFIGURED, open_stream

CHUNK = 64 * 1024
LONGEST_ANSWER = 1024
CLEAN, FOUND = b"stream: OK", b" FOUND"
SOCKET = "unix:"


@dataclass(frozen=True)
class Clamd:
    """A clamd at `host:port` or at `unix:/path`; `timeout` in seconds for one file."""

    place: str
    timeout: float

    async def scan(self, data: bytes) -> Scan:
        """CLEAN or INFECTED. Raises ScannerAwayError for whatever is neither of these answers."""
        try:
            async with asyncio.timeout(self.timeout), self._connected() as (reader, writer):
                answer = await asked(reader, writer, data)
        except (OSError, EOFError, TimeoutError, asyncio.LimitOverrunError) as error:
            raise ScannerAwayError(type(error).__name__) from error
        if answer == CLEAN:
            return Scan.CLEAN
        if answer.startswith(b"stream: ") and answer.endswith(FOUND):
            return Scan.INFECTED
        raise ScannerAwayError("answer")

    @asynccontextmanager
    async def _connected(
        self,
    ) -> AsyncGenerator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        if self.place.startswith(SOCKET):
            path = self.place.removeprefix(SOCKET)
            reader, writer = await asyncio.open_unix_connection(path, limit=LONGEST_ANSWER)
        else:
            host, _, port = self.place.rpartition(":")
            reader, writer = await open_stream(host.strip("[]"), int(port), CONFIGURED)
        try:
            yield reader, writer
        finally:
            writer.transport.abort()


async def asked(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, data: bytes) -> bytes:
    """Send a file in pieces, each with its length, and read one answer up to its NUL."""
    writer.write(b"zINSTREAM\0")
    for start in range(0, len(data), CHUNK):
        piece = data[start : start + CHUNK]
        writer.write(len(piece).to_bytes(4, "big") + piece)
        await writer.drain()
    writer.write(bytes(4))
    await writer.drain()
    answer = await reader.readuntil(b"\0")
    if len(answer) > LONGEST_ANSWER:
        raise EOFError
    return answer.removesuffix(b"\0")


def scanner_of(settings: IntakeSettings) -> Scanner | None:
    """The scanner that is configured, if one is."""
    return Clamd(settings.clamd, settings.clamd_timeout) if settings.clamd else None
