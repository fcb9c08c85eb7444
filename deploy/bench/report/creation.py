"""(a) What the report says of creating complaints, until all is settled."""

from collections.abc import Iterator

from deploy.bench.markdown import figure, percent, table
from deploy.bench.report.tables import cpu_table
from deploy.bench.results import Results, at, rate_of
from deploy.bench.run import Figure


def creating(results: Results) -> Iterator[str]:
    figures = [*results.ceiling, *results.direct, *results.front]
    if not figures:
        return
    yield "## (a) Create"
    yield (
        "`ceiling`: the same route, model and outer layer with an answer from memory, nothing else "
        "running. `intake`: the service itself; `front`: through nginx; all services running. "
        "Every request has an `Idempotency-Key` of its own."
    )
    titles = ("", "clients", "per s", "of the ceiling", "p50 ms", "p99 ms", "errors", "client CPU")
    yield table(titles, [created(results, one) for one in figures])
    if results.raw:
        yield "pgbench with the same rows (complaint and event, one transaction each):"
        rows = [
            (
                *(str(clients), figure(one.per_second), figure(one.quantile(0.5))),
                *(figure(one.quantile(0.99)), percent(share_of_raw(results, clients))),
            )
            for clients, one in results.raw.items()
        ]
        yield table(("clients", "per s", "p50 ms", "p99 ms", "intake reaches of it"), rows)
    if results.bulk:
        share = percent(results.of_ceiling(results.bulk_rate))
        yield f"Bulk create: {figure(results.bulk_rate)} complaints/s, {share} of the ceiling."
    yield "CPU milliseconds per complaint:"
    yield cpu_table([(f"{one.name} {one.clients}", one.cost, one.tally.count) for one in figures])


def created(results: Results, one: Figure) -> tuple[str, ...]:
    tally = one.tally
    return (
        *(one.name, str(one.clients), figure(tally.rate)),
        percent(results.of_ceiling(tally.rate, one.clients)),
        *(figure(tally.quantile(0.5)), figure(tally.quantile(0.99)), str(tally.errors)),
        percent(tally.own_cpu / tally.seconds),
    )


def share_of_raw(results: Results, clients: int) -> float:
    return rate_of(at(results.direct, clients)) / results.raw[clients].per_second


def settling(results: Results) -> Iterator[str]:
    one = results.settled
    if one is None:
        return
    yield "### Settled"
    yield (
        f"{one.count:,} complaints from 32 clients, each with its case and its dashboard row "
        f"after {one.seconds:.1f} s: **{figure(one.rate)} per second**, "
        f"{percent(results.of_ceiling(one.rate))} of the ceiling; the last row came "
        f"{one.lag:.2f} s after the last answer; {one.tally.errors} errors."
    )
    yield cpu_table([("CPU ms per complaint", one.cost, one.count)])
