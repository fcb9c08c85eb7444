"""One run: what is asked for, and what is shown while it goes on."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from deploy.bench.load import Told
from deploy.bench.processes import cpu_of, memory_of, spent
from deploy.bench.statistics import Tally

PARTS = "abcdefg"


SMALL = 10_000
"""Complaints: what everything else makes is more, so this size comes first."""


@dataclass(frozen=True)
class Plan:
    """What is asked for."""

    complaints: int
    parts: frozenset[str]
    seconds: float
    """How long each figure is taken."""
    folder: Path
    port: int

    @property
    def sizes(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """How many complaints are there when lifecycles are measured: before all else, after it."""
        small = min(SMALL, self.complaints)
        return (small,), (self.complaints,) if self.complaints > small else ()


@dataclass
class Cost:
    """What something cost besides time: CPU seconds by process, and the most memory seen."""

    cpu: Mapping[str, float] = field(default_factory=dict)
    rss: dict[str, int] = field(default_factory=dict)
    pss: dict[str, int] = field(default_factory=dict)

    def per(self, count: int) -> dict[str, float]:
        """CPU milliseconds for each of so many."""
        return {name: seconds * 1000 / count for name, seconds in self.cpu.items()} if count else {}


@dataclass(frozen=True)
class Figure:
    """One figure: what was measured, by how many clients, and what it cost."""

    name: str
    clients: int
    tally: Tally
    cost: Cost = field(default_factory=Cost)


@dataclass(frozen=True)
class Run:
    """A plan that is carried out."""

    plan: Plan
    shown: Progress

    def told(self, title: str) -> Told:
        """A bar of its own."""
        if not self.shown.console.is_terminal:
            self.say(title)
        task = self.shown.add_task(title, total=1.0)
        return lambda share: self.shown.update(task, completed=share)

    def say(self, line: str) -> None:
        self.shown.console.print(line, markup=False, highlight=False)

    def wants(self, part: str) -> bool:
        return part in self.plan.parts


@contextmanager
def running(plan: Plan) -> Iterator[Run]:
    """A run with its bars on stderr."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as shown:
        yield Run(plan, shown)


@contextmanager
def costing(pids: Mapping[str, int]) -> Iterator[Cost]:
    """Count CPU time of these processes; look at their memory when it is over."""
    cost, before = Cost(), cpu_of(pids)
    yield cost
    cost.cpu = spent(before, cpu_of(pids))
    note_memory(cost, pids)


def note_memory(cost: Cost, pids: Mapping[str, int]) -> None:
    for name, memory in memory_of(pids).items():
        cost.rss[name] = max(cost.rss.get(name, 0), memory.rss)
        cost.pss[name] = max(cost.pss.get(name, 0), memory.pss)
