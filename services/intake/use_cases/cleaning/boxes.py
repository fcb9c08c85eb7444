"""Boxes of the ISO base media format (ISO/IEC 14496-12), found and blanked out where they lie."""

from collections.abc import Iterator
from typing import NamedTuple

from services.intake.use_cases.cleaning.faults import DamagedError

HEAD, LONG_HEAD = 8, 16
MOST_BOXES = 50_000


class Box(NamedTuple):
    """A box: its type, where it begins, where its content begins and ends."""

    kind: bytes
    start: int
    content: int
    end: int


def boxes(data: bytes | bytearray, start: int, end: int) -> Iterator[Box]:
    """The boxes between two places, in their order. Raises DamagedError where one is cut off."""
    count = 0
    while start < end:
        size, head = int.from_bytes(data[start : start + 4], "big"), HEAD
        if size == 1:
            size, head = int.from_bytes(data[start + 8 : start + 16], "big"), LONG_HEAD
        elif size == 0:
            size = end - start
        count += 1
        if size < head or start + size > end or count > MOST_BOXES:
            raise DamagedError
        yield Box(bytes(data[start + 4 : start + 8]), start, start + head, start + size)
        start += size


def blank(data: bytearray, start: int, end: int) -> None:
    """Zeros between two places: everything else stays where it lies."""
    data[start:end] = bytes(end - start)


def free(data: bytearray, box: Box) -> None:
    """Make a box an empty one (8.1.2, free space) of the same size."""
    data[box.start + 4 : box.start + 8] = b"free"
    blank(data, box.content, box.end)
