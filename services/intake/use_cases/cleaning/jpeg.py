"""JPEG (ITU T.81): only what is needed to show the picture; its pixels are not touched."""

import re
from collections.abc import Iterator

from services.intake.use_cases.cleaning.faults import DamagedError

START, END, SCAN = 0xD8, 0xD9, 0xDA
BARE = frozenset({0x01, *range(0xD0, 0xD8)})
"""Markers without a length: TEM and the restarts."""
TABLES = frozenset({0xC4, 0xCC, 0xDB, 0xDC, 0xDD, 0xDE, 0xDF})
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
APP0, APP2, APP14 = 0xE0, 0xE2, 0xEE
JFIF, COLOURS, ADOBE = b"JFIF\0", b"ICC_PROFILE\0", b"Adobe"
JFIF_WITHOUT_THUMBNAIL = 14
MOST_MARKERS = 10_000
"""A picture has some dozens; a scan of each line of a large one makes some thousands."""
NEXT = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]")
"""A marker that is neither stuffing nor a restart; before it may be any number of FF."""


def without_metadata(data: bytes) -> bytes:
    """The same picture without Exif, XMP, IPTC, comments, previews, and what follows its end."""
    return b"".join(parts(data))


def parts(data: bytes) -> Iterator[bytes]:
    """What stays, from the first marker to the last. Raises DamagedError."""
    yield b"\xff\xd8"
    place, shown = 2, False
    for _ in range(MOST_MARKERS):
        place, marker = marker_at(data, place)
        if marker == END:
            break
        if marker in BARE:
            continue
        segment = segment_at(data, place)
        place += len(segment)
        if kept := kept_of(marker, segment):
            yield bytes((0xFF, marker)) + kept
        if marker == SCAN:
            end = end_of_scan(data, place)
            yield data[place:end]
            place, shown = end, True
    else:
        raise DamagedError
    if not shown:
        raise DamagedError
    yield b"\xff\xd9"


def marker_at(data: bytes, place: int) -> tuple[int, int]:
    """The next marker and where it ends. Raises DamagedError where there is none."""
    if data[place : place + 1] != b"\xff":
        raise DamagedError
    while data[place : place + 1] == b"\xff":
        place += 1
    if place >= len(data) or data[place] in {0, START}:
        raise DamagedError
    return place + 1, data[place]


def segment_at(data: bytes, place: int) -> bytes:
    """Length and content of a segment. Raises DamagedError where it is cut off."""
    length = int.from_bytes(data[place : place + 2], "big")
    segment = data[place : place + length]
    if length < 2 or len(segment) < length:  # noqa: PLR2004 - the length counts itself
        raise DamagedError
    return segment


def kept_of(marker: int, segment: bytes) -> bytes | None:
    """What stays of a segment: tables, frames, scans; the colour profile; no preview in JFIF."""
    content = segment[2:]
    if marker in TABLES or marker in FRAMES or marker == SCAN:
        return segment
    if marker == APP0 and content.startswith(JFIF) and len(content) >= JFIF_WITHOUT_THUMBNAIL:
        return b"\x00\x10" + content[: JFIF_WITHOUT_THUMBNAIL - 2] + b"\0\0"
    if marker == APP2 and content.startswith(COLOURS):
        return segment
    return segment if marker == APP14 and content.startswith(ADOBE) else None


def end_of_scan(data: bytes, place: int) -> int:
    """Where the next marker begins that is neither stuffing nor a restart. Raises DamagedError."""
    found = NEXT.search(data, place)
    if found is None:
        raise DamagedError
    return found.start()
