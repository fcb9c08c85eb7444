"""How often one caller may come: token buckets in memory."""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil
from time import monotonic

MOST_CALLERS = 50_000
"""Above this the buckets that have refilled are forgotten, and then the oldest."""


@dataclass(frozen=True)
class Rate:
    """`burst` at once, then `per_second`."""

    per_second: float
    burst: float


@dataclass
class Buckets:
    """One bucket per caller and purpose. Time comes from outside, so tests need not wait."""

    ticks: Callable[[], float] = monotonic
    _left: dict[str, tuple[float, float]] = field(default_factory=dict)

    def until(self, caller: str, rate: Rate) -> int:
        """The whole seconds until there is a token; 0 if there is one. None is taken."""
        left = self._now(caller, rate, self.ticks())
        return 0 if left >= 1 else ceil((1 - left) / rate.per_second)

    def wait(self, caller: str, rate: Rate) -> int:
        """Take one token: 0 if there was one, else the whole seconds until there is."""
        now = self.ticks()
        left = self._now(caller, rate, now)
        if left < 1:
            self._left[caller] = (left, now)
            return ceil((1 - left) / rate.per_second)
        if len(self._left) >= MOST_CALLERS and caller not in self._left:
            self._forget(now)
        self._left[caller] = (left - 1, now)
        return 0

    def _now(self, caller: str, rate: Rate, now: float) -> float:
        """How many tokens there are by now."""
        left, last = self._left.get(caller, (rate.burst, now))
        return min(rate.burst, left + (now - last) * rate.per_second)

    def _forget(self, now: float) -> None:
        """Drop the half that came longest ago; for them the limit starts afresh."""
        oldest = sorted(self._left, key=lambda caller: self._left[caller][1])
        for caller in oldest[: MOST_CALLERS // 2]:
            del self._left[caller]

    def __len__(self) -> int:
        return len(self._left)
