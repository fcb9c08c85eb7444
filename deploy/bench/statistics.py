"""What a run of many requests comes to: rates, percentiles, errors, ratios."""

import math
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

REMEMBERED = 5
"""How many bodies of failed requests are kept to be shown."""


def percentile(ordered: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` (0..1) of an ordered sequence does not exceed.

    The nearest-rank percentile: always a value that was measured. NaN for an empty sequence.
    """
    if not ordered:
        return math.nan
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


@dataclass
class Tally:
    """What was measured of one kind of request. Times are seconds from a common zero."""

    started: "array[float]" = field(default_factory=lambda: array("d"))
    took: "array[float]" = field(default_factory=lambda: array("d"))
    statuses: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0
    """How long the whole run took."""
    own_cpu: float = 0.0
    """CPU seconds that the load generator itself used."""

    def note(self, started: float, took: float, status: int, body: bytes = b"") -> None:
        self.started.append(started)
        self.took.append(took)
        self.statuses[status] += 1
        if not 200 <= status < 300 and len(self.wrong) < REMEMBERED:  # noqa: PLR2004 - HTTP
            self.wrong.append(f"{status}: {body[:300].decode(errors='replace')}")

    @property
    def count(self) -> int:
        return len(self.took)

    @property
    def errors(self) -> int:
        fine = sum(n for status, n in self.statuses.items() if 200 <= status < 300)  # noqa: PLR2004
        return self.count - fine

    @property
    def rate(self) -> float:
        """Successful requests per second."""
        return (self.count - self.errors) / self.seconds if self.seconds else 0.0

    def quantile(self, share: float) -> float:
        """In milliseconds."""
        return percentile(sorted(self.took), share) * 1000

    def quantile_between(self, begin: float, end: float, share: float) -> float:
        """In milliseconds, of the requests that began within [begin, end)."""
        chosen = [t for s, t in zip(self.started, self.took, strict=True) if begin <= s < end]
        return percentile(sorted(chosen), share) * 1000


def ratio(part: float, whole: float) -> float:
    """`part / whole`; NaN where there is no whole."""
    return part / whole if whole else math.nan
