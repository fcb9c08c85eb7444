"""(b) What the report says of whole lifecycles, steady and in bursts."""

from collections.abc import Iterator

from deploy.bench.lifecycles import BURST_SECONDS, Bursts, Lived
from deploy.bench.markdown import figure, percent, table
from deploy.bench.report.tables import QUANTILES, cpu_table, tallies
from deploy.bench.results import Results
from deploy.bench.statistics import Tally


def living(results: Results) -> Iterator[str]:
    if not results.lived:
        return
    yield "## (b) Lifecycles: create, accept, agree, close, search"
    yield f"50 clients, closed loop, services called directly. Preloaded: {preloaded(results)}."
    rows = [lifecycle(results, one) for one in results.lived]
    titles = ("complaints", "lifecycles/s", "of the ceiling", "p50 ms", "p95 ms", "p99 ms")
    yield table((*titles, "errors"), rows)
    for one in results.lived:
        yield f"By step at {one.complaints:,}, ms:"
        yield tallies({**one.work.by_step, "until the case is open": one.work.opening})
    for one in results.lived:
        yield from what_failed(one.work.requests)
    yield "CPU milliseconds per lifecycle:"
    yield cpu_table([(f"{one.complaints:,}", one.cost, one.tally.count) for one in results.lived])


def preloaded(results: Results) -> str:
    made = [
        f"{count:,} in {seconds:.0f} s, settled {results.rested.get(count, 0.0):.0f} s later"
        for count, seconds in results.preloaded.items()
    ]
    return "; ".join(made) or "nothing"


def lifecycle(results: Results, one: Lived) -> tuple[str, ...]:
    return (
        *(f"{one.complaints:,}", figure(one.tally.rate)),
        percent(results.of_ceiling(one.tally.rate)),
        *(figure(one.tally.quantile(share)) for share in QUANTILES),
        str(one.tally.errors),
    )


def bursting(results: Results) -> Iterator[str]:
    for one in results.bursts:
        yield f"### Bursts x {one.factor:g} at {one.complaints:,} complaints"
        yield (
            f"Open loop, {BURST_SECONDS:g} s each; {one.tally.count} lifecycles, "
            f"{one.tally.errors} failed; {one.work.requests.count} requests, "
            f"{one.work.requests.errors} errors, p95 "
            f"{figure(one.work.requests.quantile(0.95))} ms; whole lifecycles p95 "
            f"{figure(one.tally.quantile(0.95))} ms."
        )
        yield stretches(one)
        yield from what_failed(one.work.requests)


def what_failed(tally: Tally) -> Iterator[str]:
    """The first answers that were no success."""
    for said in tally.wrong:
        yield f"- {said}"


def stretches(one: Bursts) -> str:
    titles = ("lifecycles/s", "requests", "p50 ms", "p95 ms", "p95 after 10 s")
    rows = [
        (
            *(figure(s.per_second), str(s.requests)),
            *(figure(s.p50), figure(s.p95), figure(s.settled_p95)),
        )
        for s in one.stretches
    ]
    return table(titles, rows)
