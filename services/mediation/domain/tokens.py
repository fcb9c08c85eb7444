"""Words as they are searched: normal form, two-character grams, and keyed tokens for them.

A text is a row of runs: what stands between blanks and punctuation. Chinese has no blanks between
its words, so every pair of neighbours in a run is a gram, whatever the script; a word may be found
where each of its grams is. What is found only whole, such as a name or a telephone number, has one
token for all of it: pairs of its digits would give it away. All of this finds candidates: only the
opened text says whether one is a hit.
"""

import hmac
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from itertools import chain, combinations

BITS = 24
"""Of a token: four bytes hold it, with room for markers below zero. A complaint has some 150 grams,
so of a million complaints a search opens about ten in vain; and each of the 16.7 million values
stands for more than a thousand of the pairs that Unicode can write, so that no token alone proves
which pair it was."""
SHORTEST = 2
"""Characters of a word that can be searched."""
MOST_GRAMS = 40
"""Of one search: with so many, more of them rule out nothing."""
MOST_WHOLE = 2
"""Words of one search that may be known whole, such as a name and its number."""
MOST_DOUBTED = 8
"""Words of one search of which that is asked at all."""
WHOLE = " "
"""Before what has one token for all of it: no gram has a blank in it."""

_BORDERS = frozenset({"Zs", "Zl", "Zp", "Cc", "Cs", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po"})
_SELECTORS = (range(0x180B, 0x1810), range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
"""Variation selectors: which form of a character is drawn, not which character it is."""


def normal(text: str) -> str:
    """The runs of a text in normal form, one blank between two.

    Compatibility forms are folded (NFKC, Unicode Annex 15), case does not count, what cannot be
    seen is not there. Emoji, rare characters and those of private use are characters like others.
    """
    known = folded("".join(map(_seen, folded(text))))
    return " ".join("".join(map(_in_a_run, known)).split())


def folded(text: str) -> str:
    """Case and compatibility forms folded, until nothing changes any more."""
    once = unicodedata.normalize("NFKC", text).casefold()
    return once if once == text else folded(once)


@lru_cache(maxsize=8192)
def _seen(character: str) -> str:
    """The character, or nothing where it is a format character or a variation selector."""
    unseen = unicodedata.category(character) == "Cf"
    return "" if unseen or any(ord(character) in one for one in _SELECTORS) else character


@lru_cache(maxsize=8192)
def _in_a_run(character: str) -> str:
    """The character, or a blank where it stands between runs."""
    return " " if unicodedata.category(character) in _BORDERS else character


def words_in(typed: str) -> list[str]:
    """The words that somebody looks for, each once, in their order."""
    return list(dict.fromkeys(normal(typed).split()))


def searchable(words: Iterable[str]) -> list[str]:
    """Those of them that are long enough to be found by their grams."""
    return [word for word in words if len(word) >= SHORTEST]


def grams(words: Iterable[str]) -> set[str]:
    """Every pair of neighbouring characters in these words; a word of one character has none."""
    return {word[at : at + 2] for word in words for at in range(len(word) - 1)}


def holds(words: Iterable[str], text: str, whole: Collection[str]) -> bool:
    """Whether each word stands somewhere in the text, or is one of the things known whole."""
    return all(word in text or word in whole for word in words)


@lru_cache(maxsize=32768)
def token(key: bytes, gram: str) -> int:
    """The keyed token of a gram, from 0 to 2^24 - 1: an HMAC-SHA-256, cut short."""
    return int.from_bytes(hmac.digest(key, gram.encode(), "sha256")[: BITS // 8], "big")


def tokens_for(key: bytes, words: Iterable[str], whole: Iterable[str] = ()) -> list[int]:
    """The tokens of these words, and of what is known whole, each once, sorted.

    Nothing tells their order or number, nor which are of which.
    """
    made = chain(grams(words), (WHOLE + one for one in whole))
    return sorted({token(key, one) for one in made})


def ways_asked(key: bytes, words: Sequence[str]) -> list[list[int]]:
    """The tokens by which candidates for these words are found: all those of one way, or another.

    A word may stand in the text, and is found by its grams; or it is one of the things known whole.
    """
    doubted = words[:MOST_DOUBTED]
    picks = (combinations(doubted, count) for count in range(min(MOST_WHOLE, len(words)) + 1))
    return [way(key, words, whole) for whole in chain(*picks)] if words else []


def way(key: bytes, words: Iterable[str], whole: Collection[str]) -> list[int]:
    """The tokens of one way: some words known whole, the others in the text."""
    known = sorted(token(key, WHOLE + one) for one in whole)
    return [*known, *tokens_for(key, (one for one in words if one not in whole))][:MOST_GRAMS]
