"""PNG (W3C, third edition): only the chunks that make the picture."""

import zlib
from collections.abc import Iterator

from services.intake.use_cases.cleaning.faults import DamagedError

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEPT = frozenset({
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB",
    b"cICP", b"mDCV", b"cLLI", b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT",
})  # fmt: skip
MOST_CHUNKS = 50_000
"""Encoders write 8 to 64 KiB a chunk, so that 20 MiB make some thousands."""
AROUND = 12
"""Bytes of a chunk besides its content: length, type, checksum."""


def without_metadata(data: bytes) -> bytes:
    """The same picture without texts, Exif, times, unknown chunks, and what follows its end."""
    return SIGNATURE + b"".join(parts(data))


def parts(data: bytes) -> Iterator[bytes]:
    """The chunks that stay, to the last. Raises DamagedError."""
    place, kind, drawn, left = len(SIGNATURE), b"", False, MOST_CHUNKS
    while kind != b"IEND":
        left -= 1
        length = int.from_bytes(data[place : place + 4], "big")
        chunk = data[place : place + AROUND + length]
        if len(chunk) < AROUND + length or not is_whole(chunk) or not left:
            raise DamagedError
        kind = chunk[4:8]
        drawn |= kind == b"IDAT"
        if kind in KEPT:
            yield chunk
        place += len(chunk)
    if not drawn:
        raise DamagedError


def is_whole(chunk: bytes) -> bool:
    """Whether the checksum of a chunk fits."""
    return zlib.crc32(chunk[4:-4]) == int.from_bytes(chunk[-4:], "big")
