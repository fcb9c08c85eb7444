"""Which numbers are asked for at once on PostgreSQL: as many as the word is rare.

Each row of tokens has one more for its stretch of 2^14 numbers: below zero, no secret. With it the
newest stretch alone is asked, so that a word that stands everywhere is found at once and the
planner of queries never has to guess how common a word is.
"""

import math
from dataclasses import dataclass

STRETCH = 14
WIDEST = 32
"""So many stretches are asked at once, or all that are left."""
SPARE = 1.25
"""So much more is asked than should be enough: words are not spread evenly."""


@dataclass(frozen=True)
class Span:
    """Which numbers are asked at once."""

    below: int
    least: int = 0
    stretches: tuple[int, ...] = ()
    """Their tokens; none where all numbers below are asked."""


def newest(below: int) -> Span:
    """The newest numbers below one: a stretch."""
    return stretched(below, 1)


def following(span: Span, share: float, wanted: int) -> Span | None:
    """Those below a span, so many that about so many are found among them; None at the end.

    `share` of the numbers so far was found.
    """
    if span.least == 0:
        return None
    needed = SPARE * wanted / share
    if needed >= span.least:
        return Span(span.least)
    return stretched(span.least, min(math.ceil(needed / (1 << STRETCH)), WIDEST))


def stretched(below: int, width: int) -> Span:
    """The numbers below one, in this stretch and those before it."""
    last = max(below - 1, 0) >> STRETCH
    first = max(last - width + 1, 0)
    return Span(below, first << STRETCH, tuple(-1 - one for one in range(first, last + 1)))


def stretch_of(number: int) -> int:
    """The token of the stretch that a number is in."""
    return -1 - (number >> STRETCH)
