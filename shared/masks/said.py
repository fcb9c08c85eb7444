"""Names and addresses of people, found in a text however they are written there."""

from collections.abc import Callable, Collection, Iterable, Iterator

from shared.masks.signs import BLANKS, LETTERED, Found, occurrences, places
from shared.masks.spots import Hidden, Stage, apart

WIDEST = 3
"""Signs that may stand between two of one name: blanks, and what joins its parts."""
SHORT = 2
"""Characters: between those of a shorter name nothing stands but blanks."""
SHORTEST_WORD = 4
"""Letters: a shorter name in other case or with blanks is a word, as May and Do are."""
ALPHABETS = 0x2E80
"""Signs below are letters, whose words stand apart; Chinese characters are above."""


def said(secrets: Collection[str], mask: Callable[[str], str]) -> Stage:
    """A look that finds these wherever they stand, as they were typed even within a word.

    Blanks, case, width, accents and middle dots do not count; a single character is no secret.
    """
    forms = [(one, form) for one in secrets if len(form := one.translate(LETTERED)) > 1]

    def spots(text: str) -> Iterable[Hidden]:
        turned = text.translate(LETTERED)
        there = [one for one in forms if one[1] in turned]
        if not there:
            return ()
        kept = places(text, LETTERED)
        return apart(
            (*spot, mask(secret))
            for secret, form in there
            for spot in spoken(text, core(secret), occurrences(turned, form, kept))
        )

    return spots


def core(secret: str) -> str:
    """A secret without the marks around it."""
    kept = places(secret, LETTERED)
    return secret[kept[0] : kept[-1] + 1] if kept else ""


def spoken(text: str, typed: str, found: Iterable[Found]) -> Iterator[tuple[int, int]]:
    """Where in a text these are the secret, and no other words that have its letters."""
    for start, end, gaps in found:
        as_typed = text[start:end] == typed
        if as_typed or (joined(text, gaps, end - start) and stands_alone(text, start, end)):
            yield start, end


def joined(text: str, gaps: Collection[tuple[int, int]], length: int) -> bool:
    """Whether what stands between the signs of a name does not part them."""
    signs = length - sum(two - one for one, two in gaps)
    if any(two - one > WIDEST for one, two in gaps):
        return False
    return signs > SHORT or all(
        sign == " " or sign in BLANKS for one, two in gaps for sign in text[one:two]
    )


def stands_alone(text: str, start: int, end: int) -> bool:
    """Whether letters go on neither before nor behind; a short word is no name."""
    if end - start < SHORTEST_WORD and all(map(is_letter, text[start:end])):
        return False
    before = is_letter(text[start]) and start > 0 and is_letter(text[start - 1])
    behind = is_letter(text[end - 1]) and end < len(text) and is_letter(text[end])
    return not before and not behind


def is_letter(sign: str) -> bool:
    """A letter or digit of a script whose words stand apart."""
    return sign.isalnum() and ord(sign) < ALPHABETS
