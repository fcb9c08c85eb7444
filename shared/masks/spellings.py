"""Phones and documents of people who are known, found in a text however they are written there."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from shared.masks.signs import COUNTED, Found, occurrences, places, plainly
from shared.masks.spots import Hidden, Stage, apart
from shared.masks.values import HIDDEN, masked_id, masked_phone
from shared.text import code, normal_phone

WIDEST = 8
"""Signs that may stand between two of one number; none is a letter or a digit."""
SHORTEST = 7
"""Digits: what is shorter is dialled by everybody (12315), or is hidden nowhere else either."""
LONG = 11
"""From so many signs on a number is somebody's wherever it stands, even within another one."""
LOOK_BACK = 10
_LANDLINE = re.compile(r"0(?:10|2\d|[3-9]\d{2})(\d{7,8})")
_COUNTRY = re.compile(r"(?<![\dA-Z*])(?:(?:\+|00)?86|0|00|\+)[ \-]{0,3}\(?$")
_EXTENSION = re.compile(r"[ \-]{0,3}转[ \-]{0,3}\d{1,6}")
_GOES_ON = re.compile(r"[ \-]{0,3}\d|[A-Z]")
_WENT_ON = re.compile(r"\d[ \-]{0,3}$|[A-Z]$")


class Spelling(NamedTuple):
    """A number without what stands between its signs."""

    signs: str
    masked: Callable[[str], str]
    number: str
    dialled: bool = False
    """A country may stand before it, and an extension behind."""


def spelled(phones: Iterable[str], documents: Iterable[str]) -> Stage:
    """A look that finds these numbers, whatever stands between their digits.

    Digits may be of any script, in circles, on keycaps or written as characters.
    """
    forms = {one.signs: one for number in documents for one in papers(number)}
    forms |= {one.signs: one for number in phones for one in dialled(number)}

    def spots(text: str) -> Iterable[Hidden]:
        turned = text.translate(COUNTED)
        there = [one for one in forms.values() if one.signs in turned]
        if not there:
            return ()
        kept, plain = places(text, COUNTED), plainly(text).upper()
        found = ((one, at) for one in there for at in occurrences(turned, one.signs, kept))
        return apart(spot for one, at in found for spot in hidden_at(plain, at, one))

    return spots


def papers(number: str) -> Iterator[Spelling]:
    """The number of a document (证件号码) as it is compared."""
    signs = code(number)
    if len(signs) >= SHORTEST and signs.isascii() and signs.isalnum():
        yield Spelling(signs, masked_id, signs)


def dialled(number: str) -> Iterator[Spelling]:
    """A telephone; a landline also as it is called from abroad, and from its own town."""
    national = normal_phone(number).partition("转")[0]
    digits = national.removeprefix("+")
    if len(digits) < SHORTEST:
        return
    yield Spelling(digits, masked_phone, national, dialled=True)
    if landline := _LANDLINE.fullmatch(digits):
        yield Spelling(digits[1:], masked_phone, national, dialled=True)
        yield Spelling(landline[1], masked_local, landline[1], dialled=True)


def masked_local(number: str) -> str:
    """****567: a telephone without its area."""
    return HIDDEN + number[-3:]


def hidden_at(plain: str, found: Found, form: Spelling) -> Iterator[Hidden]:
    """The spot of a number with all that belongs to it; none where it is a piece of another one."""
    if any(two - one > WIDEST or has_words(plain[one:two]) for one, two in found.gaps):
        return
    start, end, mask = found.start, found.end, form.masked(form.number)
    before = max(start - LOOK_BACK, 0)
    if form.dialled and (country := _COUNTRY.search(plain[before:start])):
        start = before + country.start()
    elif plain[start - 1 : start] == "(" and ")" in plain[start:end]:
        start -= 1
    if form.dialled and (extension := _EXTENSION.match(plain, end)):
        end, mask = extension.end(), mask + "转**"
    piece = _WENT_ON.search(plain[max(start - LOOK_BACK, 0) : start]) or _GOES_ON.match(plain, end)
    if len(form.signs) >= LONG or not piece:
        yield start, end, mask


def has_words(between: str) -> bool:
    """Whether there is more than marks, blanks and breaks."""
    return any(one.isalnum() for one in between)
