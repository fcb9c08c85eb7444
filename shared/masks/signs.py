"""Signs of a text as plain ones, so that spellings of a number or a name can be told to be one.

Each table turns one sign into one or none: what is found in the turned text stands in the text
where the signs that were kept stand, in the same order.
"""

import unicodedata
from collections.abc import Callable, Mapping
from itertools import compress, pairwise
from typing import NamedTuple

DASHES = "‐‑‒–—―－−_－·.．"
BLANKS = "\u00a0\u3000\u2009\u200a\u202f\u200b\u200c\u200d\u2060\ufeff\ufe0f\u20e3\t"
"""Of any width, and what a keycap is drawn with: 1️⃣."""
STARS = "*＊﹡∗⁎✱✲٭"
"""What reads as a star of a mask: wide, small, low, heavy, of other scripts."""
SPOKEN = dict(
    zip(
        "〇零一二三四五六七八九幺壹贰貳叁參叄肆伍陆陸柒捌玖",
        "0012345678911223334566789",
        strict=True,
    )
)
"""Digits written as characters, on bank forms, too (大写数字)."""
_READ_OUT = dict(zip("○两拐勾洞", "02790", strict=True))
"""As digits are read out over the telephone: words elsewhere."""
_PLAINLY = {"＠": "@", "（": "(", "）": ")", "＋": "+", "＊": "*"}
_JOINING = "·•・‧∙⋅●▪．.-‐‑‒–—―－−_'’ʼ"
"""What stands between the parts of a name, or not: 阿卜杜拉·买买提, Jean-Pierre, O’Brien."""
_ACCENTS = range(0x0300, 0x0370)


class Signs(dict[int, str | None]):
    """A table for `str.translate` that asks for each sign once."""

    def __init__(self, turned: Callable[[str], str | None]) -> None:
        super().__init__()
        self._turned = turned

    def __missing__(self, sign: int) -> str | None:
        self[sign] = turned = self._turned(chr(sign))
        return turned


class Found(NamedTuple):
    """Where a turned text has something, in the text itself."""

    start: int
    end: int
    gaps: tuple[tuple[int, int], ...]
    """What was left out in between: from where to where."""


def plain_sign(sign: str) -> str:
    """A digit of any script, a dash or a blank of any width as the plain one; 一 is a word."""
    if sign.isascii():
        return sign
    if sign in _PLAINLY:
        return _PLAINLY[sign]
    if sign in DASHES:
        return "-"
    if sign in BLANKS:
        return " "
    digit = unicodedata.digit(sign, None)
    if digit is not None:
        return str(digit)
    folded = unicodedata.normalize("NFKC", sign)
    return folded if len(folded) == 1 else sign


def counted(sign: str) -> str | None:
    """A sign of a number: a digit however it is written, or a letter of a document (证件)."""
    plain = plain_sign(sign)
    plain = SPOKEN.get(plain) or _READ_OUT.get(plain) or plain
    return plain.upper() if plain.isascii() and plain.isalnum() else None


def lettered(sign: str) -> str | None:
    """A sign of a name: case, width and accents do not count, nor does what joins its parts."""
    if sign.isspace() or sign in _JOINING or sign in BLANKS or ord(sign) in _ACCENTS:
        return None
    bare = [one for one in unicodedata.normalize("NFKD", sign) if ord(one) not in _ACCENTS]
    folded = "".join(bare).casefold()
    return folded if len(folded) == 1 else sign


PLAINLY, COUNTED, LETTERED = Signs(plain_sign), Signs(counted), Signs(lettered)


def plainly(text: str) -> str:
    """The same text, sign by sign, with the digits of any script as plain ones; 一 is a word."""
    return text if text.isascii() else text.translate(PLAINLY)


def places(text: str, signs: Mapping[int, str | None]) -> list[int]:
    """Where in a text the signs stand that such a table keeps."""
    return list(compress(range(len(text)), map(signs.__getitem__, map(ord, text))))


def occurrences(turned: str, wanted: str, kept: list[int]) -> list[Found]:
    """Wherever a turned text has this; `kept`: where its signs stand in the text."""
    found: list[Found] = []
    at = turned.find(wanted)
    while at >= 0:
        here = kept[at : at + len(wanted)]
        gaps = tuple((one + 1, two) for one, two in pairwise(here) if two > one + 1)
        found.append(Found(here[0], here[-1] + 1, gaps))
        at = turned.find(wanted, at + 1)
    return found
