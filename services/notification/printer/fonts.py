"""Which characters our fonts can draw: read from their `cmap` tables (OpenType 1.9)."""

import struct
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

import pylopdf_fonts_zh_cn

from services.notification.domain.glyphs import undrawable

OWN = Path(pylopdf_fonts_zh_cn.__file__).parent
"""Noto Serif SC and Noto Sans SC (SIL Open Font License), from a wheel: the same everywhere."""

SERIF = "NotoSerifSC-Regular.otf"
SANS = "NotoSansSC-Regular.otf"
COLLECTION = b"ttcf"
FULL_REPERTOIRE = 12
BASIC_PLANE = 4
CLOSING = 0xFFFF
"""Where the last segment begins that every format 4 table ends with."""
SUFFIXES = frozenset({".otf", ".ttf", ".ttc", ".otc"})
OTHER_CUTS = ("bold", "italic", "oblique")


class Coverage:
    """The characters that one font file has a glyph for. `path` may be a collection."""

    def __init__(self, path: Path) -> None:
        ranges = merged(ranges_of(path))
        self._first = array("L", (first for first, _ in ranges))
        self._last = array("L", (last for _, last in ranges))

    def __contains__(self, character: str) -> bool:
        code = ord(character)
        place = bisect_right(self._first, code) - 1
        return place >= 0 and code <= self._last[place]

    def __len__(self) -> int:
        return sum(self._last) - sum(self._first) + len(self._first)


class Fonts:
    """Our own fonts, and folders of more fonts asked only for what those lack."""

    def __init__(self, more: Sequence[Path] = ()) -> None:
        self._more = [folder for folder in more if folder.is_dir()]

    @cached_property
    def own(self) -> tuple[Coverage, Coverage]:
        """Body and headings."""
        return Coverage(OWN / SERIF), Coverage(OWN / SANS)

    @cached_property
    def more(self) -> tuple[tuple[Path, Coverage], ...]:
        """The further fonts of regular weight, each with its folder."""
        return tuple(
            (folder, Coverage(path)) for folder in self._more for path in regular_files(folder)
        )

    def has(self, character: str) -> bool:
        """Whether a letter can show this character."""
        return self._is_own(character) or any(character in font for _, font in self.more)

    def lacking(self, text: str) -> tuple[str, ...]:
        """The characters of `text` that no font has."""
        return undrawable(text, self.has)

    def folders_for(self, text: str) -> tuple[Path, ...]:
        """The folders of more fonts that this text needs; none for nearly every letter."""
        rare = undrawable(text, self._is_own)
        found = (self._folder_of(character) for character in rare)
        return tuple(dict.fromkeys(folder for folder in found if folder))

    def _folder_of(self, character: str) -> Path | None:
        return next((folder for folder, font in self.more if character in font), None)

    def _is_own(self, character: str) -> bool:
        return all(character in font for font in self.own)


def regular_files(folder: Path) -> list[Path]:
    """The font files of a folder, but for those that say they are bold or slanted."""
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    return [path for path in files if not any(cut in path.stem.lower() for cut in OTHER_CUTS)]


Ranges = Iterable[tuple[int, int]]
"""First and last character of each stretch."""


def merged(ranges: Ranges) -> list[tuple[int, int]]:
    """The same characters in as few stretches as possible, in order."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = found[-1][0], max(last, found[-1][1])
        else:
            found.append((first, last))
    return found


def ranges_of(path: Path) -> Ranges:
    """The characters that have a glyph. Raises ValueError where the file is no font."""
    with path.open("rb") as font:
        start = struct.unpack(">I", font.read(16)[12:])[0]
        font.seek(0)
        font.seek(start if font.read(4) == COLLECTION else 0)
        (tables,) = struct.unpack(">4xH6x", font.read(12))
        for tag, _, offset, length in struct.iter_unpack(">4sIII", font.read(16 * tables)):
            if tag == b"cmap":
                font.seek(offset)
                return best_ranges(memoryview(font.read(length)))
    raise ValueError("This file has no table of characters.")


def best_ranges(cmap: memoryview) -> Ranges:
    """The ranges of the richest table: format 12, else format 4."""
    (count,) = struct.unpack_from(">H", cmap, 2)
    offsets = [struct.unpack_from(">I", cmap, 8 + 8 * place)[0] for place in range(count)]
    formats = {struct.unpack_from(">H", cmap, offset)[0]: offset for offset in offsets}
    if FULL_REPERTOIRE in formats:
        return groups(cmap[formats[FULL_REPERTOIRE] :])
    if BASIC_PLANE in formats:
        return segments(cmap[formats[BASIC_PLANE] :])
    raise ValueError("This font's table of characters has a form we do not read.")


def groups(table: memoryview) -> Ranges:
    """Format 12: sequential groups of first, last, first glyph."""
    (count,) = struct.unpack_from(">I", table, 12)
    found = struct.iter_unpack(">III", table[16 : 16 + 12 * count])
    return [(first, last) for first, last, _ in found]


def segments(table: memoryview) -> Ranges:
    """Format 4: segments by their last and first characters; the closing one is no character."""
    (double,) = struct.unpack_from(">H", table, 6)
    count = double // 2
    last = struct.unpack_from(f">{count}H", table, 14)
    first = struct.unpack_from(f">{count}H", table, 16 + double)
    return [one for one in zip(first, last, strict=True) if one[0] != CLOSING]
