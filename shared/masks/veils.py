"""A text as it is shown, with what lies behind each mask: an edit of it is one of the whole."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import NamedTuple

from shared.masks.signs import STARS
from shared.masks.spots import Hidden

STAR = re.compile(f"[{STARS}]")
_MARKS = r"\s，。、；：！？,.;:!?"
PIECES = re.compile(rf"[{STARS}]|[^{STARS}{_MARKS}]+|[{_MARKS}]")
"""Words are compared as they stand between two marks: letter by letter takes seconds."""

MOST_PAIRS = 1_000_000
"""Equal pieces before and after an edit: comparing more takes seconds."""


class StarsError(ValueError):
    """Stars that hide nothing that is known, or nobody could say what."""


class Veil(NamedTuple):
    """A mask within a shown text."""

    start: int
    end: int
    behind: str


class Sign(NamedTuple):
    """A piece of a shown text: a mask, or some words."""

    shown: str
    behind: str


@dataclass(frozen=True)
class Veiled:
    """A shown text; its veils in order, none within another."""

    shown: str
    veils: tuple[Veil, ...] = field(default=(), repr=False)

    def hide(self, spots: Iterable[Hidden]) -> "Veiled":
        """With these spots of the shown text hidden, too."""
        made = self
        for spot in sorted(spots, reverse=True):
            made = made.hide_one(*spot)
        return made

    def hide_one(self, start: int, end: int, mask: str) -> "Veiled":
        """With one spot hidden; veils that it touches become one with it."""
        if self.shown[start:end] == mask:
            return self
        touched = [one for one in self.veils if one.start < end and start < one.end]
        low, high = start, end
        if touched:
            low, high = min(start, touched[0].start), max(end, touched[-1].end)
        piece = self.shown[low:start] + mask + self.shown[end:high]
        grown = len(piece) - (high - low)
        before = [one for one in self.veils if one.end <= low]
        after = [
            Veil(one.start + grown, one.end + grown, one.behind)
            for one in self.veils
            if one.start >= high
        ]
        veil = Veil(low, low + len(piece), self.behind(low, high))
        text = self.shown[:low] + piece + self.shown[high:]
        return Veiled(text, (*before, veil, *after))

    def behind(self, start: int, end: int) -> str:
        """What lies behind a stretch of the shown text that cuts through no veil."""
        done, parts = start, []
        for one in self.veils:
            if start <= one.start and one.end <= end:
                parts += [self.shown[done : one.start], one.behind]
                done = one.end
        return "".join([*parts, self.shown[done:end]])

    def edited(self, typed: str) -> str:
        """What was typed over the shown text, with what lies behind each mask that stands still.

        Raises StarsError where a star is neither such a mask nor stood there before.
        """
        if not STAR.search(typed):
            return typed
        if typed == self.shown:
            return self.behind(0, len(typed))
        masks = {self.shown[one.start : one.end] for one in self.veils}
        signs, edited = list(self.signs(masks)), cut(typed, masks)
        refuse_unclear(signs, edited)
        places = aligned([one.shown for one in signs], edited)
        put_back = [
            new if at is None else signs[at].behind for new, at in zip(edited, places, strict=True)
        ]
        if any(at is None and STAR.search(new) for new, at in zip(edited, places, strict=True)):
            raise StarsError
        return "".join(put_back)

    def signs(self, masks: Collection[str]) -> Iterator[Sign]:
        """The shown text in pieces, each with what lies behind it."""
        done = 0
        for start, end, behind in self.veils:
            yield from (Sign(one, one) for one in cut(self.shown[done:start], masks))
            yield Sign(self.shown[start:end], behind)
            done = end
        yield from (Sign(one, one) for one in cut(self.shown[done:], masks))


def cut(text: str, masks: Collection[str]) -> list[str]:
    """A text in pieces: these masks, stars, words between two marks, and those marks."""
    if not masks:
        return PIECES.findall(text)
    longest_first = sorted(masks, key=len, reverse=True)
    parts = re.split(f"({'|'.join(map(re.escape, longest_first))})", text)
    return [one for part in parts for one in ([part] if part in masks else PIECES.findall(part))]


def refuse_unclear(signs: Sequence[Sign], edited: Sequence[str]) -> None:
    """One mask that stands for several: each of them must still be there, or none is to be told.

    Raises StarsError.
    """
    before, now = Counter(one.shown for one in signs), Counter(edited)
    several = Counter(shown for shown, _ in set(signs))
    if any(
        now[shown] and now[shown] != before[shown] for shown, meant in several.items() if meant > 1
    ):
        raise StarsError


def aligned(old: Sequence[str], new: Sequence[str]) -> list[int | None]:
    """For each of the new, which of the old it is; None where it is none of them.

    Raises StarsError where the same few marks stand so often that nobody could say.
    """
    first = next(
        (at for at, (one, two) in enumerate(zip(old, new, strict=False)) if one != two),
        min(len(old), len(new)),
    )
    last = 0
    while last < min(len(old), len(new)) - first and old[-1 - last] == new[-1 - last]:
        last += 1
    found: list[int | None] = [*range(first), *[None] * (len(new) - first)]
    for at in range(last):
        found[-1 - at] = len(old) - 1 - at
    left, right = old[first : len(old) - last], new[first : len(new) - last]
    often = Counter(left)
    if sum(often[one] for one in right) > MOST_PAIRS:
        raise StarsError
    middle = SequenceMatcher(None, left, right, autojunk=False)
    for one in middle.get_matching_blocks():
        for at in range(one.size):
            found[first + one.b + at] = first + one.a + at
    return found
