"""Spots of a text, and what stands there instead."""

from collections.abc import Callable, Iterable

Hidden = tuple[int, int, str]
"""From where to where, and what stands there instead."""
Stage = Callable[[str], Iterable[Hidden]]
"""What one look at a text finds in it; the next one looks at what that one left."""


def replaced(text: str, spots: Iterable[Hidden]) -> str:
    """The text with these spots replaced, which are in their order and apart."""
    done, parts = 0, []
    for start, end, mask in spots:
        parts += [text[done:start], mask]
        done = end
    return "".join([*parts, text[done:]])


def apart(spots: Iterable[Hidden]) -> list[Hidden]:
    """The spots in their order; those that overlap are one, with the mask of the longest."""
    kept: list[Hidden] = []
    longest = 0
    for start, end, mask in sorted(spots):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end, mask))
            longest = end - start
            continue
        first, last, shown = kept[-1]
        if end - start > longest:
            longest, shown = end - start, mask
        kept[-1] = (first, max(last, end), shown)
    return kept
