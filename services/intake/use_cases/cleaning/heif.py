"""HEIC (ISO/IEC 23008-12): Exif and XMP are items of their own, blanked out where they lie.

How the picture is turned stands in its properties, not in Exif, so that it stays upright.
"""

from collections.abc import Iterator
from typing import NamedTuple

from services.intake.use_cases.cleaning import films
from services.intake.use_cases.cleaning.boxes import Box, blank, boxes, free
from services.intake.use_cases.cleaning.faults import DamagedError

EXIF = b"Exif"
NOTES = frozenset({EXIF, b"mime", b"uri "})
NOTHING = bytes(4) + b"MM\0*" + (8).to_bytes(4, "big") + bytes(6)
"""An Exif block that says nothing: programs stumble over one that is none."""
ASIDE = frozenset({b"uuid", b"udta", b"xml ", b"mpvd", b"free", b"skip"})
"""Boxes of makers; a short film beside the picture (`mpvd`) has a place and a time of its own."""
FILM = b"moov"
IN_FILE, IN_META = 0, 1
MOST_EXTENTS = 50_000
"""A picture of 64 million pixels in tiles of 512 by 512 has 250."""


class Reader:
    """Whole numbers, one after the other. Raises DamagedError at the end of the box."""

    def __init__(self, data: bytes | bytearray, box: Box) -> None:
        self._data = data
        self._place = box.content + 4
        self._end = box.end
        self.version = data[box.content] if box.content < box.end else 0

    def number(self, size: int) -> int:
        """The next number of `size` bytes; none is 0."""
        place, self._place = self._place, self._place + size
        if self._place > self._end:
            raise DamagedError
        return int.from_bytes(self._data[place : self._place], "big")

    @property
    def place(self) -> int:
        return self._place


class Extent(NamedTuple):
    """A piece of an item."""

    item: int
    method: int
    offset: int
    length: int


def without_metadata(data: bytes) -> bytes:
    """The same picture with nothing in its Exif, XMP and foreign items. Raises DamagedError."""
    kept = bytearray(data)
    outer = list(boxes(kept, 0, len(kept)))
    for box in outer:
        if box.kind in ASIDE:
            free(kept, box)
        elif box.kind == FILM:
            films.blank_out(kept, box.start, box.end)
    meta = next((box for box in outer if box.kind == b"meta"), None)
    if meta is None:
        raise DamagedError
    blank_items(kept, meta)
    return bytes(kept)


def blank_items(data: bytearray, meta: Box) -> None:
    """Blank what the items of notes refer to. Raises DamagedError."""
    inner = {box.kind: box for box in boxes(data, meta.content + 4, meta.end)}
    if b"iinf" not in inner or b"iloc" not in inner:
        raise DamagedError
    notes = dict(items_of_notes(data, inner[b"iinf"]))
    beside = inner[b"idat"].content if b"idat" in inner else 0
    left = len(data)
    for one in extents(data, inner[b"iloc"]):
        if one.item not in notes:
            continue
        start, left = one.offset + (beside if one.method == IN_META else 0), left - one.length
        if one.method not in {IN_FILE, IN_META} or start + one.length > len(data) or left < 0:
            raise DamagedError
        blank(data, start, start + one.length)
        if notes[one.item] == EXIF and one.length >= len(NOTHING):
            data[start : start + len(NOTHING)] = NOTHING
    for kind in ASIDE & inner.keys():
        free(data, inner[kind])


def items_of_notes(data: bytearray, iinf: Box) -> Iterator[tuple[int, bytes]]:
    """The ids and types of Exif, XMP and foreign items (8.11.6)."""
    reader = Reader(data, iinf)
    reader.number(4 if reader.version else 2)
    for box in boxes(data, reader.place, iinf.end):
        entry = Reader(data, box)
        identity = entry.number(2 if entry.version < 3 else 4)  # noqa: PLR2004 - as the standard says
        entry.number(2)
        kind = entry.number(4).to_bytes(4, "big")
        if kind in NOTES:
            yield identity, kind


def extents(data: bytearray, iloc: Box) -> Iterator[Extent]:
    """Where every piece of every item lies (8.11.3).

    Raises DamagedError for more than a picture has, and for a piece that does not say how long it
    is ("the whole file"): a few bytes could ask for hours, or keep what was to be blanked.
    """
    for found, one in enumerate(listed(Reader(data, iloc))):
        if found >= MOST_EXTENTS:
            raise DamagedError
        yield one


def listed(reader: Reader) -> Iterator[Extent]:
    sizes = reader.number(2)
    of_offset, of_length, of_base, of_index = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
    if not of_length:
        raise DamagedError
    wide = 4 if reader.version == 2 else 2  # noqa: PLR2004 - as the standard says
    for _ in range(reader.number(wide)):
        item = reader.number(wide)
        method = reader.number(2) & 15 if reader.version else IN_FILE
        reader.number(2)
        base = reader.number(of_base)
        for _ in range(reader.number(2)):
            reader.number(of_index if reader.version else 0)
            offset = base + reader.number(of_offset)
            yield Extent(item, method, offset, reader.number(of_length))
