"""What verification finds, and how far it is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.trail.chain import Break

MOST_BREAKS = 100
"""More broken chains than that are not listed; one is enough to ask what happened."""
Progress = Callable[[int], None]
"""Told how many rows were looked at, once more."""


def nobody_watches(_: int) -> None:
    """Progress nobody looks at."""


@dataclass
class Findings:
    """What was looked at in one service, and what is wrong with it."""

    chains: int = 0
    rows: int = 0
    checkpoints: int = 0
    since: datetime | None = field(default=None, compare=False)
    """When the first checkpoint was set. A day that is too late tells that everything was deleted
    and begun anew, which nothing else in the database can tell."""
    breaks: list[dict[str, Any]] = field(default_factory=list)
    """Each names its log, chain, row and reason (see `Break`)."""

    def broken(self, log: str, chain: str, found: Break) -> None:
        if len(self.breaks) < MOST_BREAKS:
            place = {"log": log, "chain": chain, "seq": found.seq, "why": found.why}
            self.breaks.append(place)
