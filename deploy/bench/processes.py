"""What processes cost, as Linux counts it in /proc: CPU time and memory, children included."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")
KIB = 1024


@dataclass(frozen=True)
class Memory:
    """Bytes. PSS counts a shared page by the share of those who share it; RSS counts it whole."""

    rss: int = 0
    pss: int = 0

    def __add__(self, other: "Memory") -> "Memory":
        return Memory(self.rss + other.rss, self.pss + other.pss)


@dataclass(frozen=True)
class Stat:
    """One line of /proc/PID/stat, as far as we need it."""

    pid: int
    parent: int
    cpu: float
    """Seconds of its own and of its children that ended."""


def parse_stat(line: str) -> Stat:
    """Read /proc/PID/stat (proc(5)); the name in brackets may hold blanks and brackets."""
    head, _, rest = line.rpartition(")")
    fields = rest.split()
    ticks = sum(int(fields[place]) for place in (11, 12, 13, 14))
    return Stat(int(head.split(" ", 1)[0]), int(fields[1]), ticks / TICKS)


def parse_smaps(text: str) -> Memory:
    """Read /proc/PID/smaps_rollup."""
    sizes = {}
    for line in text.splitlines()[1:]:
        name, _, value = line.partition(":")
        sizes[name] = int(value.split()[0]) * KIB if value.endswith("kB") else 0
    return Memory(sizes.get("Rss", 0), sizes.get("Pss", 0))


def all_stats() -> list[Stat]:
    """Every process we can see; those that end meanwhile are left out."""
    found = []
    for place in PROC.iterdir():
        if place.name.isdigit():
            try:
                found.append(parse_stat((place / "stat").read_text()))
            except (OSError, ValueError):
                continue
    return found


def tree(root: int, stats: Iterable[Stat]) -> list[Stat]:
    """A process and all below it."""
    below: dict[int, list[Stat]] = {}
    own = []
    for stat in stats:
        below.setdefault(stat.parent, []).append(stat)
        if stat.pid == root:
            own.append(stat)
    for stat in own:
        own.extend(below.get(stat.pid, ()))
    return own


def cpu_of(pids: Mapping[str, int]) -> dict[str, float]:
    """CPU seconds so far of each named process and of all below it."""
    stats = all_stats()
    return {name: sum(one.cpu for one in tree(pid, stats)) for name, pid in pids.items()}


def spent(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    """CPU seconds between two looks."""
    return {name: max(0.0, after[name] - before.get(name, 0.0)) for name in after}


def memory_of(pids: Mapping[str, int]) -> dict[str, Memory]:
    """Memory now of each named process and of all below it."""
    stats = all_stats()
    return {
        name: sum((memory_of_one(one.pid) for one in tree(pid, stats)), Memory())
        for name, pid in pids.items()
    }


def memory_of_one(pid: int) -> Memory:
    try:
        return parse_smaps((PROC / str(pid) / "smaps_rollup").read_text())
    except OSError:
        return Memory()
