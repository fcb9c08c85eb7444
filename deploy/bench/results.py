"""All figures of one run, and the goals they are held against."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from deploy.bench.embedded import Embedded
from deploy.bench.goals import Goal
from deploy.bench.importing import Imported
from deploy.bench.letters import Forwarded
from deploy.bench.lifecycles import Bursts, Lived, old_p95_is_back
from deploy.bench.pgbench import Result
from deploy.bench.protecting import Protected
from deploy.bench.run import Cost, Figure
from deploy.bench.searching import Searching, goals_of_searching
from deploy.bench.settling import Settled
from deploy.bench.statistics import ratio

NOT_TAKEN = math.nan
REFERENCE = 32
"""Lifecycles and bulk are held against the ceiling at so many clients: its highest rate."""
MIB = 2**20


Note = Callable[["Results"], None]


def nobody(_: "Results") -> None: ...


@dataclass
class Results:
    """What was taken; the rest stays empty."""

    note: Note = nobody
    """Told after each part what is known by then."""
    versions: dict[str, str] = field(default_factory=dict)
    """Of what the run was made with."""
    ceiling: list[Figure] = field(default_factory=list)
    direct: list[Figure] = field(default_factory=list)
    front: list[Figure] = field(default_factory=list)
    raw: dict[int, Result] = field(default_factory=dict)
    settled: Settled | None = None
    bulk: Figure | None = None
    bulk_rate: float = NOT_TAKEN
    """Complaints per second that were created through the batch address."""
    lived: list[Lived] = field(default_factory=list)
    bursts: list[Bursts] = field(default_factory=list)
    forwarded: Forwarded | None = None
    imported: Imported | None = None
    idle: Cost | None = None
    loaded: Cost | None = None
    embedded: Embedded | None = None
    protected: Protected | None = None
    searching: Searching | None = None
    failed: dict[str, str] = field(default_factory=dict)
    """Parts that could not be measured to their end, and why."""
    preloaded: dict[int, float] = field(default_factory=dict)
    """How many complaints `redress demo` made, and the seconds it took."""
    rested: dict[int, float] = field(default_factory=dict)
    """How many seconds after that nothing waited any more."""
    buried: int | None = None
    """Events that were set aside by the end of the run."""

    def ceiling_at(self, clients: int) -> Figure | None:
        return at(self.ceiling, clients)

    def ceiling_rate(self, clients: int = REFERENCE) -> float:
        return rate_of(self.ceiling_at(clients))

    def of_ceiling(self, rate: float, clients: int = REFERENCE) -> float:
        return ratio(rate, self.ceiling_rate(clients))

    def goals(self) -> list[Goal]:
        """The first goals, as ratios to the ceiling of the same run."""
        return [*self._creating(), *self._living(), *self._bursting(), *self._others()]

    def _creating(self) -> list[Goal]:
        made = []
        for clients, wanted in ((8, 0.35), (32, 0.50)):
            share = self.of_ceiling(rate_of(at(self.direct, clients)), clients)
            made.append(Goal(f"create, {clients} clients, of the ceiling", share, wanted))
        for clients in (8, 32):
            times = ratio(
                quantile_of(at(self.direct, clients)), quantile_of(self.ceiling_at(clients))
            )
            name = f"create, {clients} clients, p99 to the ceiling's"
            made.append(Goal(name, times, 10, "below", "times"))
        settled = self.of_ceiling(self.settled.rate) if self.settled else NOT_TAKEN
        made.append(Goal("settled, 32 clients, of the ceiling", settled, 0.20))
        made.append(Goal("bulk create, of the ceiling", self.of_ceiling(self.bulk_rate), 1.25))
        return made

    def _living(self) -> list[Goal]:
        """At the largest size that was measured, and against the smallest."""
        if not self.lived:
            return [Goal("lifecycles, of the ceiling", NOT_TAKEN, 0.015)]
        small, large = self.lived[0], self.lived[-1]
        name = f"lifecycles at {large.complaints:,}"
        share = self.of_ceiling(large.tally.rate)
        kept = ratio(large.tally.rate, small.tally.rate) if large is not small else NOT_TAKEN
        return [
            Goal(f"{name}, of the ceiling", share, 0.015),
            Goal(f"{name}, of the rate at {small.complaints:,}", kept, 0.80),
        ]

    def _bursting(self) -> list[Goal]:
        made = []
        for one in self.bursts:
            name = f"bursts x {one.factor:g} at {one.complaints:,}"
            wrong = float(one.tally.errors)
            made.append(Goal(f"{name}, errors", wrong, 0.5, "below", "errors"))
            if one.factor == 1:
                p95 = one.work.requests.quantile(0.95)
                made.append(Goal(f"{name}, p95 of requests", p95, 500, "below", "ms"))
            else:
                back = float(old_p95_is_back(one.stretches))
                made.append(Goal(f"{name}, old p95 10 s after each burst", back, 1.0))
        return made

    def _others(self) -> list[Goal]:
        letters = self.forwarded.letters.quantile(0.99) if self.forwarded else NOT_TAKEN
        if self.forwarded and self.forwarded.missing:
            letters = math.inf
        rows = self.imported.rate if self.imported else NOT_TAKEN
        highest = self.embedded.highest / MIB if self.embedded else NOT_TAKEN
        return [
            Goal("forward to letter at 50/s, p99", letters, 1000, "below", "ms"),
            Goal("import", rows, 2000, unit="/s"),
            Goal("embedded under load, highest RSS", highest, 250, "below", "MiB"),
            *self._protecting(),
            *(
                self.searching.goals
                if self.searching
                else goals_of_searching(0, NOT_TAKEN, NOT_TAKEN)
            ),
        ]

    def _protecting(self) -> list[Goal]:
        """What encryption and masks take of the throughput."""
        found = self.protected
        creating = found.creates.cost if found else NOT_TAKEN
        living = found.lifecycles.cost if found else NOT_TAKEN
        return [
            Goal("encryption and masks, of create", creating, 0.15, "below"),
            Goal("encryption and masks, of lifecycles", living, 0.15, "below"),
        ]


def at(figures: list[Figure], clients: int) -> Figure | None:
    return next((one for one in figures if one.clients == clients), None)


def rate_of(figure: Figure | None) -> float:
    return figure.tally.rate if figure else NOT_TAKEN


def quantile_of(figure: Figure | None, share: float = 0.99) -> float:
    return figure.tally.quantile(share) if figure else NOT_TAKEN
