"""Which characters our fonts can draw: read from their `cmap` tables (OpenType 1.9)."""

import struct
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

import pylopdf_fonts_zh_cn
import typst

from services.notification.domain.glyphs import undrawable

OWN = Path(pylopdf_fonts_zh_cn.__file__).parent
"""Noto Serif SC and Noto Sans SC (SIL Open Font License), from a wheel: the same everywhere."""

SERIF = "NotoSerifSC-Regular.otf"
SANS = "NotoSansSC-Regular.otf"
COLLECTION = b"ttcf"
FULL_REPERTOIRE = 12
BASIC_PLANE = 4
PLANES = 17 * 65536
REGULAR = 400


class Coverage:
    """The characters of one font file, one bit each (136 KiB). `path` may be a collection."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._bits = bytearray(PLANES // 8)
        for first, last in ranges_of(path.read_bytes()):
            for code in range(first, min(last, PLANES - 1) + 1):
                self._bits[code >> 3] |= 1 << (code & 7)

    def __contains__(self, character: str) -> bool:
        code = ord(character)
        return bool(self._bits[code >> 3] >> (code & 7) & 1)


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
    """The font files of a folder that hold an upright font of regular weight."""
    return sorted({Path(font.path) for font in regular_fonts(folder) if font.path})


def families_of(folder: Path) -> list[str]:
    """The families of a folder, those for simplified Chinese first, with serifs before without."""
    families = {font.family for font in regular_fonts(folder)}
    return sorted(families, key=lambda name: (not name.endswith(" SC"), "Serif" not in name, name))


def regular_fonts(folder: Path) -> list[typst.FontInfo]:
    there = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]
    )
    return [one for one in there.fonts() if one.weight == REGULAR and one.style == "normal"]


def ranges_of(font: bytes) -> Iterable[tuple[int, int]]:
    """The ranges of characters that have a glyph. Raises ValueError where it is no font."""
    start = struct.unpack_from(">I", font, 12)[0] if font[:4] == COLLECTION else 0
    (tables,) = struct.unpack_from(">H", font, start + 4)
    for place in range(tables):
        tag, _, offset, _ = struct.unpack_from(">4sIII", font, start + 12 + 16 * place)
        if tag == b"cmap":
            return best_ranges(memoryview(font)[offset:])
    raise ValueError("This file has no table of characters.")


def best_ranges(cmap: memoryview) -> Iterable[tuple[int, int]]:
    """The ranges of the richest table: format 12, else format 4."""
    (count,) = struct.unpack_from(">H", cmap, 2)
    offsets = [struct.unpack_from(">I", cmap, 8 + 8 * place)[0] for place in range(count)]
    formats = {struct.unpack_from(">H", cmap, offset)[0]: offset for offset in offsets}
    if FULL_REPERTOIRE in formats:
        return groups(cmap[formats[FULL_REPERTOIRE] :])
    if BASIC_PLANE in formats:
        return segments(cmap[formats[BASIC_PLANE] :])
    raise ValueError("This font's table of characters has a form we do not read.")


def groups(table: memoryview) -> Iterable[tuple[int, int]]:
    """Format 12: sequential groups of first, last, first glyph."""
    (count,) = struct.unpack_from(">I", table, 12)
    for place in range(count):
        first, last, _ = struct.unpack_from(">III", table, 16 + 12 * place)
        yield first, last


def segments(table: memoryview) -> Iterable[tuple[int, int]]:
    """Format 4: segments by their last and first characters; the closing one is no character."""
    (double,) = struct.unpack_from(">H", table, 6)
    for place in range(0, double, 2):
        (last,) = struct.unpack_from(">H", table, 14 + place)
        (first,) = struct.unpack_from(">H", table, 16 + double + place)
        if first != 0xFFFF:  # noqa: PLR2004 - the mark of the closing segment
            yield first, last
