"""Tables that several parts of the report have."""

from collections.abc import Mapping

from deploy.bench.markdown import figure, table
from deploy.bench.run import Cost
from deploy.bench.statistics import Tally

QUANTILES = (0.5, 0.95, 0.99)


def cpu_table(figures: list[tuple[str, Cost, int]]) -> str:
    names = list(dict.fromkeys(name for _, cost, _ in figures for name in cost.cpu))
    rows = [
        (title, *(figure(cost.per(count)[n]) if n in cost.cpu else "" for n in names))
        for title, cost, count in figures
    ]
    return table(("", *names), rows)


def tallies(named: Mapping[str, Tally]) -> str:
    rows = [
        (name, str(one.count), *(figure(one.quantile(share)) for share in QUANTILES))
        for name, one in named.items()
    ]
    return table(("", "count", "p50", "p95", "p99"), rows)
