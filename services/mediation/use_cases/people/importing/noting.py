"""Thousands of notes, in parts: a statement can hold them, and whoever waits is told of each."""

from collections.abc import Callable, Sequence

from shared.trail import Chain, Noted
from shared.trail.noting import note_all
from shared.work import Work

AT_ONCE = 100
"""Chains of one part; a person has a note for each of their roles."""


async def note_in_parts(work: Work, noted: Sequence[Noted], went: Callable[[int], None]) -> None:
    """Note all of it; chains are taken in one order, as `note_all` does by itself.

    `went` hears after each part in how many chains everything is noted.
    """
    of_chain: dict[Chain, list[Noted]] = {}
    for one in noted:
        of_chain.setdefault(one.chain, []).append(one)
    ordered = sorted(of_chain)
    for at in range(0, len(ordered), AT_ONCE):
        part = ordered[at : at + AT_ONCE]
        await note_all(work, [one for chain in part for one in of_chain[chain]])
        went(at + len(part))
