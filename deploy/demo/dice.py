"""Chance for stories: quick, the same for the same seed, and good for nothing else."""

from random import Random
from typing import Any


class Dice(Random):
    """`randrange` and `choice` from one float each: a story needs forty of them."""

    def randrange(self, start: int, stop: int | None = None, step: int = 1) -> int:
        """As `Random.randrange`, for steps of one."""
        low, high = (0, start) if stop is None else (start, stop)
        return low + step * int(self.random() * ((high - low) // step))

    def choice(self, seq: Any) -> Any:
        """As `Random.choice`."""
        return seq[int(self.random() * len(seq))]
