"""Thousands of notes at once, in parts that a statement can hold."""

from collections.abc import Sequence

from shared.trail import Noted
from shared.trail.noting import note_all
from shared.work import Work

AT_ONCE = 1000


async def note_in_parts(work: Work, noted: Sequence[Noted]) -> None:
    """Note all of it; chains are taken in one order, as `note_all` does by itself."""
    ordered = sorted(noted, key=lambda one: one.chain)
    for at in range(0, len(ordered), AT_ONCE):
        await note_all(work, ordered[at : at + AT_ONCE])
