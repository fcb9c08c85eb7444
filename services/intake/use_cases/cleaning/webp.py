"""WebP (RFC 9649): only the chunks that make the picture."""

from collections.abc import Iterator

from services.intake.use_cases.cleaning.faults import DamagedError

KEPT = frozenset({b"VP8X", b"ICCP", b"ANIM", b"ANMF", b"ALPH", b"VP8 ", b"VP8L"})
PICTURE = frozenset({b"ANMF", b"VP8 ", b"VP8L"})
EXIF, XMP = 0x08, 0x04
"""Flags of VP8X that announce metadata."""
HEAD = 12


def without_metadata(data: bytes) -> bytes:
    """The same picture without Exif, XMP, unknown chunks, and what follows its end."""
    content = b"".join(parts(data))
    return b"RIFF" + (4 + len(content)).to_bytes(4, "little") + b"WEBP" + content


def parts(data: bytes) -> Iterator[bytes]:
    """The chunks that stay. Raises DamagedError."""
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise DamagedError
    place, drawn = HEAD, False
    while place < end:
        kind, length = (
            data[place : place + 4],
            int.from_bytes(data[place + 4 : place + 8], "little"),
        )
        chunk = data[place : place + 8 + length + length % 2]
        if place + 8 + length > end:
            raise DamagedError
        drawn |= kind in PICTURE
        if kind in KEPT:
            yield unannounced(chunk) if kind == b"VP8X" else chunk
        place += 8 + length + length % 2
    if not drawn:
        raise DamagedError


def unannounced(chunk: bytes) -> bytes:
    """The head of an extended file, promising no metadata. Raises DamagedError."""
    if len(chunk) <= 8:  # noqa: PLR2004 - type and length, and nothing in it
        raise DamagedError
    return chunk[:8] + bytes((chunk[8] & ~(EXIF | XMP),)) + chunk[9:]
