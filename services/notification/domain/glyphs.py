"""Characters that a font cannot draw: pictures are named, anything else goes to a person."""

import unicodedata
from collections.abc import Callable

PICTURE = "〔图〕"
"""Stands where a person typed a picture (emoji) that no text font has."""

_PICTURES = range(0x1F000, 0x1FC00)
_JOINERS = frozenset((0x200D, 0x20E3, *range(0xFE00, 0xFE10), *range(0x1F3FB, 0x1F400)))

Has = Callable[[str], bool]
"""Whether some font has a glyph for this character."""


def without_pictures(text: str, has: Has) -> str:
    """Free text in which each picture that no font has is named; joiners between them go."""
    if all(map(has, set(text) - {"\n"})):
        return text
    drawn: list[str] = []
    for character in text:
        if ord(character) in _JOINERS and not has(character):
            continue
        missing = is_picture(character) and not has(character)
        drawn.append(PICTURE if missing else character)
    return "".join(drawn)


def is_picture(character: str) -> bool:
    """Emoji and other symbols: nobody's name is written with them."""
    return ord(character) in _PICTURES or unicodedata.category(character) in {"So", "Sk"}


def undrawable(text: str, has: Has) -> tuple[str, ...]:
    """The characters of a text that no font can draw, each once, in order."""
    return tuple(one for one in dict.fromkeys(text) if one != "\n" and not has(one))


def named(character: str) -> str:
    """A character so that a person can find it even where no font draws it: 𠮷（U+20BB7）."""
    return f"{character}（U+{ord(character):04X}）"
