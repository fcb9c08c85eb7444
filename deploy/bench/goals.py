"""The goals, and whether a run met them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from deploy.bench.markdown import figure, percent, table


@dataclass(frozen=True)
class Goal:
    """One goal with its figure. A figure that was not taken is NaN, and says so."""

    name: str
    figure: float
    wanted: float
    side: Literal["at least", "below"] = "at least"
    unit: Literal["%", "ms", "/s", "MiB", "s", "times", "errors"] = "%"

    @property
    def taken(self) -> bool:
        return not math.isnan(self.figure)

    @property
    def met(self) -> bool:
        """Whether the figure is on the right side; one that was not taken is not."""
        if self.side == "at least":
            return self.figure >= self.wanted
        return self.figure < self.wanted

    @property
    def verdict(self) -> str:
        if not self.taken:
            return "not taken"
        return "met" if self.met else f"**missed** by {self.missed_by}"

    @property
    def missed_by(self) -> str:
        """How far away, as a share of the goal where it has a size."""
        away = abs(self.figure - self.wanted)
        return percent(away / self.wanted) if self.wanted and math.isfinite(away) else figure(away)

    def words(self, value: float) -> str:
        return percent(value) if self.unit == "%" else f"{figure(value)} {self.unit}"


def goals_table(goals: Sequence[Goal]) -> str:
    rows = [
        (one.name, f"{one.side} {one.words(one.wanted)}", one.words(one.figure), one.verdict)
        for one in goals
    ]
    return table(("goal", "wanted", "measured", ""), rows)
